import * as fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { StoredRow } from '../../../../src/event/row.ts'
import {
  cloudEvents,
  csv,
  ecs,
  exportStream,
  json,
  ndjson,
  ocsf,
} from '../../../../src/read/export/export.ts'
import { anyRow, at, exported, sourceOf, stored } from './rows.ts'
import { sha256 } from '../../../support/sha256.ts'

const many = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    stored({ occurredAt: at + index }, { reason: 'x'.repeat(1_000) }),
  )

const placeOf = (row: StoredRow | undefined): unknown => ({
  id: row?.id,
  occurredAt: row?.occurredAt,
})

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('exportStream', () => {
  it.each([csv(), ndjson(), json()])(
    'tells rows, bytes and SHA-256 of the file as it was read: $name',
    async (format) => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyRow, { maxLength: 25 }), async (rows) => {
          const { bytes, outcome } = await exported(format, sourceOf(rows, { next: '5.a' }))
          expect(outcome).toEqual({
            ended: 'complete',
            rows: rows.length,
            bytes: bytes.length,
            sha256: sha256(bytes),
            next: '5.a',
            last: rows.length === 0 ? undefined : placeOf(rows.at(-1)),
          })
        }),
        { numRuns: 30 },
      )
    },
  )

  it('hashes the same where the platform has no hash to be fed', async () => {
    const rows = many(300)
    const { outcome } = await exported(ndjson(), sourceOf(rows))
    vi.stubGlobal('process', undefined)
    const bare = await exported(ndjson(), sourceOf(rows))
    vi.unstubAllGlobals()
    expect(bare.outcome).toEqual(outcome)
    expect(bare.outcome.sha256).toBe(sha256(bare.bytes))
  })

  it('reads nothing before somebody reads', async () => {
    const source = sourceOf(many(100))
    const { stream } = exportStream(ndjson(), source)
    await Promise.resolve()
    expect(source.seen.pages).toBe(0)
    await stream.cancel()
  })

  it('reads no more pages than a reader has taken chunks for', async () => {
    const source = sourceOf(many(2_000), { size: 10 })
    const { stream } = exportStream(ndjson(), source)
    const reader = stream.getReader()
    const first = await reader.read()
    // A chunk of 64 Ki is 7 pages of 10 rows of a kilobyte.
    expect(source.seen.pages).toBeLessThanOrEqual(7)
    expect(first.value?.length).toBeGreaterThan(60_000)
    expect(first.value?.length).toBeLessThan(70_000)
    await reader.read()
    expect(source.seen.pages).toBeLessThanOrEqual(14)
    await reader.cancel()
  })

  it('lets the source go when the reader hangs up, and tells what was handed out', async () => {
    const rows = many(2_000)
    const source = sourceOf(rows)
    const { stream, done } = exportStream(ndjson(), source)
    const reader = stream.getReader()
    const { value = new Uint8Array() } = await reader.read()
    await reader.cancel()
    const outcome = await done
    expect(source.seen.returned).toBe(true)
    const lines = new TextDecoder().decode(value).trimEnd().split('\n')
    expect(outcome).toEqual({
      ended: 'cancelled',
      rows: lines.length,
      bytes: value.length,
      sha256: sha256(value),
      last: placeOf(rows[lines.length - 1]),
    })
  })

  it('is cancelled while a page is on its way, without a word of that page', async () => {
    const gate = Promise.withResolvers<null>()
    const asked = Promise.withResolvers<null>()
    const seen = { returned: false }
    const pages = (async function* () {
      try {
        asked.resolve(null)
        await gate.promise
        yield [stored()]
      } finally {
        seen.returned = true
      }
    })()
    const { stream, done } = exportStream(ndjson(), { pages, next: () => null })
    const reader = stream.getReader()
    const read = reader.read()
    await asked.promise
    const cancelled = reader.cancel()
    // It does not wait for the page.
    expect(await done).toMatchObject({ ended: 'cancelled', rows: 0, bytes: 0, last: undefined })
    gate.resolve(null)
    await cancelled
    expect(await read).toEqual({ done: true, value: undefined })
    expect(seen.returned).toBe(true)
  })

  it('fails as the source fails, and tells with what and how far it came', async () => {
    const rows = many(100)
    const cause = new Error('the database is gone')
    const pages = (async function* () {
      yield rows
      throw cause
    })()
    const { stream, done } = exportStream(ndjson(), { pages, next: () => null })
    const chunks: Uint8Array[] = []
    const reading = (async () => {
      for await (const chunk of stream) chunks.push(chunk)
    })()
    await expect(reading).rejects.toBe(cause)
    const outcome = await done
    const text = new TextDecoder().decode(Buffer.concat(chunks))
    expect(outcome).toMatchObject({ ended: 'failed', error: cause })
    expect(outcome.rows).toBe(text.trimEnd().split('\n').length)
    expect(text).not.toContain('trailer')
    expect(outcome.last).toEqual(placeOf(rows[outcome.rows - 1]))
    expect(outcome).not.toHaveProperty('next')
  })

  it('fails when `next` does, without a trailer that would call it whole', async () => {
    const cause = new Error('next')
    const { pages } = sourceOf(many(1))
    const source = {
      pages,
      next: () => {
        throw cause
      },
    }
    const { stream, done } = exportStream(ndjson(), source)
    await expect(new Response(stream).text()).rejects.toBe(cause)
    expect(await done).toMatchObject({ ended: 'failed', error: cause, rows: 1 })
  })

  it('fails when `show` does, and shows no event in full instead', async () => {
    const cause = new Error('who is this?')
    const show = (): never => {
      throw cause
    }
    for (const format of [csv(), ndjson(), json(), ocsf(), ecs(), cloudEvents()]) {
      const source = sourceOf(many(3), { show })
      const { stream, done } = exportStream(format, source)
      await expect(new Response(stream).text()).rejects.toBe(cause)
      expect(await done).toMatchObject({ ended: 'failed', rows: 0 })
    }
  })

  it('has ended once, whatever comes after', async () => {
    const { stream, done } = exportStream(ndjson(), sourceOf(many(1)))
    const reader = stream.getReader()
    while (!(await reader.read()).done);
    const outcome = await done
    await reader.cancel()
    expect(await done).toBe(outcome)
    expect(outcome.ended).toBe('complete')
  })

  it('does not reject when the source cannot be let go', async () => {
    const page = many(100)
    const pages: AsyncIterable<typeof page> = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: page }),
        return: () => Promise.reject(new Error('cannot stop')),
      }),
    }
    const { stream, done } = exportStream(ndjson(), { pages, next: () => null })
    const reader = stream.getReader()
    await reader.read()
    await reader.cancel()
    expect((await done).ended).toBe('cancelled')
  })

  it('holds no more at a thousand pages than at one', async () => {
    const page = many(50)
    const pages = (async function* () {
      for (let index = 0; index < 1_000; index++) yield page
    })()
    const { stream, done } = exportStream(csv(), { pages, next: () => null })
    let largest = 0
    for await (const chunk of stream) largest = Math.max(largest, chunk.length)
    expect((await done).rows).toBe(50_000)
    expect(largest).toBeLessThan(140_000)
  })
})
