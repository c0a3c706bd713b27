/** Calls of a port under way at once: a Worker has six connections. */
const MOST = 6

/**
 * Does something to each of the items, a few of them at a time, and something else after those few; the
 * results are in their order. When one fails it rejects, with nothing under way any more.
 */
export const eachOf = async <Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  between: () => Promise<unknown> = () => Promise.resolve(),
): Promise<readonly Result[]> => {
  const results: Result[] = []
  for (let at = 0; at < items.length; at += MOST) {
    const settled = await Promise.allSettled(items.slice(at, at + MOST).map(work))
    for (const one of settled) {
      if (one.status === 'rejected') throw one.reason
      results.push(one.value)
    }
    await between()
  }
  return results
}
