import { AuditError } from './errors.ts'
import { detectors, type RedactOptions } from './event/secrets.ts'
import { masks } from './event/mask.ts'
import type { AuditOptions } from './options.ts'
import { network } from './runtime/address.ts'

// Options come from JavaScript, from JSON and from environment variables: types alone hold nobody to
// them. A mistake is told when the app starts, by the option's path, and never with its value.

type Check = (value: unknown, path: string) => void
type Shape = Readonly<{ [name: string]: Check }>

const fail = (path: string, wanted: string): never => {
  throw new AuditError('AUDIT_OPTION_INVALID', `${path} must be ${wanted}`)
}

const typed =
  (type: 'boolean' | 'string' | 'function', wanted: string): Check =>
  (value, path) => {
    if (typeof value !== type) fail(path, wanted)
  }
const boolean = typed('boolean', 'true or false')
const text = typed('string', 'a text')
const callable = typed('function', 'a function')

/** What `Headers` would throw at in the middle of a request (RFC 9110, section 5.1). */
const headerName: Check = (value, path) => {
  if (typeof value !== 'string' || !/^[\w!#$%&'*+.^`|~-]+$/.test(value))
    fail(path, 'the name of a header')
}

/** A name without letters or digits would match every other such name. */
const keyName: Check = (value, path) => {
  if (typeof value !== 'string' || !/[\p{L}\p{N}]/u.test(value))
    fail(path, 'a name with a letter or digit')
}
const filled: Check = (value, path) => {
  if (typeof value !== 'string' || value === '') fail(path, 'a text that is not empty')
}

/** Timers take no more than 31 bits: beyond that they fire at once. */
const MOST_MS = 0x7fff_ffff

const integer =
  (min: number, max = Number.MAX_SAFE_INTEGER): Check =>
  (value, path) => {
    if (!Number.isSafeInteger(value) || Number(value) < min || Number(value) > max) {
      fail(
        path,
        max === Number.MAX_SAFE_INTEGER
          ? `a whole number from ${min}`
          : `a whole number from ${min} to ${max}`,
      )
    }
  }

const share: Check = (value, path) => {
  if (typeof value !== 'number' || !(value >= 0 && value <= 1)) fail(path, 'a number from 0 to 1')
}

const oneOf =
  (words: readonly unknown[]): Check =>
  (value, path) => {
    if (!words.includes(value))
      fail(path, `one of ${words.map((word) => `'${String(word)}'`).join(', ')}`)
  }

const list =
  (item: Check): Check =>
  (value, path) => {
    if (!Array.isArray(value)) return fail(path, 'a list')
    value.forEach((one: unknown, index) => item(one, `${path}[${index}]`))
  }

const isRecord = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const object =
  (shape: Shape, required: readonly string[] = []): Check =>
  (value, path) => {
    const at = (name: string): string => (path === '' ? name : `${path}.${name}`)
    if (!isRecord(value)) return fail(path === '' ? 'the options' : path, 'an object')
    for (const name of Object.keys(value)) {
      const check = Object.hasOwn(shape, name) ? shape[name] : undefined
      if (check === undefined) {
        throw new AuditError(
          'AUDIT_OPTION_INVALID',
          `${at(name)} is not an option; known are ${Object.keys(shape).join(', ')}`,
        )
      }
      if (value[name] !== undefined) check(value[name], at(name))
    }
    for (const name of required) if (value[name] === undefined) fail(at(name), 'given')
  }

const either =
  (
    wanted: string,
    ...choices: readonly (readonly [applies: (value: unknown) => boolean, check: Check])[]
  ): Check =>
  (value, path) => {
    const found = choices.find(([applies]) => applies(value))
    if (found === undefined) return fail(path, wanted)
    found[1](value, path)
  }

const is =
  (type: string) =>
  (value: unknown): boolean =>
    typeof value === type
const isPattern = (value: unknown): boolean => value instanceof RegExp
const fine: Check = () => undefined

const source: Check = (value, path) => {
  text(value, path)
  try {
    RegExp(String(value))
  } catch {
    fail(path, 'the source of a regular expression that compiles')
  }
}

const cidr: Check = (value, path) => {
  if (typeof value !== 'string' || network(value) === undefined)
    fail(path, 'an address or a CIDR such as 10.0.0.0/8')
}

const has =
  (methods: readonly string[], wanted: string): Check =>
  (value, path) => {
    if (!isRecord(value) || !methods.every((method) => typeof value[method] === 'function'))
      fail(path, wanted)
  }

const path: Check = either('a glob or a RegExp', [is('string'), fine], [isPattern, fine])

const matcher: Check = either(
  'a glob, a RegExp, a function, or an object of path, regexp, methods and when',
  [is('string'), fine],
  [isPattern, fine],
  [is('function'), fine],
  [isRecord, object({ path, regexp: source, methods: list(text), when: callable })],
)

const body: Check = either(
  'false or an object',
  [(value) => value === false, fine],
  [
    isRecord,
    object({
      request: boolean,
      response: boolean,
      limit: integer(1),
      types: list(text),
      allow: list(text),
    }),
  ],
)

const mask = oneOf(masks)
const key: Check = either('a name or a RegExp', [is('string'), keyName], [isPattern, fine])
const delivery = oneOf(['defer', 'await'])

const redact = object({
  keys: list(
    either(
      'a name, a RegExp or an object',
      [is('string'), keyName],
      [isPattern, fine],
      [isRecord, object({ key, mask }, ['key', 'mask'])],
    ),
  ),
  allow: list(text),
  paths: list(
    either(
      'a path or an object',
      [is('string'), filled],
      [isRecord, object({ path: filled, mask }, ['path', 'mask'])],
    ),
  ),
  mask,
  hashKey: (value, at) => {
    if (typeof value !== 'string' || value.length < 16) fail(at, 'a text of at least 16 characters')
  },
  defaults: boolean,
  detect: list(oneOf(detectors)),
})

const address = object({
  from: either(
    "'platform', a function, { hops } or { trusted }",
    [(value) => value === 'platform', fine],
    [is('function'), fine],
    [
      (value) => isRecord(value) && 'hops' in value,
      object({ hops: integer(1, 64), header: headerName }, ['hops']),
    ],
    [isRecord, object({ trusted: list(cidr), header: headerName }, ['trusted'])],
  ),
  privacy: oneOf(['keep', 'truncate', 'hash']),
})

const options = object(
  {
    store: either(
      'a store, or a function that makes one',
      [is('function'), fine],
      [
        isRecord,
        has(
          ['append', 'page', 'get', 'migrate', 'close'],
          'a store: append, page, get, migrate, close',
        ),
      ],
    ),
    enabled: boolean,
    dryRun: either('true, false or a function', [is('boolean'), fine], [is('function'), fine]),
    include: list(matcher),
    exclude: list(matcher),
    rules: list(
      object(
        {
          match: matcher,
          audit: boolean,
          sample: share,
          delivery,
          body,
          until: oneOf(['head', 'body']),
          action: text,
        },
        ['match'],
      ),
    ),
    actor: either(
      'a function or a list of functions',
      [is('function'), fine],
      [Array.isArray, list(callable)],
    ),
    tenant: callable,
    outcome: callable,
    normaliseAction: callable,
    headers: list(headerName),
    query: boolean,
    address,
    requestId: object({ header: headerName, accept: boolean, echo: boolean }),
    stack: boolean,
    redact,
    limits: object({
      record: integer(49_152),
      text: integer(1),
      stack: integer(1, 8_192),
      depth: integer(1, 64),
      entries: integer(1),
    }),
    onTruncate: callable,
    delivery,
    onFailure: oneOf(['open', 'closed']),
    waitUntil: callable,
    deadline: integer(1, MOST_MS),
    streamDeadline: integer(1, MOST_MS),
    retry: object({ attempts: integer(1), base: integer(0, MOST_MS), max: integer(0, MOST_MS) }),
    batch: object({ events: integer(1, 1_000), bytes: integer(1_024) }),
    queue: object({ events: integer(1), bytes: integer(1_024) }),
    deadLetter: either(
      'a dead letter, or a function that makes one',
      [is('function'), fine],
      [isRecord, has(['put'], 'a dead letter: put')],
    ),
    onLoss: callable,
    onError: callable,
    asyncContext: has(['run', 'getStore'], 'an AsyncLocalStorage'),
    ambient: object({ now: callable, elapsed: callable, random: callable }),
  },
  ['store'],
)

/** @throws {AuditError} AUDIT_OPTION_INVALID, naming the first option that is wrong. */
export const checkOptions = (written: AuditOptions): AuditOptions => {
  options(written, '')
  const { redact: rules = {}, address: where = {} } = written
  if (rules.hashKey === undefined && (wantsHash(rules) || where.privacy === 'hash')) {
    fail('redact.hashKey', 'given, for there is a `hash` among the masks')
  }
  return written
}

const wantsHash = ({ mask: standard, keys = [], paths = [] }: RedactOptions): boolean =>
  standard === 'hash' ||
  [...keys, ...paths].some(
    (rule) => typeof rule === 'object' && 'mask' in rule && rule.mask === 'hash',
  )
