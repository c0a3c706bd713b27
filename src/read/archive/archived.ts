import type { StoredRow } from '../../event/row.ts'
import type { ArchivedRow } from '../../ports/archive.ts'
import type { Entry, Ledger } from '../../ports/ledger.ts'
import type { AuditStore, ReadingStore } from '../../ports/store.ts'
import { countBoth } from './count.ts'
import { getOfBoth } from './get.ts'
import { pageOfBoth } from './page.ts'
import { scanBoth } from './scan.ts'
import type { Shelf } from './shelf.ts'
import { summaryOfBoth } from './summary.ts'

/** What lies in the archive under an entry. */
export interface Contents {
  rows(entry: Entry): AsyncIterable<readonly ArchivedRow[]>
  /** As its manifest tells: none of its rows need be read for that. */
  kinds(entry: Entry): readonly string[]
}

interface Opened {
  readonly ledger: Ledger
  readonly contents: Contents
}

const shelfOf = (opened: () => Promise<Opened>): Shelf => {
  // Page after page is read of the same one.
  let last: { readonly id: string; readonly rows: readonly StoredRow[] } | undefined
  return {
    entries: async (query) => (await opened()).ledger.entries({ ...query, state: 'kept' }),
    holds: async (entry, kinds) => {
      const { contents } = await opened()
      return contents.kinds(entry).some((kind) => kinds.includes(kind))
    },
    rows: async function* (entry) {
      if (last?.id !== entry.id) {
        const rows: StoredRow[] = []
        const { contents } = await opened()
        for await (const some of contents.rows(entry))
          for (const { archivedAt: _, ...row } of some) rows.push(row)
        last = { id: entry.id, rows }
      }
      yield last.rows
    },
  }
}

/** The live events and the archived ones as one source. */
export const sourceOf = (live: AuditStore, opening: (ledger: Ledger) => Contents): ReadingStore => {
  let known: Promise<Opened> | undefined
  const opened = async (): Promise<Opened> => {
    const ledger = await live.ledger()
    return { ledger, contents: opening(ledger) }
  }
  const shelf = shelfOf(() => (known ??= opened()))
  return {
    page: (query) => pageOfBoth(live, shelf, query),
    count: (query) => countBoth(live, shelf, query),
    // What is archived is among what is read.
    isArchived: () => Promise.resolve(false),
    scan: (query) => scanBoth(live, shelf, query),
    get: (id) => getOfBoth(live, shelf, id),
    summary: (query) => summaryOfBoth(live, shelf, query),
  }
}
