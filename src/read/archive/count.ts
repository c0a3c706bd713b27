import type { Count, CountQuery, ReadingStore } from '../../ports/store.ts'
import { MOST, SCAN } from './page.ts'
import { selects } from './selects.ts'
import { entriesFor, type Shelf } from './shelf.ts'

/** Counts what is live and what is archived, up to the bounds of the query. */
export const countBoth = async (
  live: Pick<ReadingStore, 'count' | 'get'>,
  shelf: Shelf,
  query: CountQuery,
): Promise<Count> => {
  const { limit, scan = SCAN } = query
  const counted = await live.count(query)
  if (counted.more && counted.count >= limit) return counted
  const isAsked = selects(query)
  let [count, looked, opened] = [counted.count, 0, 0]
  for await (const entry of entriesFor(shelf, query)) {
    if (looked >= scan || opened >= MOST) return { count, more: true }
    opened += 1
    for await (const rows of shelf.rows(entry)) {
      looked += rows.length
      for (const row of rows.filter(isAsked)) {
        // A hold that came in between leaves an event in both.
        if (entry.emptiedAt === null && (await live.get(row.id)) !== undefined) continue
        if (count === limit) return { count, more: true }
        count += 1
      }
    }
  }
  return { count, more: counted.more }
}
