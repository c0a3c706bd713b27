import { AuditError } from '../errors.ts'
import { faultOf } from '../event/fault.ts'
import { KINDS } from '../event/kind.ts'
import type { Redactor } from '../event/redact.ts'
import type { Outcome, Target } from '../event/schema.ts'
import type { Invalid } from '../options.ts'
import type { EventInput, TargetInput } from '../input.ts'
import type { Registry } from '../seams.ts'
import { property } from '../runtime/ambient.ts'
import { actorOf, textOf } from './actor.ts'
import { membersOf } from './members.ts'
import type { Draft } from './scope.ts'

export interface Drafting {
  readonly redactor: Redactor
  readonly mint: (now: number) => string
  readonly now: () => number
  readonly normaliseAction: (action: string) => string
  readonly keepStack: boolean
  readonly demands: Demands | undefined
  readonly onError: (where: string, error: unknown) => void
}

/** What is asked of events: what is missing or wrong is marked, told, and kept. */
export interface Demands {
  readonly needsTarget: (action: string) => boolean
  readonly needsReason: (action: string) => boolean
  readonly registry: Registry | undefined
  readonly onInvalid: (invalid: Invalid) => void
}

export const targetsOf = (
  target: TargetInput | undefined,
  targets: readonly TargetInput[] | undefined,
): readonly Target[] => {
  if (targets === undefined) {
    // As nearly every event has it.
    const one = target === undefined ? [] : targetOf(target)
    return 'id' in one ? [one] : one
  }
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

const kinds: ReadonlySet<unknown> = new Set(KINDS)
export const OUTCOMES: ReadonlySet<unknown> = new Set(['success', 'failure', 'denied', 'unknown'])

/** Paths of what an event lacks, or has wrong; undefined when it is sound. */
const problemsOf = (
  input: EventInput,
  action: string,
  targets: readonly Target[],
  { demands, onError }: Drafting,
): readonly string[] | undefined => {
  if (demands === undefined) return undefined
  const { needsReason, needsTarget, registry } = demands
  const problems: string[] = []
  if (targets.length === 0 && needsTarget(action)) problems.push('target')
  if ((textOf(input.reason) ?? '').trim() === '' && needsReason(action)) problems.push('reason')
  if (registry !== undefined) {
    try {
      // As it was written, or in its one spelling: the registry may hold either.
      const found = registry.check(input.action, input.metadata)
      const others = found.length > 0 || action === input.action
      problems.push(...(others ? found : registry.check(action, input.metadata)))
    } catch (error) {
      onError('actions', error)
    }
  }
  return problems.length === 0 ? undefined : problems
}

/** Lays the event's own metadata over that of its scope. */
const over = (
  extra: Readonly<Record<string, unknown>>,
  own: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => {
  try {
    return { ...extra, ...own }
  } catch {
    // A getter that throws costs the event itself, and none of its neighbours.
    return membersOf(own, Object.keys(own), extra)
  }
}

/** Takes what an app hands over, as it is at this moment. Never throws. */
export const draftOf = (
  input: EventInput,
  extra: Readonly<Record<string, unknown>> | undefined,
  drafting: Drafting,
): Draft => {
  const now = drafting.now()
  const { changes } = input
  const metadata = extra === undefined ? input.metadata : over(extra, input.metadata)
  const targets = targetsOf(input.target, input.targets)
  const error = input.error === undefined ? undefined : faultOf(input.error, drafting.keepStack)
  const id = drafting.mint(now)
  const action = actionOf(input.action, drafting)
  const invalid = problemsOf(input, action, targets, drafting)
  if (invalid !== undefined) drafting.demands?.onInvalid({ id, action, problems: invalid })
  const data = invalid === undefined ? input.data : { ...input.data, invalid }
  return {
    id,
    occurredAt: timeOf(input.occurredAt, now),
    // Types do not bind JavaScript callers, and what is written here must be one of the known words.
    kind: input.kind !== undefined && kinds.has(input.kind) ? input.kind : 'custom',
    action,
    outcome: outcomeOf(input),
    targets,
    error,
    reason: textOf(input.reason),
    prepared: drafting.redactor.prepare({ changes, data, error, metadata, targets }),
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
