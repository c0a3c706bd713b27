import { AuditError } from '../errors.ts'
import { farthest } from '../event/time.ts'
import type { Columns } from '../event/row.ts'

// Queries come from URLs and from JavaScript: types alone hold nobody to them. A name that is not
// known is refused too, or a slip in it would show an auditor everything.

export type Wanted = readonly [wanted: string, fits: (value: unknown) => boolean]

/** Backends refuse NUL and lone surrogates, or cut the text there. */
export const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.isWellFormed() && !value.includes('\0')

export const text: Wanted = ['a text', isText]
export const textOrNull: Wanted = [
  'a text, or null for none',
  (value) => value === null || isText(value),
]

export const oneOf = (words: Readonly<Record<string, true>>): Wanted => [
  `one of ${Object.keys(words).join(', ')}`,
  (value) => typeof value === 'string' && Object.hasOwn(words, value),
]

/** One of the words, or a list of them. */
export const someOf = (words: Readonly<Record<string, true>>): Wanted => {
  const [wanted, fits] = oneOf(words)
  const isSome = (value: unknown): boolean =>
    Array.isArray(value) ? value.every(fits) : fits(value)
  return [`${wanted}, or a list of such`, isSome]
}

/** What continues a list; whether it is of that list is for the list to say. */
export const cursor: Wanted = ['what the page before gave', () => true]

export const order: Wanted = oneOf({ newest: true, oldest: true })

export const actorTypes: Readonly<Record<Columns['actorType'], true>> = {
  user: true,
  service: true,
  system: true,
  anonymous: true,
}

export const outcomes: Readonly<Record<Columns['outcome'], true>> = {
  success: true,
  failure: true,
  denied: true,
  unknown: true,
}

export const actorType: Wanted = oneOf(actorTypes)

export const time: Wanted = [
  'whole milliseconds since 1970, or a Date',
  (value) =>
    (typeof value === 'number' || value instanceof Date) &&
    Number.isInteger(Number(value)) &&
    Math.abs(Number(value)) <= farthest,
]

export const wholeFrom = (least: number, most: number): Wanted => [
  `a whole number from ${least} to ${most}`,
  (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
]

/** @throws {AuditError} AUDIT_QUERY_INVALID */
export const refuse = (name: string, wanted: string): never => {
  throw new AuditError('AUDIT_QUERY_INVALID', `${name} must be ${wanted}`)
}

/** @throws {AuditError} AUDIT_QUERY_INVALID for a value that does not fit; there need be none. */
export const check = (name: string, value: unknown, [wanted, fits]: Wanted): void => {
  if (value !== undefined && !fits(value)) refuse(name, wanted)
}

/**
 * Holds a query to what its parameters may be; those that are undefined are left out.
 * @throws {AuditError} AUDIT_QUERY_INVALID, naming the first parameter that is wrong.
 */
export const checkParameters = (
  query: unknown,
  parameters: Readonly<{ [name: string]: Wanted }>,
): void => {
  if (typeof query !== 'object' || query === null) return refuse('the query', 'an object')
  for (const [name, value] of Object.entries(query)) {
    const known = Object.hasOwn(parameters, name) ? parameters[name] : undefined
    if (known === undefined)
      return refuse('every parameter', `one of ${Object.keys(parameters).join(', ')}`)
    check(name, value, known)
  }
}
