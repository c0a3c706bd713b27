import type { MiddlewareHandler } from 'hono'
import { textOf } from './capture/actor.ts'
import { type Job, runJob } from './capture/job.ts'
import { type Kinds, kindsOf } from './capture/kinds/kinds.ts'
import { createMiddleware } from './capture/middleware.ts'
import {
  counted,
  handleOf,
  openScope,
  record,
  recorder,
  recorderIn,
  surroundingsOf,
} from './capture/open.ts'
import { actionOf } from './capture/record.ts'
import { recordingOf } from './capture/recording.ts'
import { compileRules, jobPlan } from './capture/rules.ts'
import type { EventOf, Override, Scope, ScopeHandle, TypedRecorder } from './capture/scope.ts'
import { type Switches, switches } from './capture/switches.ts'
import { checkOptions } from './check.ts'
import { createDelivery } from './deliver/delivery.ts'
import { hold } from './deliver/hold.ts'
import { deliverySettings } from './deliver/settings.ts'
import type { Stats } from './deliver/stats.ts'
import { AuditError } from './errors.ts'
import type { AuditOptions } from './options.ts'
import type { AnyContext, EventInput, OwnContext } from './input.ts'
import type { Registry } from './seams.ts'
import type { AuditStore, MigrateOptions } from './ports/store.ts'
import { findAsyncContext } from './runtime/ambient.ts'
import { waitUntilFinder } from './runtime/wait-until.ts'
import { within } from './runtime/within.ts'

export interface Audit<Schemas = unknown> extends Kinds, Switches {
  /** Audits every request below it. Mounted twice, it records once. */
  middleware(): MiddlewareHandler
  /** Says more of the requests of one route, as a middleware of it. */
  route(override: Override): MiddlewareHandler
  /** Records an event of the current scope, or of none. Gives back its id; never throws by default. */
  readonly record: TypedRecorder<Schemas>
  /** An event with the context of now, its time and `extra`, to be recorded later with `record`. */
  event<Action extends string>(event: EventOf<Schemas, Action>): EventOf<Schemas, Action>
  /** All that records, for the scope of this context or handle, where there is no async context. */
  in(where: OwnContext | ScopeHandle): Kinds & { readonly record: TypedRecorder<Schemas> }
  /**
   * Asks for a reason before the deed.
   * @throws {AuditError} AUDIT_REASON_REQUIRED when `require.reason` names the action and there is none.
   */
  demand(action: string, reason: string | undefined): void
  /** Adds to the metadata of the current request event. Outside of a request it does nothing. */
  set(metadata: Readonly<{ [name: string]: unknown }>): void
  /** @throws {AuditError} AUDIT_NO_SCOPE outside of a request or job. */
  scope(): ScopeHandle
  tryScope(): ScopeHandle | undefined
  /** Runs a cron job, a queue message or a script in a scope of its own, and stores what it recorded. */
  runAs<Result>(job: Job, fn: (scope: ScopeHandle) => Result): Promise<Awaited<Result>>
  /** Resolves when all that was captured before has come to its end. Never rejects. */
  flush(): Promise<void>
  /** Flushes and closes the store. What comes later goes to the dead letter, or is told. */
  close(): Promise<void>
  stats(): Stats
  /** Creates or updates the tables. Safe when many call it at once. */
  migrate(env?: unknown, options?: MigrateOptions): Promise<readonly string[]>
  /** The store of these bindings, for reading. */
  store(env?: unknown): AuditStore
}

/**
 * Makes the audit of an app.
 * @throws {AuditError} AUDIT_OPTION_INVALID for every wrong option, now and never in a request.
 * @example
 * const audit = createAudit({ store: libsql({ url: 'file:audit.db' }) })
 * const app = new Hono().use(audit.middleware())
 */
