import type { Captured, Redactor } from '../event/redact.ts'
import type { EventRow } from '../event/row.ts'
import type { Actor, Kind, Outcome, RequestFacts } from '../event/schema.ts'
import type { ActorResolver, AnyContext } from '../input.ts'
import { actorOf, anonymous, resolveActor, system } from './actor.ts'
import { tellOwn } from './own.ts'
import { draftOf, tenantOf } from './record.ts'
import { type AddressReader, incomingId, requestFacts, routeOf } from './request.ts'
import { type Describing, type Ending, outcomeOf, requestEvent } from './request-event.ts'
import type { Draft, Scope } from './scope.ts'

export interface Finishing extends Describing {
  readonly redactor: Redactor
  readonly resolvers: readonly ActorResolver[]
  readonly readAddress: AddressReader
  readonly idHeader: string | undefined
  /** Ms that a resolver of the actor may take. */
  readonly patience: number
  /** A number from 0 to 1, for sampling. */
  readonly chance: () => number
  readonly sampledOut: () => void
  /** What `skip` leaves out; undefined when it leaves nothing out. */
  readonly skips:
    | ((kind: Kind, action: string, actor: Actor, tenant: string | null) => boolean)
    | undefined
  readonly skipped: () => void
}

/** The id of the scope's request: the one that came in, or a new one. Undefined outside of requests. */
export const requestIdOf = (scope: Scope, { idHeader, mint }: Finishing): string | undefined => {
  if (scope.c === undefined) return undefined
  scope.requestId ??=
    (idHeader === undefined ? undefined : incomingId(scope.c, idHeader)) ?? mint(scope.startedAt)
  return scope.requestId
}

/** Uses a value now, or when it is there. */
const withValue = <Value, Result>(
  value: Value | Promise<Value>,
  use: (value: Value) => Result | Promise<Result>,
): Result | Promise<Result> => (value instanceof Promise ? value.then(use) : use(value))

/** Who acts in this scope: what it was told, then the resolvers, then nobody. */
export const actorIn = (scope: Scope, finishing: Finishing): Actor | Promise<Actor> => {
  const told = actorOf(scope.override.actor)
  if (told !== undefined) return told
  if (scope.c === undefined) return system
  const found = resolveActor(finishing.resolvers, scope.c, finishing)
  return found instanceof Promise ? found.then((actor) => actor ?? anonymous) : (found ?? anonymous)
}

export const tenantIn = (scope: Scope, { options, onError }: Finishing): string | null => {
  const told = tenantOf(scope.override.tenant)
  if (told !== undefined) return told
  if (scope.c === undefined || options.tenant === undefined) return null
  try {
    return tenantOf(options.tenant(scope.c)) ?? null
  } catch (error) {
    onError('tenant', error)
    return null
  }
}

/** From where, for those that are judged by it; of the others the request event tells. */
const FROM_WHERE: ReadonlySet<Kind> = new Set(['auth', 'security'])

const fromWhere = (scope: Scope, c: AnyContext, id: string, finishing: Finishing): RequestFacts => {
  const { geo, ip, ipFrom, userAgent } = (scope.facts ?? requestFacts(c, finishing)).request
  return { geo, id, ip, ipFrom, userAgent }
}

/** Gives drafts the actor, tenant and request of their scope. */
const draftRows = (
  drafts: readonly Draft[],
  scope: Scope | undefined,
  actor: Actor,
  finishing: Finishing,
): EventRow[] => {
  if (drafts.length === 0) return []
  const { redactor, skips } = finishing
  const id = scope === undefined ? undefined : requestIdOf(scope, finishing)
  const c = scope?.c
  const scopeTenant = scope === undefined ? null : tenantIn(scope, finishing)
  const brief = id === undefined ? undefined : { id }
  let detailed: RequestFacts | undefined
  const rows: EventRow[] = []
  for (const draft of drafts) {
    const { action, id: own, kind, occurredAt, outcome, prepared, reason } = draft
    const who = draft.actor ?? actor
    const tenant = draft.tenant === undefined ? scopeTenant : draft.tenant
    if (skips?.(kind, action, who, tenant) === true) {
      finishing.skipped()
      continue
    }
    const known =
      FROM_WHERE.has(kind) && scope !== undefined && c !== undefined && id !== undefined
        ? (detailed ??= fromWhere(scope, c, id, finishing))
        : brief
    const { request: told, targets } = draft
    const request = told === undefined ? known : { ...known, ...told, id: told.id ?? id ?? '' }
    const event = {
      action,
      actor: who,
      id: own,
      kind,
      occurredAt,
      outcome,
      reason,
      request,
      targets,
      tenant,
    }
    rows.push(redactor.redact(event, prepared))
  }
  return rows
}

