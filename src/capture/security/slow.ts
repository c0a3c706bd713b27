import type { AnyContext } from '../../input.ts'
import { compileMatcher } from '../rules.ts'
import { defaults, type SecurityOptions } from './options.ts'

/** The threshold of a request in milliseconds; undefined where there is none. */
export const slowThreshold = (
  slow: SecurityOptions['slow'],
): ((c: AnyContext) => number | undefined) => {
  if (slow === false) return () => undefined
  const { after = defaults.slow, routes = [] } = slow ?? {}
  const tests = routes.map((route) => ({ after: route.after, test: compileMatcher(route.match) }))
  return (c) => {
    const found = tests.findLast(({ test }) => test(c))?.after ?? after
    return found === false ? undefined : found
  }
}
