import type { StoredRow } from '../event/row.ts'
import type { PageQuery, Position, ReadingStore } from '../ports/store.ts'

const PAGE = 1_000

/**
 * Hands over the rows that are asked for, `most` at most, with one page in memory. Resolves to the
 * place at which it stopped, and to undefined where there are no more.
 */
export const upTo = async (
  source: ReadingStore,
  query: Omit<PageQuery, 'limit'>,
  most: number,
  take: (row: StoredRow) => void,
): Promise<Position | undefined> => {
  let { after } = query
  let left = most
  do {
    const { rows, next } = await source.page({ ...query, after, limit: Math.min(PAGE, left) })
    rows.forEach(take)
    left -= rows.length
    after = next ?? undefined
  } while (after !== undefined && left > 0)
  return after
}
