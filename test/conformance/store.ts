import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventRow, StoredRow } from '../../src/event/row.ts'
import type { AuditStore } from '../../src/ports/store.ts'
import { conditionsConformance } from './conditions.ts'
import { ledgerConformance } from './ledger.ts'
import { pagesConformance } from './pages.ts'
import { different, inOrder, readAll, rejection, t0 } from './reading.ts'
import { idAt, idsOf, rowOf, rowsOf, unique } from './rows.ts'
import { summaryConformance } from './summary.ts'

export interface OpenedStore {
  readonly store: AuditStore
  close?(): Promise<void>
}

export interface StoreTraits {
  /**
   * Histories of which any question is asked. Fewer where each costs a way over a network, and where a
   * store without one is asked the same statements. @default 30
   */
  readonly histories?: number
}

// Valid for the compiler, refused by every backend: what a bug upstream would look like.
const refusedRow = (columns: Parameters<typeof rowOf>[0]): EventRow =>
  ({ ...rowOf(columns), action: null }) as unknown as EventRow

/** Everything that can be read off an error, its causes and hidden properties among it. */
const textOf = (error: unknown, depth = 0): string => {
  if (typeof error !== 'object' || error === null || depth > 8) return String(error)
  return Object.getOwnPropertyNames(error)
    .map((name) => textOf(Reflect.get(error, name), depth + 1))
    .join('\n')
}

const records: readonly (readonly [string, string])[] = [
  ['emoji and other planes', '{"name":"Zoë 👩‍👩‍👧‍👦 𝒳 日本"}'],
  ['escapes', String.raw`{"a":"\u0001\u0000\\u0001\\\\ \" \/ \n"}`],
  ['control characters', '{"a":"\u0001\u001f\u007f\u0085\u2028\ufeff"}'],
  ['quotes of SQL', `{"a":"'; drop table audit_events; -- \`x\` $1 ? :a @b"}`],
  ['numbers as they were written', '{"a":1e+21,"b":-0,"c":0.1,"d":9007199254740993}'],
  ['keys in their order, also twice', '{"b":1,"a":2,"b":3}'],
  ['spaces around', '  {"a": 1}\r\n\t'],
  ['64 KiB', JSON.stringify({ a: 'é'.repeat(65_536) })],
]

