import type { StoredRow } from '../../event/row.ts'
import type { ReadingStore, ScanQuery } from '../../ports/store.ts'
import { pagesOf } from '../pages.ts'
import { selects } from './selects.ts'
import { entriesFor, type Shelf } from './shelf.ts'

/** The archived events that are asked for, an object after the other, each of which is opened once. */
export async function* archivedRows(
  shelf: Shelf,
  query: ScanQuery,
): AsyncGenerator<readonly StoredRow[], void, undefined> {
  const isAsked = selects(query)
  for await (const entry of entriesFor(shelf, query))
    for await (const rows of shelf.rows(entry)) yield rows.filter(isAsked)
}

/** What is live and what is archived, each event once. */
export async function* scanBoth(
  live: Pick<ReadingStore, 'page'>,
  shelf: Shelf,
  query: ScanQuery,
): AsyncGenerator<readonly StoredRow[], void, undefined> {
  // What is moved meanwhile is met twice, as is what a hold keeps; never not at all, for it is archived
  // before it goes from the live table.
  const met = new Set<string>()
  for await (const { rows } of pagesOf(live, query)) {
    for (const { id } of rows) met.add(id)
    yield rows
  }
  for await (const rows of archivedRows(shelf, query)) yield rows.filter(({ id }) => !met.has(id))
}