export const createAudit = <Schemas = unknown>(
  written: AuditOptions & {
    readonly actions?: (Registry & { readonly schemas?: Schemas }) | undefined
  },
): Audit<Schemas> => {
  const options = checkOptions(written)
  const delivery = createDelivery(deliverySettings(options))
  const scopes = findAsyncContext<Scope>(options.asyncContext)

  const { waitUntil } = options
  const find = waitUntilFinder()
  const keepAlive = (c: AnyContext | undefined): (() => void) | undefined => {
    if (options.enabled === false) return undefined
    return hold(waitUntil === undefined ? find(c) : (work) => waitUntil(work, c))
  }
  const uncounted = recordingOf(options, { delivery, hold: keepAlive })
  const recording = counted(uncounted, delivery.store)
  const { state } = recording
  const plan = compileRules(options, recording.onError)
  const current = (): Scope | undefined => scopes?.getStore()
  const handle = (scope: Scope): ScopeHandle => handleOf(scope, recording)
  const currentHandle = (): ScopeHandle | undefined => {
    const scope = current()
    return scope && handle(scope)
  }
  const tell = (event: EventInput, scope: Scope | undefined): void => {
    record(event, scope, recording)
  }
  const { lifecycle } = options
  const opened = (scope: Scope): void => {
    if (lifecycle === undefined || state.started || state.off || scope.muted !== undefined) return
    state.started = true
    const { env, startedAt } = scope
    const asked = lifecycle.start(
      options,
      () => delivery.store(env),
      (event) => tell(event, scope),
      startedAt,
    )
    // A job waits for it, and a store may never answer.
    const started = within(asked, recording.patience)
      // A store that is down, or has no tables yet, is told of when something is stored.
      .catch((error: unknown) => recording.onError('lifecycle', error))
    scope.work.push(started)
    recording.track(started)
  }
  const open = (c: AnyContext): Scope => {
    const outer = current()
    if (state.off || outer?.muted !== undefined) {
      // Nobody ends it: should auditing be resumed before the response, what is recorded goes at once.
      const idle = { c, env: c.env, override: {}, release: undefined, plan: jobPlan }
      const { muted } = outer ?? {}
      if (muted !== undefined) muted.count++
      return { ...openScope(idle, recording), ended: true, muted }
    }
    const opening = { c, env: c.env, override: {}, release: keepAlive(c) }
    const visit = options.auth?.visit(
      c,
      surroundingsOf(() => scope, delivery.store, recording),
    )
    const scope: Scope = openScope({ ...opening, plan: plan(c), visit }, recording)
    opened(scope)
    return scope
  }
  const recordHere = recorder(current, recording)
  const kindsIn = (where: OwnContext | ScopeHandle) => {
    const record = recorderIn(where) ?? recordHere
    return { ...kindsOf(record, recording), record }
  }

  const audit: Audit = {
    middleware: () =>
      createMiddleware({
        ...recording,
        scopes,
        handle,
        open,
      }),
    route: (override) => (c, next) => {
      const scope: ScopeHandle | undefined = currentHandle() ?? c.get('audit')
      scope?.override(override)
      return next()
    },
    ...kindsOf(recordHere, recording),
    ...switches(recording, scopes, options.enabled !== false),
    record: recordHere,
    in: kindsIn,
    event: (event) => {
      try {
        const metadata = { ...current()?.extra, ...event.metadata }
        return { occurredAt: recording.now(), ...event, metadata }
      } catch (error) {
        recording.onError('event', error)
        return event
      }
    },
    demand: (action, reason) => {
      const given = (textOf(reason) ?? '').trim() !== ''
      if (given || state.off || !recording.needsReason(actionOf(action, recording))) return
      throw new AuditError('AUDIT_REASON_REQUIRED', action)
    },
    set: (metadata) => currentHandle()?.set(metadata),
    scope: () => {
      const scope = currentHandle()
      if (scope === undefined) throw new AuditError('AUDIT_NO_SCOPE')
      return scope
    },
    tryScope: currentHandle,
    runAs: (job, fn) => runJob(job, fn, recording, scopes, opened),
    flush: delivery.flush,
    close: async () => {
      if (lifecycle !== undefined && state.started) tell(lifecycle.stop, undefined)
      state.started = false
      await delivery.close()
    },
    stats: delivery.stats,
    migrate: (env, asked) => delivery.store(env).migrate(asked),
    store: delivery.store,
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- schemas bind the compiler alone
  return audit as Audit<Schemas>
}
