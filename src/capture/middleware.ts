import type { MiddlewareHandler } from 'hono'
import type { AuditErrorCode } from '../errors.ts'
import type { EventRow } from '../event/row.ts'
import type { Delivery } from '../options.ts'
import type { AnyContext } from '../input.ts'
import type { BodyFacts, BodyWatch } from '../seams.ts'
import { type AsyncContext, property } from '../runtime/ambient.ts'
import { endRows, type Finishing, requestIdOf, takeDrafts } from './finish.ts'
import { textOf } from './actor.ts'
import { type Ending, statedSize } from './request-event.ts'
import { keepRequest, requestFacts } from './request.ts'
import { letGo, type Scope } from './scope.ts'

export interface Mounting extends Finishing {
  readonly owner: object
  readonly scopes: AsyncContext<Scope> | undefined
  readonly open: (c: AnyContext) => Scope
  /** What handlers find in `c.var.audit`. */
  readonly handle: (scope: Scope) => unknown
  readonly elapsed: () => number
  /** Whether work goes on after the response although nobody was told of it. */
  readonly awake: boolean
  readonly track: (sent: Promise<unknown>) => void
  /** The header in which the request id is sent back. */
  readonly echo: string | undefined
  /** Hands rows over. A promise must be awaited before the response; it tells whether they were stored. */
  readonly deliver: (
    rows: readonly EventRow[],
    scope: Scope,
    delivery: Delivery,
  ) => Promise<boolean> | undefined
  /** Whether a response may go that could not be recorded. */
  readonly failOpen: boolean
}

/** RFC 9457 problem details. */
const problem = (status: number, title: string, detail: string, code: AuditErrorCode): Response =>
  Response.json(
    { type: 'about:blank', title, status, detail, code },
    { status, headers: { 'content-type': 'application/problem+json' } },
  )

/** Headers hold ASCII: other characters come percent-encoded (RFC 3986, section 2.1). */
const decoded = (text: string | undefined): string | undefined => {
  try {
    return text && decodeURIComponent(text)
  } catch {
    // A per cent sign of its own.
    return text
  }
}

/** For an app that would rather not answer than not record. */
const unavailable = (): Response =>
  problem(
    503,
    'Service Unavailable',
    'The request was handled, but could not be recorded.',
    'AUDIT_STORE_UNAVAILABLE',
  )

const reasonless = (): Response =>
  problem(400, 'Bad Request', 'Say why: nothing was done.', 'AUDIT_REASON_REQUIRED')

/** Starts to watch the bodies of a request that will have an event, after its route has had its say. */
export const watchBodies = (scope: Scope, c: AnyContext): void => {
  const { override, plan, watch } = scope
  const body = override.body ?? plan.body
  if (body !== false && plan.audited && override.skip !== true) {
    scope.watch = body.watch(c, watch)
    return
  }
  watch?.stop()
  scope.watch = undefined
}

/** Where the context keeps the scope, so that a second mounting finds it without async context. */
const SCOPE = 'edge-audit.scope'

