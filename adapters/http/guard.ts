import type { MiddlewareHandler } from 'hono'
import { AuditError } from '../../src/errors.ts'
import { preferred } from './accept.ts'
import { admit } from './admit.ts'
import type { Refusal } from './limits.ts'
import type { Operation } from './operation.ts'
import type { Settings } from './options.ts'
import { longestIn } from './filter.ts'
import { isForeign, isJson } from './origin.ts'
import { problem, type ProblemResponse, wrongParameters } from './problem.ts'
import { type Came, outcomeOfStatus, outcomeOfThrown, readingEvent, type Reads } from './tell.ts'
import {
  handleIn,
  keepVisit,
  type RouteContext,
  type RouteEnv,
  type RoutesAudit,
  type Told,
} from './visit.ts'

export const JSON_TYPE = 'application/json'
export const LINES_TYPE = 'application/x-ndjson'

export interface Counters {
  readonly requests: (caller: string, now: number) => Refusal | undefined
  readonly exports: (caller: string, now: number) => Refusal | undefined
}

const secure = (c: RouteContext): void => {
  c.header('cache-control', 'no-store')
  c.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
  c.header('cross-origin-resource-policy', 'same-origin')
  c.header('referrer-policy', 'no-referrer')
  c.header('x-content-type-options', 'nosniff')
}

const methodsOf = ({ method }: Operation): readonly string[] =>
  method === 'GET' ? ['GET', 'HEAD', 'OPTIONS'] : ['POST', 'OPTIONS']

export const tooMany = (c: RouteContext, { wait }: Refusal): ProblemResponse =>
  problem(c, 429, 'Too many requests: wait a little.', {
    headers: { 'Retry-After': String(Math.ceil(wait / 1_000)) },
  })

/** What of a POST is no request that a page of this origin, or a program, would send. */
const refusedPost = (
  c: RouteContext,
): readonly [refused: string, answer: ProblemResponse] | undefined => {
  if (isForeign(c)) return ['origin', problem(c, 403, 'It was sent from another origin.')]
  if (isJson(c)) return undefined
  return ['content-type', problem(c, 415, `The content-type must be ${JSON_TYPE}.`)]
}

const asLines = (c: RouteContext, lines: readonly unknown[]): void => {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  // The headers of the answer that it takes the place of are kept, but for its type.
  c.res = c.body(text, 200, { 'Content-Type': `${LINES_TYPE}; charset=utf-8` })
}

const INCLUDE = 'includeArchive'

/** Lets a request in, or answers in its place; and tells of either. */
export const guard =
  (
    audit: RoutesAudit,
    operation: Operation,
    settings: Settings,
    counters: Counters,
  ): MiddlewareHandler<RouteEnv> =>
  async (c, next) => {
    const handle = handleIn(audit, c)
    if (handle === undefined) throw new AuditError('AUDIT_NO_SCOPE')
    const { action, answer, lines, method } = operation
    // Nothing of a file is handed out to who asks for its headers.
    const reads: Reads =
      c.req.method === 'HEAD' && operation.reads.kind === 'export'
        ? { ...operation.reads, kind: 'view' }
        : operation.reads
    const { limits, now } = settings
    if (settings.delivery !== undefined) handle.override({ delivery: settings.delivery })
    const tell = (came: Came): void => {
      handle.record(readingEvent(reads, { id: c.req.param('id'), url: c.req.url }, came))
    }
    secure(c)
    if (c.req.url.length > limits.url) {
      tell({ outcome: 'failure', refused: 'url' })
      const parameter = longestIn(c.req.url, limits.url)
      const detail = 'is longer than a URL may be'
      const errors = parameter === undefined ? undefined : [{ parameter, detail }]
      return problem(c, 414, `A URL may have ${limits.url} characters.`, { errors })
    }
    const methods = methodsOf(operation)
    const allow = { Allow: methods.join(', ') }
    if (c.req.method === 'OPTIONS') return c.body(null, 204, allow)
    if (!methods.includes(c.req.method))
      return problem(c, 405, `It takes ${allow.Allow}.`, { headers: allow })

    const { actor, ip } = await handle.identify()
    const caller = actor.type === 'anonymous' ? `ip ${ip}` : `${actor.type} ${actor.id}`
    const refusal = counters.requests(caller, now())
    if (refusal !== undefined) {
      // One event for each window: a flood of requests is none of events.
      if (refusal.isFirst) tell({ outcome: 'denied', refused: 'limit' })
      return tooMany(c, refusal)
    }

    const told: Told = {}
    try {
      const includeArchive = INCLUDE in operation.query && c.req.query(INCLUDE) === 'true'
      const admitted = await admit(audit, c, action, settings, includeArchive)
      if ('refused' in admitted) {
        tell({ outcome: 'denied', ...admitted })
        return problem(c, 403, 'You may not do this.')
      }
      if (includeArchive && settings.archive === undefined) {
        tell({ outcome: 'failure', refused: 'archive' })
        const detail = 'must be left out: these routes know of no archive'
        return wrongParameters(c, [{ parameter: INCLUDE, detail }])
      }
      const refused = method === 'POST' ? refusedPost(c) : undefined
      if (refused !== undefined) {
        tell({ outcome: 'denied', refused: refused[0] })
        return refused[1]
      }
      const type = preferred(
        c.req.raw.headers.get('accept'),
        lines === undefined ? [JSON_TYPE] : [JSON_TYPE, LINES_TYPE],
      )
      if (type === undefined && answer !== undefined) {
        tell({ outcome: 'failure', refused: 'accept' })
        return problem(c, 406, `It can be had as ${JSON_TYPE}${lines ? ` and ${LINES_TYPE}` : ''}.`)
      }
      const late = reads.kind === 'export' ? counters.exports(caller, now()) : undefined
      if (late !== undefined) {
        if (late.isFirst) tell({ outcome: 'denied', refused: 'limit' })
        return tooMany(c, late)
      }
      keepVisit(c, { ...admitted, actor, handle, told, wantsLines: type === LINES_TYPE })
      await next()
    } catch (thrown) {
      tell({ outcome: outcomeOfThrown(thrown), error: thrown })
      throw thrown
    }
    if (c.error !== undefined) tell({ outcome: outcomeOfThrown(c.error), error: c.error })
    else if (told.recorded !== true)
      tell({ outcome: outcomeOfStatus(c.res.status), count: told.count })
    if (told.lines !== undefined && c.error === undefined) asLines(c, told.lines)
    return undefined
  }
