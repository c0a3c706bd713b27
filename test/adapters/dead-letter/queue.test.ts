import { once } from 'node:events'
import { Miniflare, Response } from 'miniflare'
import type { Request } from 'miniflare'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventRow } from '../../../src/event/row.ts'
import { letter, letters } from '../../conformance/dead-letter.ts'
import type { DeadLetterBackend } from '../../conformance/dead-letter.ts'
import { queueBackend, startWorkerd } from './workerd.ts'
import { bundled } from '../../support/bundle.ts'

/** The n-th letter with a record of exactly so many bytes. */
const sized = (n: number, bytes: number): EventRow =>
  letter(n, 'x'.repeat(bytes - letter(n, '').record.length))

describe('queue dead letter', () => {
  let backend: DeadLetterBackend
  beforeAll(async () => {
    backend = await queueBackend()
  })
  afterAll(() => backend.close?.())

  const putAndDrain = async (rows: readonly EventRow[]): Promise<readonly string[]> => {
    const { letters: kept } = await backend.open()
    await kept.put(rows)
    const drained: string[] = []
    await kept.drain(async (portion) => {
      drained.push(...portion.map(({ record }) => record))
    })
    return drained.toSorted()
  }

  it.each([
    ['more messages than a batch takes', letters(301)],
    ['more bytes than a batch takes', [0, 1, 2, 3, 4].map((n) => sized(n, 100_000))],
    ['the largest message', [sized(0, 127_900)]],
    ['letters whose bytes outnumber their characters', [letter(0, 'ü'.repeat(60_000))]],
  ])('sends %s', async (_, rows) => {
    expect(await putAndDrain(rows)).toEqual(rows.map(({ record }) => record).toSorted())
  })

  it('rejects what no message can hold, and sends all others', async () => {
    const { arrivals, send, close } = await startWorkerd()
    const arrived: string[] = []
    arrivals.on('messages', (bodies: readonly string[]) => arrived.push(...bodies))
    try {
      const rows = [letter(0), sized(1, 127_901), letter(2), letter(3, 'ü'.repeat(64_000))]
      const refused = send(
        'queue/all/put',
        rows.map(({ record }) => record),
      )
      await expect(refused).rejects.toMatchObject({
        code: 'AUDIT_DEAD_LETTER_FAILED',
        detail: expect.stringContaining('2 of 4 records'),
      })
      while (arrived.length < 2) await once(arrivals, 'messages')
      expect(arrived).toEqual([letter(0).record, letter(2).record])
    } finally {
      await close()
    }
  })
})

describe('queue letters', () => {
  it('come again from the real broker until they are delivered, and move on when unreadable', async () => {
    const delivered = Promise.withResolvers<unknown>()
    const buried = Promise.withResolvers<unknown>()
    let calls = 0
    const miniflare = new Miniflare({
      workers: [
        {
          name: 'app',
          modules: true,
          script: await bundled(new URL('retried-worker.ts', import.meta.url)),
          compatibilityDate: '2026-04-01',
          queueProducers: { QUEUE: 'letters' },
          queueConsumers: {
            letters: { maxBatchTimeout: 0, maxRetries: 2, deadLetterQueue: 'graveyard' },
          },
          serviceBindings: {
            // Takes nothing at first, then all.
            STORE: async (request: Request) => {
              calls += 1
              if (calls === 1) return new Response(null, { status: 503 })
              delivered.resolve(await request.json())
              return new Response()
            },
          },
        },
        {
          name: 'graveyard',
          modules: true,
          script: `export default { queue: (batch, env) => env.TEST.fetch('http://test',
            { method: 'POST', body: JSON.stringify(batch.messages.map(({ body }) => body)) }) }`,
          queueConsumers: { graveyard: { maxBatchTimeout: 0 } },
          serviceBindings: {
            TEST: async (request: Request) => {
              buried.resolve(await request.json())
              return new Response()
            },
          },
        },
      ],
    })
    try {
      const [one, two] = letters(2).map(({ record }) => record)
      const queue = await miniflare.getQueueProducer('QUEUE', 'app')
      await queue.sendBatch([{ body: one }, { body: { not: 'an event' } }, { body: two }])
      expect(await delivered.promise).toEqual([one, two])
      expect(await buried.promise).toEqual([{ not: 'an event' }])
      expect(calls).toBe(2)
    } finally {
      await miniflare.dispose()
    }
  })
})
