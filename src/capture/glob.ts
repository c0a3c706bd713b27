/**
 * Greedy matching with one star to fall back on: at most `items × pattern` steps, where a RegExp
 * made of the same glob can take exponential time on a hostile path.
 */
const wildcard = <Item>(
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

const segmentMatches = (pattern: string, segment: string): boolean =>
  pattern === '*' ||
  pattern === segment ||
  (/[*?]/.test(pattern) &&
    wildcard(
      Array.from(pattern),
      Array.from(segment),
      (part) => part === '*',
      (part, unit) => part === '?' || part === unit,
    ))

/**
 * Compiles a glob on paths: `*` is anything within a segment, `?` one character, `**` any number of
 * segments, none included.
 * @example
 * const matches = glob('/api/**')
 * matches('/api/users/7') // true
 */
export const glob = (pattern: string): ((path: string) => boolean) => {
  if (!/[*?]/.test(pattern)) return (path) => path === pattern
  const prefix = /^[^*?]*\//.exec(pattern)?.[0] ?? ''
  if (pattern === `${prefix}**`) {
    return (path) => path.startsWith(prefix) || path === prefix.slice(0, -1)
  }
  const parts = pattern.split('/')
  return (path) =>
    (path.startsWith(prefix) || `${path}/` === prefix) &&
    wildcard(parts, path.split('/'), (part) => part === '**', segmentMatches)
}