/** Rows of what the scope has recorded so far, taken out of it. */
export const takeDrafts = (
  scope: Scope,
  finishing: Finishing,
): EventRow[] | Promise<EventRow[]> => {
  const { drafts } = scope
  if (drafts.length === 0) return []
  scope.drafts = []
  return withValue(actorIn(scope, finishing), (actor) => draftRows(drafts, scope, actor, finishing))
}

/** The row of a single draft, inside a scope or out of any. */
export const draftRow = (
  draft: Draft,
  scope: Scope | undefined,
  finishing: Finishing,
): EventRow[] | Promise<EventRow[]> =>
  withValue(draft.actor ?? (scope === undefined ? system : actorIn(scope, finishing)), (actor) =>
    draftRows([draft], scope, actor, finishing),
  )

/** Whether the request event is kept: not by rule, by its route or by sampling left out. */
const isKept = (scope: Scope, outcome: Outcome, finishing: Finishing): boolean => {
  const { plan, override } = scope
  if (!plan.audited || override.skip === true) return false
  if (outcome !== 'success' || plan.sample >= 1 || finishing.chance() < plan.sample) return true
  finishing.sampledOut()
  return false
}

/** The rows of a request that is over: what it recorded, then the request event, with one actor. */
export const endRows = (
  scope: Scope,
  ending: Ending,
  finishing: Finishing,
): EventRow[] | Promise<EventRow[]> => {
  const { c, visit } = scope
  if (c === undefined) return takeDrafts(scope, finishing)
  const outcome = outcomeOf(scope, ending, finishing)
  const kept = isKept(scope, outcome, finishing)
  tellOwn(scope, c, ending, outcome, finishing)
  const { drafts } = scope
  const visits = visit !== undefined && !(scope.told !== undefined && visit.isTold(scope.told))
  if (!visits) visit?.drop()
  if (!kept && drafts.length === 0 && !visits) return []
  scope.drafts = []
  // Taken now: the response is on its way when the actor is known.
  const answer = visits ? answerOf(c, ending, visit.reads) : undefined
  const occurredAt = finishing.now()
  const rowsWith = (actor: Actor): EventRow[] => {
    const rows = draftRows(drafts, scope, actor, finishing)
    if (!kept) return rows
    const who = { actor, tenant: tenantIn(scope, finishing), outcome }
    const event = captured(scope, c, ending, who, finishing)
    if (finishing.skips?.('request', event.action, actor, who.tenant) === true) finishing.skipped()
    else rows.push(finishing.redactor.redact(event))
    return rows
  }
  return withValue(actorIn(scope, finishing), (actor) => {
    if (!visits) return rowsWith(actor)
    const known = { told: actorOf(scope.override.actor), actor }
    return visit.end(ending.failed || c.error !== undefined, answer, known).then((event) => {
      drafts.push(draftOf({ ...event, occurredAt }, scope.extra, finishing))
      // A copy that nobody read to its end: what fills it may stop.
      if (answer !== c.res) answer?.body?.cancel().catch(() => undefined)
      return rowsWith(actor)
    })
  })
}

/** The response for a route of `auth`: its status, or all of it where a function of the app's reads it. */
const answerOf = (c: AnyContext, { failed }: Ending, reads: boolean): Response | undefined => {
  if (failed || !c.finalized) return undefined
  try {
    return reads ? c.res.clone() : c.res
  } catch {
    // A body that somebody reads already: its status is still there.
    return c.res
  }
}

/** The request event; should something of it be unreadable, then what is left of it. */
const captured = (
  scope: Scope,
  c: AnyContext,
  ending: Ending,
  who: Parameters<typeof requestEvent>[3],
  finishing: Finishing,
): Captured => {
  const id = requestIdOf(scope, finishing) ?? ''
  try {
    const { query, request } = scope.facts ?? requestFacts(c, finishing)
    request.id = id
    request.route = routeOf(c)
    return requestEvent(scope, c, ending, who, request, query, finishing)
  } catch (error) {
    finishing.onError('capture', error)
    const { method, path } = c.req
    return {
      ...who,
      id: finishing.mint(scope.startedAt),
      occurredAt: scope.startedAt,
      kind: 'request',
      action: `http.${method.toLowerCase()}`,
      targets: [],
      request: { id, method, path },
      data: { status: ending.status },
    }
  }
}
