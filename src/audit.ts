import type { MiddlewareHandler } from 'hono'
import { takeDrafts } from './capture/finish.ts'
import { createMiddleware } from './capture/middleware.ts'
import { handleOf, openScope, recorder } from './capture/open.ts'
import { recordingOf } from './capture/recording.ts'
import { compileRules, jobPlan } from './capture/rules.ts'
import {
  allDone,
  type Override,
  type Recorder,
  type Scope,
  type ScopeHandle,
} from './capture/scope.ts'
import { checkOptions } from './check.ts'
import { createDelivery } from './deliver/delivery.ts'
import { hold } from './deliver/hold.ts'
import { deliverySettings } from './deliver/settings.ts'
import type { Stats } from './deliver/stats.ts'
import { AuditError } from './errors.ts'
import type { ActorInput, AnyContext, AuditOptions } from './options.ts'
import type { AuditStore } from './ports/store.ts'
import { findAsyncContext } from './runtime/ambient.ts'
import { waitUntilFinder } from './runtime/wait-until.ts'

/** Who and what a job is. */
export interface Job {
  /** @default the system */
  readonly actor?: ActorInput | undefined
  readonly tenant?: string | null | undefined
  /** What runs: `cron`, `queue`, `script` … It becomes the actor's `via`. */
  readonly source?: string | undefined
  /** The bindings, where `store` is a function of them. @default those of the platform */
  readonly env?: unknown
}

export interface Audit {
  /** Audits every request below it. Mounted twice, it records once. */
  middleware(): MiddlewareHandler
  /** Says more of the requests of one route, as a middleware of it. */
  route(override: Override): MiddlewareHandler
  /** Records an event of the current scope, or of none. Gives back its id; never throws by default. */
  readonly record: Recorder
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
  migrate(env?: unknown): Promise<readonly string[]>
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
export const createAudit = (written: AuditOptions): Audit => {
  const options = checkOptions(written)
  const delivery = createDelivery(deliverySettings(options))
  const scopes = findAsyncContext<Scope>(options.asyncContext)

  const { waitUntil } = options
  const find = waitUntilFinder()
  const keepAlive = (c: AnyContext | undefined): (() => void) | undefined => {
    if (options.enabled === false) return undefined
    return hold(waitUntil === undefined ? find(c) : (work) => waitUntil(work, c))
  }
  const recording = recordingOf(options, { delivery, hold: keepAlive })
  const plan = compileRules(options, recording.onError)
  const current = (): Scope | undefined => scopes?.getStore()
  const handle = (scope: Scope): ScopeHandle => handleOf(scope, recording)
  const currentHandle = (): ScopeHandle | undefined => {
    const scope = current()
    return scope && handle(scope)
  }

  const runAs = async <Result>(
    job: Job,
    fn: (scope: ScopeHandle) => Result,
  ): Promise<Awaited<Result>> => {
    const via = job.source
    const actor = {
      ...(job.actor ?? { id: 'system', type: 'system' as const }),
      ...(via !== undefined && { via }),
    }
    const release = keepAlive(undefined)
    const override = { actor, tenant: job.tenant }
    const scope = openScope(
      { c: undefined, env: job.env, plan: jobPlan, override, release },
      recording,
    )
    const run = async (): Promise<Awaited<Result>> => await fn(handle(scope))
    try {
      return await (scopes === undefined ? run() : scopes.run(scope, run))
    } finally {
      scope.ended = true
      await recording.deliver(await takeDrafts(scope, recording), scope, 'await')
      await allDone(scope.work)
      release?.()
    }
  }

  return {
    middleware: () =>
      createMiddleware({
        ...recording,
        scopes,
        handle,
        open: (c) => {
          const opening = { c, env: c.env, override: {}, release: keepAlive(c) }
          return openScope({ ...opening, plan: recording.off ? jobPlan : plan(c) }, recording)
        },
      }),
    route: (override) => (c, next) => {
      const scope: ScopeHandle | undefined = currentHandle() ?? c.get('audit')
      scope?.override(override)
      return next()
    },
    record: recorder(current, recording),
    set: (metadata) => currentHandle()?.set(metadata),
    scope: () => {
      const scope = currentHandle()
      if (scope === undefined) throw new AuditError('AUDIT_NO_SCOPE')
      return scope
    },
    tryScope: currentHandle,
    runAs,
    flush: delivery.flush,
    close: delivery.close,
    stats: delivery.stats,
    migrate: (env) => delivery.store(env).migrate(),
    store: delivery.store,
  }
}
