import type { AddressReader, Matcher } from '../../options.ts'
import type { AnyContext } from '../../input.ts'
import { network } from '../../event/address.ts'
import { type Ambient } from '../../runtime/ambient.ts'
import {
  boolean,
  callable,
  headerName,
  integer,
  invalid,
  is,
  list,
  matcher,
  ms,
  object,
  oneOf,
  text,
  that,
} from '../../shape.ts'
import { type Finding, type SecurityRule, severities } from './rule.ts'
import { securityRules } from './rules.ts'

export type Awaitable<Value> = Value | Promise<Value>

export interface SlowOptions {
  /** Milliseconds from which a request is slow. @default 5_000 */
  readonly after?: number | undefined
  /** Other thresholds for some routes; later ones win, and `false` is none. @default [] */
  readonly routes?:
    | readonly { readonly match: Matcher; readonly after: number | false }[]
    | undefined
}

export interface BurstOptions {
  /** So many within a window are a burst. @default 30 */
  readonly count?: number | undefined
  /** @default [401, 403, 404] */
  readonly statuses?: readonly number[] | undefined
}

export interface AllowOptions {
  /** Requests in which nothing is looked for. @default [] */
  readonly paths?: readonly Matcher[] | undefined
  /** Parts of user agents. Any client may send them: let in by address whom you mean. @default [] */
  readonly agents?: readonly (string | RegExp)[] | undefined
  /** Addresses and networks such as `10.0.0.0/8`. @default [] */
  readonly addresses?: readonly string[] | undefined
}

/** What is looked for, and what comes of it. */
export interface SecurityOptions {
  /** @default after 5_000 ms */
  readonly slow?: SlowOptions | false | undefined
  /** @default 30 of 401, 403 and 404 in a window */
  readonly burst?: BurstOptions | false | undefined
  /** Rules of yours, besides `securityRules`. Their patterns must not backtrack. @default [] */
  readonly rules?: readonly SecurityRule[] | undefined
  /** Ids of rules that are switched off. @default [] */
  readonly off?: readonly string[] | undefined
  /** Headers that are judged. @default ['user-agent', 'referer'] */
  readonly headers?: readonly string[] | undefined
  /** Judge JSON, forms and text that the handler reads; after it, so that nothing can be blocked. @default false */
  readonly body?: boolean | undefined
  readonly allow?: AllowOptions | undefined
  /**
   * Asked for each finding before the handler runs. True answers 403 (RFC 9457), a response answers
   * itself; anything else lets the request go on. @default nothing is blocked
   */
  readonly block?:
    | ((c: AnyContext, finding: Finding) => Awaitable<Response | boolean | null | undefined>)
    | undefined
  /** Milliseconds in which equal hits are one event, and its count another. @default 60_000 */
  readonly window?: number | undefined
  readonly limits?:
    | {
        /** Windows that are opened in the time of one; more hits are told in one count. @default 100 */
        readonly windows?: number | undefined
        /** Addresses whose refusals are counted at a time. @default 1_000 */
        readonly addresses?: number | undefined
      }
    | undefined
  /** The client's address, as `createAudit()` takes it. @default what the platform vouches for */
  readonly address?: AddressReader | undefined
  /** The tenant of a count; hits of two tenants are two. @default none */
  readonly tenant?: ((c: AnyContext) => string | null | undefined) | undefined
  /** Told when a function of yours throws. @default one line on the console, once */
  readonly onError?: ((where: string, error: unknown) => void) | undefined
  /** Time, for tests. @default the platform's */
  readonly ambient?: Partial<Pick<Ambient, 'now' | 'elapsed'>> | undefined
}

export const defaults = {
  slow: 5_000,
  burst: 30,
  statuses: [401, 403, 404],
  headers: ['user-agent', 'referer'],
  window: 60_000,
  windows: 100,
  addresses: 1_000,
}

const pattern = that('a RegExp', is('RegExp'))
const places = ['path', 'query', 'header', 'body']
const threshold = that(
  'a whole number from 1 or false',
  (value) => value === false || (Number.isSafeInteger(value) && Number(value) >= 1),
)
const cidr = that(
  'an address or a CIDR such as 10.0.0.0/8',
  (value) => typeof value === 'string' && network(value) !== undefined,
)
const status = integer(400, 599)

const check = object({
  slow: that(
    'false or an object',
    (value) => value === false,
    object({
      after: ms(1),
      routes: list(object({ match: matcher, after: threshold }, ['match', 'after'])),
    }),
  ),
  burst: that(
    'false or an object',
    (value) => value === false,
    object({ count: integer(1), statuses: list(status) }),
  ),
  rules: list(
    object(
      {
        id: that('a name', (value) => typeof value === 'string' && /^[\w.-]{1,64}$/.test(value)),
        category: that(
          'a name',
          (value) => typeof value === 'string' && /^[a-z][\w-]{0,40}$/.test(value),
        ),
        severity: oneOf(...severities),
        source: text,
        where: list(oneOf(...places)),
        headers: list(headerName),
        pattern,
        plain: boolean,
      },
      ['id', 'category', 'severity', 'where', 'pattern'],
    ),
  ),
  off: list(text),
  headers: list(headerName),
  body: boolean,
  allow: object({
    paths: list(matcher),
    agents: list(
      that('a text or a RegExp', (value) => value !== '' && is('string', 'RegExp')(value)),
    ),
    addresses: list(cidr),
  }),
  block: callable,
  window: ms(1),
  limits: object({ windows: integer(1, 100_000), addresses: integer(1, 1_000_000) }),
  address: callable,
  tenant: callable,
  onError: callable,
  ambient: object({ now: callable, elapsed: callable }),
})

/** The rules that hold: ours and the app's, without those that are off. */
export const rulesOf = ({ rules = [], off = [] }: SecurityOptions): readonly SecurityRule[] => {
  const all = [...securityRules, ...rules]
  const ids = new Set<string>()
  for (const { id } of all) {
    if (ids.has(id)) invalid(`rules holds ${id} twice`)
    ids.add(id)
  }
  for (const id of off) if (!ids.has(id)) invalid(`off names no rule: ${id}`)
  return all.filter(({ id }) => !off.includes(id))
}

/** @throws {AuditError} AUDIT_OPTION_INVALID, naming the first option that is wrong. */
export const checkOptions = (options: SecurityOptions): void => check(options, 'security')
