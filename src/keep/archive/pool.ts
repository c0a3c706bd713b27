/** Calls of a port under way at once, most of which wait. A Worker has six connections; the others wait for one. */
const MOST = 16

/** Items after which something else is done: all that are under way may take long. */
const FEW = 6

/**
 * Does something to each of the items, a few of them at a time, and something else after each few that
 * are done; the results are in the order of the items. When one fails no more are begun, and it rejects
 * once nothing is under way any more.
 */
export const eachOf = async <Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  between: () => Promise<unknown> = () => Promise.resolve(),
): Promise<readonly Result[]> => {
  const results: Result[] = []
  const waiting = items.entries()
  let done = 0
  let failed = false
  const lane = async (): Promise<void> => {
    for (const [at, item] of waiting) {
      try {
        results[at] = await work(item)
        done += 1
        if (done % FEW === 0) await between()
      } catch (error) {
        failed = true
        throw error
      }
      if (failed) return
    }
  }
  const settled = await Promise.allSettled(Array.from({ length: MOST }, lane))
  for (const one of settled) if (one.status === 'rejected') throw one.reason
  return results
}
