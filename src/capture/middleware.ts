import type { MiddlewareHandler } from 'hono'
import type { EventRow } from '../event/row.ts'
import type { AnyContext, Delivery } from '../options.ts'
import { type AsyncContext, property } from '../runtime/ambient.ts'
import { type BodyResult, essence, typeAllowed, valueOfBytes, watchBody } from './body.ts'
import { endRows, type Finishing, requestIdOf, takeDrafts } from './finish.ts'
import { type Ending, statedSize } from './request-event.ts'
import { type BodyPlan, isDenied, planBody } from './rules.ts'
import { allDone, type Scope } from './scope.ts'
import { isBodiless, watchStream } from './stream.ts'

export interface Mounting extends Finishing {
  readonly owner: object
  readonly scopes: AsyncContext<Scope> | undefined
  readonly open: (c: AnyContext) => Scope
  /** What handlers find in `c.var.audit`. */
  readonly handle: (scope: Scope) => unknown
  readonly elapsed: () => number
  readonly streamDeadline: number
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

/** RFC 9457 problem details, for an app that would rather not answer than not record. */
const unavailable = (): Response =>
  Response.json(
    {
      type: 'about:blank',
      title: 'Service Unavailable',
      status: 503,
      detail: 'The request was handled, but could not be recorded in the audit trail.',
      code: 'AUDIT_STORE_UNAVAILABLE',
    },
    { status: 503, headers: { 'content-type': 'application/problem+json' } },
  )

/** The bodies that this scope keeps, after its route has had its say; none on denied paths. */
const bodyPlan = (scope: Scope, c: AnyContext): BodyPlan | undefined => {
  const body = planBody(scope.override.body, scope.plan.body)
  if (body === undefined || !isWanted(scope)) return undefined
  return isDenied(c.req.path, body.allow) ? undefined : body
}

/** Whether there will be a request event, unless sampling leaves it out. */
const isWanted = ({ plan, override }: Scope): boolean => plan.audited && override.skip !== true

/** Starts to remember what the handler reads of the body, if that is wanted, or stops it. */
export const watchRequest = (scope: Scope, c: AnyContext): void => {
  const body = bodyPlan(scope, c)
  const { watch } = scope
  if (body?.request === true && watch?.hasSeen() === true) return
  watch?.stop()
  scope.watch = body?.request === true ? watchBody(c, body) : undefined
}

/** The body that is to be watched, or null: there is none, or somebody else reads it already. */
const watchable = (c: AnyContext): ReadableStream<Uint8Array> | null => {
  const { body, status } = c.res
  return isBodiless(c.req.method, status) || body === null || body.locked ? null : body
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
    const { release, work } = scope
    if (release !== undefined) allDone(work).then(release, release)
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

  /** Lets the body through and ends with it. Explicit events do not wait for that. */
  const finishWithBody = (
    scope: Scope,
    c: AnyContext,
    body: ReadableStream<Uint8Array>,
    ending: Ending,
    keep: BodyPlan | undefined,
  ): Promise<boolean> | undefined => {
    const type = essence(c.res.headers.get('content-type'))
    const wait = hand(takeDrafts(scope, mounting), scope, deliveryOf(scope))
    const through = watchStream(body, {
      keep: keep?.limit ?? 0,
      deadline: mounting.streamDeadline,
      onEnd: (ended, responseBytes, kept, thrown) => {
        const responseBody: BodyResult | undefined =
          keep === undefined ? undefined : valueOfBytes(type, kept, keep.limit, responseBytes)
        finishQuietly(scope, {
          ...ending,
          ended,
          responseBytes,
          responseBody,
          durationMs: elapsed() - scope.startedElapsed,
          failed: ending.failed || ended === 'error',
          thrown: ended === 'error' ? thrown : ending.thrown,
        })
      },
    })
    const { res } = c
    const wrapped = new Response(through, res)
    // Hono merges the headers of the response it had into the new one; they are the same.
    c.res = undefined
    c.res = wrapped
    return wait
  }

  const finishQuietly = (scope: Scope, ending: Ending): void => {
    try {
      // Deferred whatever the mode: the response has gone.
      const late = finish(scope, ending, 'defer')
      late?.catch((error: unknown) => onError('capture', error))
    } catch (error) {
      onError('capture', error)
      scope.release?.()
    }
  }

  const deliveryOf = (scope: Scope): Delivery => scope.override.delivery ?? scope.plan.delivery

  const end = (
    scope: Scope,
    c: AnyContext,
    failed: boolean,
    thrown: unknown,
  ): Promise<boolean> | undefined => {
    scope.watch?.stop()
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
    const keep = answered ? responseKeep(scope, c) : undefined
    const wraps =
      answered && ((scope.plan.until === 'body' && isWanted(scope)) || keep !== undefined)
    const stream = wraps ? watchable(c) : null
    const kept = bodyPlan(scope, c)
    const body = kept?.request === true ? scope.watch?.result(kept.limit) : undefined
    if (body instanceof Promise) {
      const ended = body.then((value) =>
        stream === null
          ? (finish(scope, { ...ending, body: value }, deliveryOf(scope)) ?? true)
          : (finishWithBody(scope, c, stream, { ...ending, body: value }, keep) ?? true),
      )
      return ended
    }
    const whole = body === undefined ? ending : { ...ending, body }
    return stream === null
      ? finish(scope, whole, deliveryOf(scope))
      : finishWithBody(scope, c, stream, whole, keep)
  }

  /** The plan of a response body that is to be kept. */
  const responseKeep = (scope: Scope, c: AnyContext): BodyPlan | undefined => {
    const body = bodyPlan(scope, c)
    if (body?.response !== true) return undefined
    return typeAllowed(essence(c.res.headers.get('content-type')), body.types) ? body : undefined
  }

  /** Whatever goes wrong in here is told, and is not the app's problem. */
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

  const endNow = (
    scope: Scope,
    c: AnyContext,
    failed: boolean,
    thrown: unknown,
  ): Promise<boolean> | undefined => {
    try {
      return end(scope, c, failed, thrown)
    } catch (error) {
      onError('capture', error)
      scope.release?.()
      return undefined
    }
  }

  return async function audit(c, next) {
    if (isOpen(c)) return next()
    const scope = mounting.open(c)
    c.set(SCOPE, scope)
    c.set('audit', mounting.handle(scope))
    watchRequest(scope, c)
    try {
      await (scopes === undefined ? next() : scopes.run(scope, next))
    } catch (thrown) {
      // What is no Error passes every middleware and leaves no response; it goes on as it came.
      await endSafely(endNow(scope, c, true, thrown), scope, c)
      throw thrown
    }
    const wait = endNow(scope, c, false, undefined)
    if (wait !== undefined) await endSafely(wait, scope, c)
  }
}
