import { byTime } from '../../event/order.ts'
import type { StoredRow } from '../../event/row.ts'
import type { Kind } from '../../event/schema.ts'
import type { ReadingStore } from '../../ports/store.ts'
import type { Reading } from '../reading.ts'

type Take = (records: readonly string[]) => void

/** A thing that a report shows. */
interface Thing {
  readonly tenant: string | null
  readonly id: string
}

/** A reading, and who is handed the records of what a report makes of it. */
export interface Tapped {
  readonly reading: Reading
  readonly onRecords: (take: Take) => void
  /** Of a thing that is shown: hands out the events that it is made of. */
  readonly shown: (thing: Thing) => void
  /** How many events of things were handed out, whether anybody took them or not. */
  readonly events: () => number
}

const keyOf = (tenant: string | null, id: string): string => JSON.stringify([tenant, id])

/**
 * Hands out the records that a report is made of: of events as they are read, of things when they are shown. What
 * was read of a thing that is not shown, or twice, or beside others, is no part of it.
 */
export const tapped = (audit: Reading, things: Kind | undefined): Tapped => {
  const read = new Map<string, Map<string, StoredRow>>()
  let take: Take | undefined
  let count = 0
  const keep = (row: StoredRow): void => {
    if (row.kind !== things || row.targetId === null) return
    const key = keyOf(row.tenant, row.targetId)
    const rows = read.get(key) ?? new Map<string, StoredRow>()
    read.set(key, rows.set(row.id, row))
  }
  const watched = (store: ReadingStore): ReadingStore => ({
    page: async (query) => {
      const page = await store.page(query)
      if (things === undefined) take?.(page.rows.map(({ record }) => record))
      else if (query.targetId !== undefined) page.rows.forEach(keep)
      return page
    },
    count: (query) => store.count(query),
    get: (id) => store.get(id),
    summary: (query) => store.summary(query),
    isArchived: (query) => store.isArchived(query),
  })
  return {
    reading: { ...audit, store: (env) => watched(audit.store(env)) },
    onRecords: (taking) => {
      take = taking
    },
    shown: ({ tenant, id }) => {
      const key = keyOf(tenant, id)
      const rows = [...(read.get(key)?.values() ?? [])].toSorted(byTime)
      read.delete(key)
      count += rows.length
      take?.(rows.map(({ record }) => record))
    },
    events: () => count,
  }
}
