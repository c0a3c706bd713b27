import type { StoredRow } from '../event/row.ts'
import type { Page, PageQuery, Position, ReadingStore } from '../ports/store.ts'

const PAGE = 1_000

/** All rows that are asked for, `most` at most, page by page; the next one is read when it is asked for. */
export async function* pagesOf(
  source: Pick<ReadingStore, 'page'>,
  query: Omit<PageQuery, 'limit'>,
  most = Infinity,
): AsyncGenerator<Page, void, undefined> {
  let { after } = query
  for (let left = most; left > 0;) {
    const page = await source.page({ ...query, after, limit: Math.min(PAGE, left) })
    yield page
    if (page.next === null) return
    left -= page.rows.length
    after = page.next
  }
}

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
  let place: Position | null = null
  for await (const { rows, next } of pagesOf(source, query, most)) {
    rows.forEach(take)
    place = next
  }
  return place ?? undefined
}
