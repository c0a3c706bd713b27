import { Hono } from 'hono'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { body } from '../../../src/capture/body/body.ts'
import { memory } from '../../../adapters/store/memory.ts'
import { createAudit } from '../../../src/audit.ts'
import { trail } from '../../support/app.ts'
import {
  always,
  faultyLetters,
  faultyStore,
  FOREIGN_SECRET,
  memoryLetters,
} from '../../support/faulty.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const refusing = () => faultyStore(memory(), always({ when: 'before', how: 'refused' }))

describe('an event that the store would not take', () => {
  it('goes to the dead letter, byte for byte as the store would have had it', async () => {
    const letters = memoryLetters()
    const { audit, losses } = trail({ store: refusing(), deadLetter: letters })
    const id = audit.record({ action: 'a.read', metadata: { password: 'hunter2' } })
    await audit.flush()
    const put: string[] = []
    await letters.drain(async (rows) => {
      put.push(...rows.map(({ record }) => record))
    })
    expect(put).toEqual([expect.stringContaining(id)])
    expect(put[0]).not.toContain('hunter2')
    expect(losses).toEqual([])
    expect(audit.stats()).toMatchObject({ captured: 1, deadLettered: 1, lost: 0, pending: 0 })
  })

  it.each(['retriable', 'refused', 'foreign', 'thrown'] as const)(
    'is told to onLoss, whole and redacted, when the dead letter fails too: %s',
    async (how) => {
      const letters = faultyLetters(memoryLetters(), always({ when: 'before', how }))
      const { audit, losses } = trail({ store: refusing(), deadLetter: letters })
      const id = audit.record({ action: 'a.read', metadata: { password: 'hunter2', n: 1 } })
      await audit.flush()
      expect(losses).toHaveLength(1)
      expect(losses[0]?.events[0]).toMatchObject({
        id,
        action: 'a.read',
        metadata: { n: 1, password: '***REDACTED***' },
      })
      expect(losses[0]?.error).toMatchObject({
        code: 'AUDIT_DEAD_LETTER_FAILED',
        detail: 'AUDIT_STORE_REFUSED',
      })
      expect(losses[0]?.error.message).not.toContain(FOREIGN_SECRET)
    },
  )

  it('is told to onLoss with the store’s reason where there is no dead letter', async () => {
    const { audit, losses } = trail({ store: refusing(), deadLetter: () => undefined as never })
    audit.record({ action: 'a.read' })
    await audit.flush()
    expect(losses[0]?.error.code).toBe('AUDIT_STORE_REFUSED')
  })

  it('is one structured line on the console by default, without bodies or values', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const audit = createAudit({
      store: refusing(),
      rules: [{ match: '**', body: body({ request: true }) }],
    })
    const app = new Hono().use(audit.middleware()).post('/', async (c) => {
      audit.record({
        action: 'a.write',
        metadata: { note: 'private words' },
        reason: 'private words',
      })
      return c.text(await c.req.text())
    })
    await app.request('/?q=private+words', { method: 'POST', body: 'private words' })
    await audit.flush()
    const lines = error.mock.calls.map(([line]) => JSON.parse(String(line)))
    expect(lines.flatMap(({ events }) => events)).toHaveLength(2)
    expect(lines[0]).toMatchObject({
      level: 'error',
      code: 'AUDIT_STORE_REFUSED',
      message: 'edge-audit: events were lost',
    })
    expect(Object.keys(lines[0].events[0]).toSorted()).toEqual([
      'action',
      'id',
      'kind',
      'occurredAt',
    ])
    expect(JSON.stringify(lines)).not.toMatch(/private/)
  })

  it('names no more than a few of many on that line, and counts them', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const audit = createAudit({ store: memory(), deadLetter: undefined })
    await audit.close()
    await audit.runAs({}, ({ record }) => {
      for (let count = 0; count < 60; count += 1) record({ action: 'a.read' })
    })
    await audit.flush()
    expect(error).toHaveBeenCalledOnce()
    const line = JSON.parse(String(error.mock.calls[0]?.[0]))
    expect(line).toMatchObject({ code: 'AUDIT_CLOSED', count: 60 })
    expect(line.events).toHaveLength(20)
  })
})

describe('bindings', () => {
  it('make the store and the dead letter once for the process, of the request that came first', async () => {
    const envs: unknown[] = []
    const letters = memoryLetters()
    const { audit } = trail({
      store: (env: object) => (envs.push(['store', env]), refusing()),
      deadLetter: (env: object) => (envs.push(['letters', env]), letters),
    })
    const app = new Hono().use(audit.middleware()).get('/', (c) => c.text('ok'))
    await app.request('/', {}, { N: 1 })
    await audit.flush()
    await app.request('/', {}, { N: 2 })
    await audit.flush()
    expect(envs).toEqual([
      ['store', { N: 1 }],
      ['letters', { N: 1 }],
    ])
    expect(letters.ids()).toHaveLength(2)
  })

  it('that make no store yet are asked again', async () => {
    const stored = memory()
    let ready = false
    const { audit, losses } = trail({
      store: () => {
        if (!ready) throw new Error('no binding')
        return stored
      },
    })
    audit.record({ action: 'a.read' })
    await audit.flush()
    expect(losses.map(({ error }) => error.code)).toEqual(['AUDIT_STORE_UNAVAILABLE'])
    ready = true
    audit.record({ action: 'b.read' })
    await audit.flush()
    expect((await stored.page({ limit: 9 })).rows).toHaveLength(1)
  })
})
