import type { Entry, EntryQuery, Ledger } from '../ports/ledger.ts'

const PAGE = 100

/** All entries that are asked for, by their numbers. */
export async function* entriesIn(
  ledger: Ledger,
  query: Omit<EntryQuery, 'limit' | 'order'> = {},
): AsyncGenerator<Entry, void, undefined> {
  for (let after = query.after; ;) {
    const entries = await ledger.entries({ ...query, after, limit: PAGE })
    yield* entries
    if (entries.length < PAGE) return
    after = entries.at(-1)?.number
  }
}
