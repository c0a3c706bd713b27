import { AuditError } from './errors.ts'

// Options come from JavaScript, from JSON and from environment variables: types alone hold nobody to
// them. A mistake is told when the app starts, by the option's path, and never with its value.

export type Check = (value: unknown, path: string) => void
type Fits = (value: unknown) => boolean

export const invalid = (detail: string): never => {
  throw new AuditError('AUDIT_OPTION_INVALID', detail)
}

/** A value of which so much is wanted. */
export const that =
  (wanted: string, fits: Fits, otherwise?: Check): Check =>
  (value, path) => {
    if (fits(value)) return
    if (otherwise === undefined || !isRecord(value)) invalid(`${path} must be ${wanted}`)
    otherwise?.(value, path)
  }

export const is =
  (...types: readonly string[]): Fits =>
  (value) =>
    types.includes(value instanceof RegExp ? 'RegExp' : typeof value)

export const isRecord: (value: unknown) => value is { readonly [name: string]: unknown } = (
  value,
): value is { readonly [name: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const boolean: Check = that('true or false', is('boolean'))
export const text: Check = that('a text', is('string'))

export const isFunction: Fits = is('function')
export const callable: Check = that('a function', isFunction)
export const isFilled: Fits = (value) => typeof value === 'string' && value !== ''
export const filled: Check = that('a name', isFilled)

export const oneOf = (...words: readonly string[]): Check =>
  that(`one of '${words.join("', '")}'`, (value) => words.some((word) => word === value))

export const has =
  (...methods: readonly string[]): ((value: unknown) => boolean) =>
  (value) =>
    isRecord(value) && methods.every((name) => isFunction(value[name]))

const MOST = Number.MAX_SAFE_INTEGER

export const integer = (min: number, max: number = MOST): Check =>
  that(
    `a whole number from ${min}${max < MOST ? ` to ${max}` : ''}`,
    (value) => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max,
  )

/** Timers take no more than 31 bits: beyond that they fire at once. */
export const ms = (min: number): Check => integer(min, 0x7fff_ffff)

/** What `Headers` would throw at in the middle of a request (RFC 9110, section 5.1). */
export const headerName: Check = that(
  'the name of a header',
  (value) => typeof value === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(value),
)

export const list =
  (item: Check): Check =>
  (value, path) => {
    if (!Array.isArray(value)) return invalid(`${path} must be a list`)
    value.forEach((one: unknown, index) => item(one, `${path}[${index}]`))
  }

/** One of these, or a list of those. */
export const orList =
  (one: Check, item: Check): Check =>
  (value, path) =>
    (Array.isArray(value) ? list(item) : one)(value, path)

/** An object with these members and no others, some of which must be there. */
export const object =
  (shape: { readonly [name: string]: Check }, required: readonly string[] = []): Check =>
  (value, path) => {
    if (!isRecord(value)) return invalid(`${path || 'the options'} must be an object`)
    const at = path && `${path}.`
    // A Map would be an object without members, but for the methods that it has by those names.
    for (const name of new Set([...Object.keys(value), ...Object.keys(shape)])) {
      const check = Object.hasOwn(shape, name) ? shape[name] : undefined
      if (check === undefined)
        return invalid(`${at}${name} is not an option; known are ${Object.keys(shape).join(', ')}`)
      if (value[name] !== undefined) check(value[name], at + name)
      else if (required.includes(name)) invalid(`${at}${name} must be given`)
    }
  }

const isSource = (value: unknown): boolean => {
  try {
    return typeof value === 'string' && RegExp(value) instanceof RegExp
  } catch {
    // It does not compile, which is what is asked here.
    return false
  }
}

/** What a matcher may be: see `Matcher` in options.ts. */
export const matcher: Check = that(
  'a glob, a RegExp, a function or an object',
  is('string', 'RegExp', 'function'),
  object({
    path: that('a glob or a RegExp', is('string', 'RegExp')),
    regexp: that('the source of a RegExp', isSource),
    methods: list(text),
    when: callable,
  }),
)
