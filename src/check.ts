import { KINDS } from './event/kind.ts'
import { detectors } from './event/secrets.ts'
import { masks } from './event/mask.ts'
import type { AuditOptions } from './options.ts'
import {
  boolean,
  callable,
  filled,
  has,
  headerName,
  integer,
  invalid,
  is,
  isFilled,
  isFunction,
  list,
  matcher,
  ms,
  object,
  oneOf,
  orList,
  text,
  that,
} from './shape.ts'

/** A name without letters or digits would match every other such name. */
const isName = (value: unknown): boolean =>
  value instanceof RegExp || (typeof value === 'string' && /[\p{L}\p{N}]/u.test(value))

const mask = oneOf(...masks)
const delivery = oneOf('defer', 'await')
const key = that('a name or a RegExp', isName)
const isStore = has('append', 'page', 'count', 'get', 'summary', 'migrate', 'close')
const isLetters = has('put')
const isBody = has('watch')

const names = list(filled)

const options = object(
  {
    store: that('a store or a function', (value) => isFunction(value) || isStore(value)),
    enabled: boolean,
    dryRun: that('true, false or a function', is('boolean', 'function')),
    include: list(matcher),
    exclude: list(matcher),
    rules: list(
      object(
        {
          match: matcher,
          audit: boolean,
          sample: that(
            'a number from 0 to 1',
            (value) => typeof value === 'number' && value >= 0 && value <= 1,
          ),
          delivery,
          body: that(
            'false or body() of edge-audit/body',
            (value) => value === false || isBody(value),
          ),
          action: text,
          viewed: callable,
          reason: oneOf('optional', 'required'),
        },
        ['match'],
      ),
    ),
    actor: orList(that('a function or a list of functions', isFunction), callable),
    tenant: callable,
    outcome: callable,
    auth: that('auth() of edge-audit/auth', has('visit')),
    skip: object({
      actions: names,
      actors: names,
      tenants: names,
      kinds: list(oneOf(...KINDS)),
    }),
    require: object({ target: names, reason: names }),
    reason: callable,
    actions: that('defineActions() of edge-audit/actions', has('check')),
    onInvalid: callable,
    systemErrors: boolean,
    lifecycle: that('lifecycle() of edge-audit/lifecycle', has('start')),
    normaliseAction: callable,
    headers: list(headerName),
    query: boolean,
    address: callable,
    requestId: object({ header: headerName, accept: boolean, echo: boolean }),
    stack: boolean,
    redact: object({
      keys: list(
        that('a name, a RegExp or an object', isName, object({ key, mask }, ['key', 'mask'])),
      ),
      allow: list(text),
      paths: list(
        that(
          'a path or an object',
          isFilled,
          object({ path: that('a path', isFilled), mask }, ['path', 'mask']),
        ),
      ),
      mask,
      hash: callable,
      defaults: boolean,
      detect: list(oneOf(...detectors)),
    }),
    limits: object({
      record: integer(49_152),
      text: integer(1),
      stack: integer(1, 8_192),
      depth: integer(1, 64),
      entries: integer(1),
    }),
    onTruncate: callable,
    delivery,
    onFailure: oneOf('open', 'closed'),
    waitUntil: callable,
    deadline: ms(1),
    retry: object({ attempts: integer(1), base: ms(0), max: ms(0) }),
    batch: object({ events: integer(1, 1_000), bytes: integer(1_024) }),
    queue: object({ events: integer(1), bytes: integer(1_024) }),
    deadLetter: that(
      'a dead letter or a function',
      (value) => isFunction(value) || isLetters(value),
    ),
    onLoss: callable,
    onError: callable,
    asyncContext: that('an AsyncLocalStorage', has('run', 'getStore')),
    ambient: object({ now: callable, elapsed: callable, random: callable }),
  },
  ['store'],
)

/** @throws {AuditError} AUDIT_OPTION_INVALID, naming the first option that is wrong. */
export const checkOptions = (written: AuditOptions): AuditOptions => {
  options(written, '')
  const { mask: standard, keys = [], paths = [], hash } = written.redact ?? {}
  if (hash === undefined && written.auth?.attempted === 'hash')
    invalid('redact.hash must be given for auth.attempted: hmac() of edge-audit/hash')
  const used = [standard, ...[...keys, ...paths].map((rule) => Object(rule).mask)]
  if (hash === undefined && used.includes('hash'))
    invalid('redact.hash must be given: hmac() of edge-audit/hash')
  return written
}
