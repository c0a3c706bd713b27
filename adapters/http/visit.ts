import type { Context, MiddlewareHandler } from 'hono'
import type { Actor } from '../../src/event/schema.ts'
import type { ScopeHandle } from '../../src/capture/scope.ts'
import type { Stats } from '../../src/deliver/stats.ts'
import type { AnyContext, OwnContext } from '../../src/input.ts'
import type { AuditStore } from '../../src/ports/store.ts'
import type { Reading } from '../../src/read/reading.ts'
import { property } from '../../src/runtime/ambient.ts'

/** What is used of an audit. */
export interface RoutesAudit {
  middleware(): MiddlewareHandler
  tryScope(): ScopeHandle | undefined
  in(where: OwnContext | ScopeHandle): unknown
  store(env?: unknown): AuditStore
  stats(): Stats
}

/** One request of the routes, from when it was let in. */
export interface Visit {
  readonly handle: ScopeHandle
  /** What this reader may see. */
  readonly reading: Reading
  /** The only tenant that there is for this reader; undefined when there are more. */
  readonly tenant: string | null | undefined
  /** It sees all that there is. */
  readonly seesAll: boolean
  /** The list is wanted as lines. */
  readonly wantsLines: boolean
  readonly actor: Actor
  /** What the handler adds to the event of this request. */
  readonly told: Told
}

export interface Told {
  /** How many things were shown. */
  count?: number | undefined
  /** The handler has recorded what it did: there is nothing to add. */
  recorded?: true | undefined
  /** The list that was answered, to be written as lines. */
  lines?: readonly unknown[] | undefined
}

const VISIT = 'edge-audit.visit'

export type RouteEnv = { Variables: { [VISIT]: Visit } }
export type RouteContext = Context<RouteEnv>

export const visitOf = (c: RouteContext): Visit => c.get(VISIT)

export const keepVisit = (c: RouteContext, visit: Visit): void => c.set(VISIT, visit)

const isHandle = (value: unknown): value is ScopeHandle =>
  typeof property(value, 'identify') === 'function'

/**
 * The scope of this request, and of this audit: what another audit put into the context comes second.
 * Undefined when a context was not opened by either, which the middleware before it rules out.
 */
export const handleIn = (
  audit: Pick<RoutesAudit, 'tryScope'>,
  c: AnyContext | RouteContext,
): ScopeHandle | undefined => {
  const found: unknown = audit.tryScope() ?? property(c.var, 'audit')
  return isHandle(found) ? found : undefined
}
