/**
 * Compiles the pattern of a place: `*` is one segment, `**` any number of them, none included.
 * Greedy with one star to fall back on: names in a path are hostile, and a RegExp made of
 * `**.a.**.b` takes quadratic time on them and worse.
 * @example
 * place('data.body.items.*.price')('data.body.items.3.price') // true
 */
export const place = (pattern: string): ((path: string) => boolean) => {
  if (!pattern.includes('*')) return (path) => path === pattern
  const parts = pattern.split('.')
  return (path) => {
    const segments = path.split('.')
    let part = 0
    let star = -1
    let resume = 0
    for (let at = 0; at < segments.length;) {
      const expected = parts[part]
      if (expected === '**') {
        star = part++
        resume = at
      } else if (expected === '*' || (expected !== undefined && expected === segments[at])) {
        part++
        at++
      } else if (star >= 0) {
        part = star + 1
        at = ++resume
      } else return false
    }
    return parts.slice(part).every((rest) => rest === '**')
  }
}
