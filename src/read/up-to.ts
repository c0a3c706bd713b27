import type { StoredRow } from '../event/row.ts'
import type { PageQuery, Position } from '../ports/store.ts'
import type { EventSource } from './reading.ts'

const PAGE = 1_000

/**
 * Hands over the rows that are asked for, `most` at most, with one page in memory. Resolves to the
 * place at which it stopped, and to undefined where there are no more.
 */
export const upTo = async (
  source: EventSource,
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
