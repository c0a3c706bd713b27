import type { StoredRow } from '../../event/row.ts'
import type { Kind } from '../../event/schema.ts'
import type { ReadingStore, Scan } from '../../ports/store.ts'
import { type Newest, newestOf } from '../newest.ts'
import type { Reading } from '../reading.ts'
import { MOST } from '../views/list.ts'
import { keyOf } from '../views/thing.ts'

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

/**
 * Hands out the records that a report is made of: of events as they are read, of things when they are shown. What
 * was read of a thing that is not shown, or twice, or beside others, is no part of it.
 */
export const tapped = (audit: Reading, things: Kind | undefined): Tapped => {
  const read = new Map<string, Newest>()
  let take: Take | undefined
  let count = 0
  const keep = (row: StoredRow): void => {
    if (row.kind !== things || row.targetId === null) return
    const rows = read.get(keyOf(row)) ?? newestOf(MOST)
    read.set(keyOf(row), rows)
    rows.add(row)
  }
  const keeping = (scan: Scan): Scan =>
    async function* (query) {
      for await (const rows of scan(query)) {
        rows.forEach(keep)
        yield rows
      }
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
    scan: store.scan && keeping(store.scan),
  })
  return {
    reading: { ...audit, store: (env) => watched(audit.store(env)) },
    onRecords: (taking) => {
      take = taking
    },
    shown: ({ tenant, id }) => {
      const key = keyOf({ tenant, targetId: id })
      const rows = read.get(key)?.rows().toReversed() ?? []
      read.delete(key)
      count += rows.length
      take?.(rows.map(({ record }) => record))
    },
    events: () => count,
  }
}
