/**
 * Greedy matching with one star to fall back on: at most `items × pattern` steps, where a RegExp
 * made of the same glob can take exponential time on a hostile path.
 */
export const wildcard = <Item>(
  pattern: readonly Item[],
  items: readonly Item[],
  isStar: (part: Item) => boolean,
  matches: (part: Item, item: Item) => boolean,
): boolean => {
  let at = 0
  let part = 0
  let star = -1
  let resume = 0
  while (at < items.length) {
    const expected = pattern[part]
    const item = items[at]
    if (item === undefined) return false
    if (expected !== undefined && isStar(expected)) {
      star = part++
      resume = at
    } else if (expected !== undefined && matches(expected, item)) {
      part++
      at++
    } else if (star >= 0) {
      part = star + 1
      at = ++resume
    } else return false
  }
  return pattern.slice(part).every(isStar)
}
