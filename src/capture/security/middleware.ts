/**
 * Tells of slow requests, of attacks and of bursts of refusals.
 * @module
 */
import type { MiddlewareHandler } from 'hono'
import { errorOnConsole, quietly } from '../../console.ts'
import { fill } from '../../event/fill.ts'
import type { AnyContext } from '../../input.ts'
import { ambient } from '../../runtime/ambient.ts'
import { routeOf } from '../request.ts'
import { createBursts } from './burst.ts'
import { burstFinding, probeOf, slowOf } from './incident.ts'
import { createLook, type Look } from './look.ts'
import { createNotebook, type Noted, type SecurityAudit } from './notebook.ts'
import { checkOptions, defaults, type SecurityOptions } from './options.ts'
import type { Finding } from './rule.ts'
import { slowThreshold } from './slow.ts'
import { watchBody } from './watch.ts'

export type { SecurityAudit } from './notebook.ts'
export type { AllowOptions, BurstOptions, SecurityOptions, SlowOptions } from './options.ts'
export type { Finding, SecurityRule, Severity, Where } from './rule.ts'
export { securityRules } from './rules.ts'

export type SecurityMiddleware = MiddlewareHandler & {
  /**
   * Records what was counted and not told yet: before `audit.flush()` at the end of a process, or on a
   * schedule. A request does the same for windows that are over.
   */
  readonly flush: () => void
}

/** RFC 9457 problem details, for a request that the app's hook refused. */
const forbidden = (): Response =>
  Response.json(
    { type: 'about:blank', title: 'Forbidden', status: 403, detail: 'The request was refused.' },
    { status: 403, headers: { 'content-type': 'application/problem+json' } },
  )

/** Where the context keeps who judged it: mounted again further down, the middleware lets it pass. */
const JUDGED = 'edge-audit.security'

const nobody: Look = { address: undefined, client: undefined, allowed: true, findings: [] }

/**
 * Judges requests and records what it finds; nothing is blocked unless `block` says so. A middleware of
 * its own: mount it below `audit.middleware()`, or above.
 * @throws {AuditError} AUDIT_OPTION_INVALID, naming the first option that is wrong.
 * @example
 * import { Hono } from 'hono'
 * import { createAudit } from 'edge-audit'
 * import { memory } from 'edge-audit/memory'
 * import { security } from 'edge-audit/security'
 * const audit = createAudit({ store: memory() })
 * const app = new Hono().use(audit.middleware()).use(security(audit))
 */
export const security = (
  audit: SecurityAudit,
  options: SecurityOptions = {},
): SecurityMiddleware => {
  checkOptions(options)
  const { now, elapsed } = fill({ now: ambient.now, elapsed: ambient.elapsed }, options.ambient)
  const byConsole = errorOnConsole()
  const onError = quietly(options.onError ?? byConsole, byConsole)
  const { block, burst, limits = {}, tenant } = options
  const length = options.window ?? defaults.window
  const { count = defaults.burst, statuses = defaults.statuses } =
    burst === false ? {} : (burst ?? {})
  const refusals = new Set<number>(burst === false ? [] : statuses)
  const bursts = createBursts(count, length, limits.addresses ?? defaults.addresses)
  const { judge, look } = createLook(options, onError)
  const threshold = slowThreshold(options.slow)
  const most = limits.windows ?? defaults.windows
  const notebook = createNotebook({ audit, length, most, now, elapsed, tenant, onError })
  const owner = {}

  /** A mistake in here, or in a function of the app's, is told and is not the request's problem. */
  const safely = <Value>(where: string, otherwise: Value, run: () => Value): Value => {
    try {
      return run()
    } catch (error) {
      onError(where, error)
      return otherwise
    }
  }

  /** Asks the app about each finding, and about a burst that goes on. The first yes counts. */
  const refused = async (
    block: NonNullable<SecurityOptions['block']>,
    c: AnyContext,
    { allowed, client, findings }: Look,
  ): Promise<{ readonly answer: Response; readonly findings: readonly Finding[] } | undefined> => {
    if (allowed) return undefined
    const going = client !== undefined && bursts.running(client, elapsed())
    for (const finding of going ? [...findings, burstFinding(c.req.path)] : findings) {
      try {
        const said = await block(c, finding)
        const answer = said === true ? forbidden() : said
        if (answer instanceof Response)
          return {
            answer,
            findings: findings.includes(finding) ? findings : [...findings, finding],
          }
      } catch (error) {
        onError('block', error)
      }
    }
    return undefined
  }

  const slowIn = (c: AnyContext, started: number): readonly Noted[] => {
    const durationMs = elapsed() - started
    const most = threshold(c)
    if (most === undefined || durationMs < most) return []
    return [{ judged: slowOf(c.req.method, routeOf(c), durationMs, most), count: 1 }]
  }

  const burstIn = (c: AnyContext, { allowed, client }: Look): readonly Noted[] => {
    // Of clients that nobody knows one would answer for all.
    if (allowed || client === undefined || !c.finalized || !refusals.has(c.res.status)) return []
    const hits = bursts.note(client, elapsed())
    return hits === 0 ? [] : [{ judged: probeOf(burstFinding(c.req.path), false), count: hits }]
  }

  const conclude = (c: AnyContext, seen: Look, body: readonly Finding[], started: number): void => {
    const found = [...seen.findings, ...body.filter(({ category }) => isNew(seen, category))]
    const noted = found.map((finding) => ({ judged: probeOf(finding, false), count: 1 }))
    const burst = safely('burst', [], () => burstIn(c, seen))
    const slow = safely('slow', [], () => slowIn(c, started))
    notebook.note(c, seen, [...noted, ...burst, ...slow])
  }

  const handler: MiddlewareHandler = async function security(c, next) {
    if (c.get(JUDGED) === owner) return next()
    c.set(JUDGED, owner)
    const started = elapsed()
    const seen = safely('security', nobody, () => look(c))
    const no = block === undefined ? undefined : await refused(block, c, seen)
    if (no !== undefined) {
      const noted = no.findings.map((finding) => ({ judged: probeOf(finding, true), count: 1 }))
      notebook.note(c, seen, noted)
      return no.answer
    }
    const read =
      options.body === true && !seen.allowed
        ? safely('body', undefined, () => watchBody(c))
        : undefined
    try {
      return await next()
    } finally {
      const body = read === undefined ? [] : safely('body', [], () => judge(read()))
      conclude(c, seen, body, started)
    }
  }
  return Object.assign(handler, { flush: notebook.flush })
}

const isNew = ({ findings }: Look, category: string): boolean =>
  !findings.some((finding) => finding.category === category)
