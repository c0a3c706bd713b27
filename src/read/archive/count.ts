import type { Count, CountQuery, ReadingStore } from '../../ports/store.ts'
import { SCAN, type Shelf } from './page.ts'
import { tenantsIn } from '../../event/bounds.ts'
import { selects } from './selects.ts'

/** Counts what is live and what is archived, up to the bounds of the query. */
export const countBoth = async (
  live: Pick<ReadingStore, 'count' | 'get'>,
  shelf: Shelf,
  query: CountQuery,
): Promise<Count> => {
  const { from, to, limit, scan = SCAN } = query
  const counted = await live.count(query)
  if (counted.count >= limit) return counted
  const isAsked = selects(query)
  const MOST = 1_000
  const tenants = tenantsIn(query)
  const entries = await shelf.entries({ from, to, tenants, order: 'oldest', limit: MOST })
  let [count, looked] = [counted.count, 0]
  for (const entry of entries) {
    if (looked >= scan) return { count, more: true }
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
  return { count, more: counted.more || entries.length === MOST }
}
