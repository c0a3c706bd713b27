import { AuditError } from '../errors.ts'
import { faultOf } from '../event/fault.ts'
import type { Redactor } from '../event/redact.ts'
import type { Outcome, Target } from '../event/schema.ts'
import type { TargetInput } from '../options.ts'
import { property } from '../runtime/ambient.ts'
import { actorOf, textOf } from './actor.ts'
import type { Draft, EventInput } from './scope.ts'

export interface Drafting {
  readonly redactor: Redactor
  readonly mint: (now: number) => string
  readonly now: () => number
  readonly normaliseAction: (action: string) => string
  readonly keepStack: boolean
  readonly onError: (where: string, error: unknown) => void
}

export const targetsOf = (
  target: TargetInput | undefined,
  targets: readonly TargetInput[] | undefined,
): readonly Target[] => {
  if (target === undefined && targets === undefined) return []
  const all: readonly unknown[] = [target, ...(Array.isArray(targets) ? targets : [])]
  return all.flatMap(targetOf)
}

/** A target as text; what is none is left out, for types do not bind JavaScript callers. */
const targetOf = (one: unknown): Target | [] => {
  const id = textOf(property(one, 'id'))
  if (id === undefined) return []
  return {
    id,
    name: textOf(property(one, 'name')),
    type: textOf(property(one, 'type')) ?? 'unknown',
  }
}

/** Gives an action its one spelling; one that is empty or no text is told and called `unnamed`. */
export const actionOf = (action: unknown, { normaliseAction, onError }: Drafting): string => {
  try {
    const name = typeof action === 'string' ? normaliseAction(action) : ''
    if (name !== '') return name
    onError('record', new AuditError('AUDIT_EVENT_INVALID', 'action is empty'))
  } catch (error) {
    onError('normaliseAction', error)
  }
  return 'unnamed'
}

/** The texts among them, as they are now: types do not bind JavaScript callers. */
const factsOf = (facts: EventInput['request']): Draft['request'] => {
  if (typeof facts !== 'object' || facts === null) return undefined
  const texts = Object.entries(facts).filter(([, value]) => typeof value === 'string')
  const { geo } = facts
  return { ...Object.fromEntries(texts), ...(typeof geo === 'object' && geo !== null && { geo }) }
}

const timeOf = (at: number | Date | undefined, now: number): number => {
  const time = at === undefined ? now : Number(at)
  return Number.isSafeInteger(Math.trunc(time)) && time >= 0 ? Math.trunc(time) : now
}

const KINDS = new Set<unknown>([
  'request',
  'auth',
  'process',
  'change',
  'access',
  'export',
  'system',
  'security',
  'custom',
])
export const OUTCOMES: ReadonlySet<unknown> = new Set(['success', 'failure', 'denied', 'unknown'])

/** Takes what an app hands over, as it is at this moment. Never throws. */
export const draftOf = (input: EventInput, drafting: Drafting): Draft => {
  const now = drafting.now()
  const { changes, data, metadata } = input
  const targets = targetsOf(input.target, input.targets)
  const error = input.error === undefined ? undefined : faultOf(input.error, drafting.keepStack)
  return {
    id: drafting.mint(now),
    occurredAt: timeOf(input.occurredAt, now),
    // Types do not bind JavaScript callers, and what is written here must be one of the known words.
    kind: input.kind !== undefined && KINDS.has(input.kind) ? input.kind : 'custom',
    action: actionOf(input.action, drafting),
    outcome: outcomeOf(input),
    targets,
    error,
    reason: textOf(input.reason),
    prepared: drafting.redactor.prepare({ changes, data, metadata, error, targets }),
    actor: actorOf(input.actor),
    tenant: tenantOf(input.tenant),
    request: factsOf(input.request),
  }
}

const outcomeOf = ({ outcome, error }: EventInput): Outcome => {
  if (outcome === undefined) return error === undefined ? 'success' : 'failure'
  return OUTCOMES.has(outcome) ? outcome : 'unknown'
}

/** A tenant as text; undefined asks the scope. */
export const tenantOf = (tenant: unknown): string | null | undefined =>
  tenant === null ? null : textOf(tenant)
