import { wildcard } from '../event/wildcard.ts'

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