/** Holds a store to the contract in `src/ports/store.ts`. `open` gives an empty store each time. */
export const storeConformance = (
  name: string,
  open: () => Promise<OpenedStore>,
  { histories = 30 }: StoreTraits = {},
): void => {
  describe(`store: ${name}`, () => {
    let opened: OpenedStore
    let store: AuditStore

    beforeAll(async () => {
      opened = await open()
      store = opened.store
      await store.migrate()
    }, 60_000)

    afterAll(async () => {
      await store.close()
      await opened.close?.()
    })

    const stored = (tenant: string): Promise<readonly StoredRow[]> =>
      readAll(store, { tenant, limit: 1000 })

    it('keeps one copy when the same batch arrives twice', async () => {
      const tenant = unique('twice')
      const rows = rowsOf(5, () => ({ tenant }))
      await store.append(rows)
      await store.append(rows)
      expect(idsOf(await stored(tenant)).toSorted()).toEqual(inOrder(rows))
    })

    it('keeps one copy when an id stands twice in one batch', async () => {
      const tenant = unique('same')
      const row = rowOf({ tenant })
      await store.append([row, row])
      expect(idsOf(await stored(tenant))).toEqual([row.id])
    })

    it('keeps one copy of each row when overlapping batches arrive at once', async () => {
      const tenant = unique('overlap')
      const rows = rowsOf(60, () => ({ tenant }))
      const starts = Array.from({ length: 11 }, (_, index) => index * 5)
      await Promise.all(starts.map((start) => store.append(rows.slice(start, start + 10))))
      expect(idsOf(await stored(tenant)).toSorted()).toEqual(inOrder(rows))
    })

    it.each([3, 250])('stores nothing of %i rows when it refuses the last', async (count) => {
      const tenant = unique('atomic')
      const rows = rowsOf(count - 1, () => ({ tenant }))
      const error = await rejection(store.append([...rows, refusedRow({ tenant })]))
      expect(error).toMatchObject({ name: 'AuditError', code: 'AUDIT_STORE_REFUSED' })
      expect(await stored(tenant)).toEqual([])
    })

    it('changes nothing when a known id arrives with other columns', async () => {
      const tenant = unique('first')
      const row = rowOf({ tenant, action: 'invoice.refund' })
      await store.append([row])
      await store.append([rowOf({ ...different, tenant, id: row.id, record: '{}' })])
      expect(await store.get(row.id)).toMatchObject({ ...row })
    })

    it.each(records)('gives the record back byte for byte: %s', async (_, record) => {
      const row = rowOf({ tenant: unique('bytes'), record })
      await store.append([row])
      expect((await store.get(row.id))?.record).toBe(record)
    })

    it('gives every column back as it was written', async () => {
      const full = rowOf({ ...different, occurredAt: t0 + 1, tenant: unique('ü 👍') })
      const bare = rowOf({ tenant: null, occurredAt: t0 + 2 })
      await store.append([full, bare])
      const clock = expect.any(Number)
      expect(await store.get(full.id)).toEqual({ ...full, recordedAt: clock })
      expect(await store.get(bare.id)).toEqual({ ...bare, recordedAt: clock })
    })

    it('keeps a time to the millisecond, also a far one', async () => {
      const times = [0, 1, 999, t0 + 123, t0 + 999, 4_102_444_799_999, 253_402_300_799_999]
      const rows = times.map((occurredAt) => rowOf({ occurredAt, tenant: unique('time') }))
      await store.append(rows)
      const found = await Promise.all(rows.map(({ id }) => store.get(id)))
      expect(found.map((row) => row?.occurredAt)).toEqual(times)
      for (const { tenant, occurredAt } of rows) {
        const inside = await store.page({ tenant, from: occurredAt, to: occurredAt + 1, limit: 2 })
        expect(inside.rows).toHaveLength(1)
      }
    })

    it('says by its own clock when it took a row', async () => {
      const row = rowOf({ occurredAt: 946_684_800_000 })
      await store.append([row])
      const recordedAt = (await store.get(row.id))?.recordedAt ?? 0
      expect(Number.isInteger(recordedAt)).toBe(true)
      expect(Math.abs(recordedAt - Date.now())).toBeLessThan(60_000)
    })

    it('takes no rows as well as 1,001 in one call', async () => {
      const tenant = unique('many')
      const rows = rowsOf(1001, (index) => ({ tenant, occurredAt: t0 + index }))
      await store.append([])
      await store.append(rows)
      expect(idsOf(await stored(tenant)).toReversed()).toEqual(idsOf(rows))
    })

    pagesConformance(() => store)

    conditionsConformance(() => store, histories)

    summaryConformance(() => store)

    ledgerConformance(() => store)

    it('knows nothing of an id that was never stored', async () => {
      expect(await store.get(idAt(t0))).toBeUndefined()
    })

    it('rejects when the signal was aborted before, and stores nothing', async () => {
      const row = rowOf()
      const error = await rejection(store.append([row], { signal: AbortSignal.abort() }))
      expect(error).toMatchObject({ name: 'AuditError', code: 'AUDIT_STORE_UNAVAILABLE' })
      expect(await store.get(row.id)).toBeUndefined()
    })

    it('rejects when the signal is aborted while it writes', async () => {
      const controller = new AbortController()
      const work = store.append([rowOf()], { signal: controller.signal })
      controller.abort(new Error('a reason of the caller'))
      const outcome = await work.then(
        () => 'stored',
        (error: unknown) => error,
      )
      // A store that was done before the signal came has nothing to give up.
      if (outcome === 'stored') return
      expect(outcome).toMatchObject({ name: 'AuditError', code: 'AUDIT_STORE_UNAVAILABLE' })
    })

    it('stores a row when the signal is never aborted', async () => {
      const row = rowOf()
      await store.append([row], { signal: new AbortController().signal })
      expect((await store.get(row.id))?.id).toBe(row.id)
    })

    it('says nothing of a row in the error about it', async () => {
      const secret = 'ZGFzIGlzdCBnZWhlaW0'
      const row = refusedRow({ tenant: secret, actorId: secret, record: `{"a":"${secret}"}` })
      const error = await rejection(store.append([row]))
      expect(textOf(error)).toContain('AUDIT_STORE_REFUSED')
      expect(textOf(error)).not.toContain(secret)
    })
  })
}
