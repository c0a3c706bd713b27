/**
 * Keeps bodies, and ends events with the last byte of a response.
 * @module
 */
import { fill } from '../../event/fill.ts'
import type { AnyContext } from '../../input.ts'
import type { BodyCapture, BodyFacts, BodyWatch } from '../../seams.ts'
import { property } from '../../runtime/ambient.ts'
import { boolean, integer, list, ms, object, text, that } from '../../shape.ts'
import {
  type BodyResult,
  essence,
  type Reading,
  readingOf,
  typeAllowed,
  valueOfBytes,
} from './reading.ts'
import { isBodiless, watchStream } from './stream.ts'

/** What of bodies is kept. */
export interface BodyOptions {
  /** Keep the request's body, once the handler has read it. @default false */
  readonly request?: boolean | undefined
  /** Keep the response's body. The response is wrapped for it. @default false */
  readonly response?: boolean | undefined
  /** Most bytes that are looked at; a longer body is cut and noted. @default 8_192 */
  readonly limit?: number | undefined
  /**
   * Content types, without parameters; `*` stands for the rest of a name.
   * @default ['application/json', 'application/*+json', 'application/x-www-form-urlencoded', 'multipart/form-data', 'text/*']
   */
  readonly types?: readonly string[] | undefined
  /**
   * Names of the built-in deny list that are captured all the same: `login`, `signin`, `token`,
   * `password`, `reset`, `otp`, `mfa`, `secret`. @default []
   */
  readonly allow?: readonly string[] | undefined
  /**
   * `end`: the event ends with the last byte of the response, which is wrapped, and tells `ended` and
   * the bytes that went out. @default 'head'
   */
  readonly until?: 'head' | 'end' | undefined
  /** Ms after which a response that is wrapped is taken for endless. @default 300_000 */
  readonly deadline?: number | undefined
}

type BodyPlan = { readonly [Name in keyof BodyOptions]-?: NonNullable<BodyOptions[Name]> }

const defaults: BodyPlan = {
  request: false,
  response: false,
  limit: 8_192,
  types: [
    'application/json',
    'application/*+json',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'text/*',
  ],
  allow: [],
  until: 'head',
  deadline: 300_000,
}

const check = object({
  request: boolean,
  response: boolean,
  limit: integer(1),
  types: list(text),
  allow: list(text),
  until: that("one of 'head', 'end'", (value) => value === 'head' || value === 'end'),
  deadline: ms(1),
})

/** Paths on which bodies hold credentials whatever their fields are called. */
const DENIED = ['login', 'signin', 'token', 'password', 'reset', 'otp', 'mfa', 'secret']

/** Whether the built-in deny list keeps the bodies of this path out. */
const isDenied = (path: string, allow: readonly string[]): boolean => {
  const plain = path.toLowerCase().replaceAll(/[-_]/g, '')
  return DENIED.some((name) => !allow.includes(name) && plain.includes(name))
}

const nothing: BodyFacts = { data: {}, cuts: [] }

const factsOf = (name: 'body' | 'responseBody', result: BodyResult | undefined): BodyFacts => {
  if (result === undefined) return nothing
  if (result.kind === 'left-out') return { data: { bodyLeftOut: result.why }, cuts: [] }
  const { cut, value } = result
  return {
    data: { [name]: value },
    cuts: cut === undefined ? [] : [{ field: `data.${name}`, ...cut }],
  }
}

const isReading = (kept: unknown): kept is Reading =>
  typeof property(kept, 'hasSeen') === 'function'

/** What the handler has read before more was said of the request is kept. */
const takeOver = (before: BodyWatch | undefined): Reading | undefined => {
  const reading = before?.kept
  if (isReading(reading) && reading.hasSeen()) return reading
  before?.stop()
  return undefined
}

const wrap = (
  c: AnyContext,
  { until, types, limit, deadline }: BodyPlan,
  response: boolean,
  onEnd: Parameters<BodyWatch['wrap']>[1],
): boolean => {
  const type = essence(c.res.headers.get('content-type'))
  const keeps = response && typeAllowed(type, types)
  if (!keeps && until === 'head') return false
  const { body, status } = c.res
  // There is none, or somebody else reads it already.
  if (isBodiless(c.req.method, status) || body === null || body.locked) return false
  const through = watchStream(body, {
    keep: keeps ? limit : 0,
    deadline,
    onEnd: (ended, responseBytes, kept, thrown) => {
      const result = keeps ? valueOfBytes(type, kept, limit, responseBytes) : undefined
      const { cuts, data } = factsOf('responseBody', result)
      const error = ended === 'error' ? { thrown } : undefined
      return onEnd({ data: { ...data, ended, responseBytes }, cuts, error })
    },
  })
  const wrapped = new Response(through, c.res)
  // Hono merges the headers of the response it had into the new one; they are the same.
  c.res = undefined
  c.res = wrapped
  return true
}

/**
 * Says which bodies are kept, for the `body` of a rule or route. On paths that contain `login`,
 * `signin`, `token`, `password`, `reset`, `otp`, `mfa` or `secret` none is, unless `allow` names it.
 * @throws {AuditError} AUDIT_OPTION_INVALID, naming the first option that is wrong.
 * @example
 * import { createAudit } from 'edge-audit'
 * import { body } from 'edge-audit/body'
 * import { memory } from 'edge-audit/memory'
 * const audit = createAudit({
 *   store: memory(),
 *   rules: [{ match: '/invoices/**', body: body({ request: true }) }],
 * })
 */
export const body = (options: BodyOptions = {}): BodyCapture => {
  check(options, 'body')
  const plan = fill(defaults, options)
  return {
    watch: (c, before) => {
      const denied = isDenied(c.req.path, plan.allow)
      const wantsRequest = plan.request && !denied
      const wantsResponse = plan.response && !denied
      if (!wantsRequest) before?.stop()
      if (!wantsRequest && !wantsResponse && plan.until === 'head') return undefined
      const reading = wantsRequest ? (takeOver(before) ?? readingOf(c, plan)) : undefined
      return {
        kept: reading,
        stop: () => reading?.stop(),
        read: () => {
          const result = reading?.result(plan.limit)
          return result instanceof Promise
            ? result.then((read) => factsOf('body', read))
            : factsOf('body', result)
        },
        wrap: (answered, onEnd) => wrap(answered, plan, wantsResponse, onEnd),
      }
    },
  }
}
