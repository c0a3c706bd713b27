import type { Condition } from './condition.ts'

/** Any of the conditions; one alone stands by itself, for an index to find. */
export const any = (conditions: readonly Condition[]): Condition => {
  const [only, ...more] = conditions
  return only !== undefined && more.length === 0 ? only : { or: conditions }
}

/**
 * Values of which an index finds those that are whole, in one condition, and the others each by one of
 * its own.
 */
export const split = <Value>(
  list: readonly Value[],
  others: readonly Condition[],
  whole: (values: readonly Value[]) => Condition,
): Condition => any(list.length > 0 || others.length === 0 ? [whole(list), ...others] : others)

/** Texts, of which those that end in `*` stand for all that begin so. */
export const withPrefixes = (
  list: readonly string[],
  exact: (values: readonly string[]) => Condition,
  prefix: (value: string) => Condition,
): Condition => {
  const begins = list.filter((one) => one.endsWith('*')).map((one) => prefix(one.slice(0, -1)))
  return split(
    list.filter((one) => !one.endsWith('*')),
    begins,
    exact,
  )
}

/** Actions, and `invoice.*` for all that begin so. */
export const actionIn = (list: readonly string[]): Condition =>
  withPrefixes(
    list,
    (whole) => ({ column: 'action', in: whole }),
    (prefix) => ({ column: 'action', prefix }),
  )