/** Opens a scope around everything below it, and ends it exactly once. */
export const createMiddleware = (mounting: Mounting): MiddlewareHandler => {
  const { scopes, elapsed, onError, deliver } = mounting
  /** Mounted twice, or in an app within the app: the outer scope stands. */
  const isOpen = (c: AnyContext): boolean =>
    property(c.get(SCOPE), 'owner') === mounting.owner ||
    scopes?.getStore()?.c?.req.raw === c.req.raw

  const hand = (
    rows: EventRow[] | Promise<EventRow[]>,
    scope: Scope,
    delivery: Delivery,
  ): Promise<boolean> | undefined => {
    if (!(rows instanceof Promise)) return deliver(rows, scope, delivery)
    const handed = rows.then((resolved) => deliver(resolved, scope, delivery) ?? true)
    scope.work.push(handed)
    if (delivery === 'await' || (scope.release === undefined && !mounting.awake)) return handed
    mounting.track(handed)
    return undefined
  }

  /** The last step: nothing more is delivered with this scope. */
  const close = (scope: Scope): void => {
    scope.ended = true
    letGo(scope)
  }

  const finish = (
    scope: Scope,
    ending: Ending,
    delivery: Delivery,
  ): Promise<boolean> | undefined => {
    const wait = hand(endRows(scope, ending, mounting), scope, delivery)
    close(scope)
    return wait
  }

  /** Ends with what the watch has seen; or with the response's body, which explicit events do not wait for. */
  const finishWatched = (
    scope: Scope,
    c: AnyContext,
    watch: BodyWatch,
    read: BodyFacts,
    ending: Ending,
  ): Promise<boolean> | undefined => {
    const wraps =
      ending.status !== null &&
      watch.wrap(c, ({ cuts, data, error }) => {
        const late: Ending = {
          ...ending,
          bodies: { data: { ...read.data, ...data }, cuts: [...read.cuts, ...cuts] },
          durationMs: elapsed() - scope.startedElapsed,
          failed: ending.failed || error !== undefined,
          thrown: error === undefined ? ending.thrown : error.thrown,
        }
        // Deferred whatever the mode: the response has gone. What must be waited for, the body's end does.
        const sent = safely(scope, () => finish(scope, late, 'defer'))
        return sent?.catch((failure: unknown) => onError('capture', failure))
      })
    return wraps
      ? hand(takeDrafts(scope, mounting), scope, deliveryOf(scope))
      : finish(scope, { ...ending, bodies: read }, deliveryOf(scope))
  }

  /** Whatever goes wrong in here is told, and is not the app's problem. */
  const safely = (
    scope: Scope,
    run: () => Promise<boolean> | undefined,
  ): Promise<boolean> | undefined => {
    try {
      return run()
    } catch (error) {
      onError('capture', error)
      scope.release?.()
      return undefined
    }
  }

  const deliveryOf = (scope: Scope): Delivery => scope.override.delivery ?? scope.plan.delivery

  const end = (
    scope: Scope,
    c: AnyContext,
    failed: boolean,
    thrown: unknown,
  ): Promise<boolean> | undefined => {
    const { watch } = scope
    const answered = !failed && c.finalized
    const ending: Ending = {
      status: answered ? c.res.status : null,
      thrown,
      failed,
      durationMs: elapsed() - scope.startedElapsed,
      responseBytes: answered ? statedSize(c.res) : null,
    }
    if (answered && mounting.echo !== undefined && ending.status !== 101) {
      c.header(mounting.echo, requestIdOf(scope, mounting))
    }
    if (watch === undefined) return finish(scope, ending, deliveryOf(scope))
    watch.stop()
    const read = watch.read()
    return read instanceof Promise
      ? read.then((facts) => finishWatched(scope, c, watch, facts, ending) ?? true)
      : finishWatched(scope, c, watch, read, ending)
  }

  /** Waits, where the app asked for it, and answers 503 where it asked for that. */
  const endSafely = async (
    wait: Promise<boolean> | undefined,
    scope: Scope,
    c: AnyContext,
  ): Promise<void> => {
    try {
      const stored = await wait
      if (stored !== false || mounting.failOpen || deliveryOf(scope) !== 'await') return
      const unsent = c.finalized ? c.res.body : null
      c.res = undefined
      c.res = unavailable()
      // Nobody will read it: what makes it may stop. One that is locked, or breaks, is none of ours.
      unsent?.cancel().catch(() => undefined)
    } catch (error) {
      onError('capture', error)
    }
  }

  /** Reads what the handler, or the end of the request, might take away. */
  const begin = (scope: Scope, c: AnyContext): (() => void) | undefined => {
    try {
      if (scope.plan.audited) scope.facts = requestFacts(c, mounting)
      watchBodies(scope, c)
      return keepRequest(c)
    } catch (error) {
      onError('capture', error)
      return undefined
    }
  }

  /** An answer in place of the handler's: without a reason that must be given, or to one attempt too many. */
  const refusal = async (scope: Scope, c: AnyContext): Promise<Response | undefined> => {
    if (scope.plan.reason !== undefined) {
      scope.reason = reasonIn(c)
      if (scope.plan.reason === 'required' && scope.reason === undefined) {
        scope.override = { ...scope.override, outcome: 'denied' }
        return reasonless()
      }
    }
    return scope.visit?.before?.()
  }

  const reasonIn = (c: AnyContext): string | undefined => {
    try {
      const { reason } = mounting.options
      const text = reason === undefined ? decoded(c.req.header('x-audit-reason')) : reason(c)
      return textOf(text)?.trim() || undefined
    } catch (error) {
      onError('reason', error)
      return undefined
    }
  }

  return async function audit(c, next) {
    if (isOpen(c)) return next()
    const scope = mounting.open(c)
    c.set(SCOPE, scope)
    c.set('audit', mounting.handle(scope))
    // Switched off, paused or in without(): what handlers hold of the audit goes on working.
    if (scope.ended) return scopes === undefined ? next() : scopes.run(scope, next)
    const restore = begin(scope, c)
    try {
      const refused =
        scope.plan.reason === undefined && scope.visit?.before === undefined
          ? undefined
          : await refusal(scope, c)
      if (refused !== undefined) c.res = refused
      else await (scopes === undefined ? next() : scopes.run(scope, next))
    } catch (thrown) {
      // What is no Error passes every middleware and leaves no response; it goes on as it came.
      restore?.()
      await endSafely(
        safely(scope, () => end(scope, c, true, thrown)),
        scope,
        c,
      )
      throw thrown
    }
    restore?.()
    const wait = safely(scope, () => end(scope, c, false, undefined))
    if (wait !== undefined) await endSafely(wait, scope, c)
  }
}
