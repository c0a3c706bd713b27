import { amountOf, textOf } from '../../event/data.ts'
import { type FoldedStep, foldProcess, type ProcessState } from '../../event/process.ts'
import type { Actor, AuditEvent, Fault, Outcome } from '../../event/schema.ts'
import { actorsOf, requestIdsOf } from './people.ts'

/** One try at a step. */
export interface Registration {
  /** The id of the event. */
  readonly id: string
  readonly at: number
  readonly outcome: Outcome
  readonly name: string | undefined
  readonly description: string | undefined
  readonly durationMs: number | undefined
  readonly error: Fault | undefined
  readonly actor: Actor
  readonly requestId: string | undefined
}

export interface StepView {
  readonly name: string
  readonly description: string | undefined
  /** How many successes it takes; 0 when nobody declared the step. */
  readonly expects: number
  readonly declared: boolean
  readonly state: ProcessState
  readonly successes: number
  /** All, in order: also those beyond `expects`, and failures that were tried again. */
  readonly registrations: readonly Registration[]
  /** Of the registrations that tell theirs, together; undefined when none does. */
  readonly durationMs: number | undefined
}

export interface ProcessView {
  readonly id: string
  readonly name: string
  readonly tenant: string | null
  readonly description: string | undefined
  /** The id of the process that this one is a part of. */
  readonly parent: string | undefined
  readonly state: ProcessState
  /** Those that were declared, in that order, then those that were not. */
  readonly steps: readonly StepView[]
  /** Undefined while nobody has said that it started. */
  readonly startedAt: number | undefined
  readonly endedAt: number | undefined
  readonly lastAt: number
  /** From the first event to the last. */
  readonly durationMs: number
  /** Everybody who had a part in it, in order. */
  readonly actors: readonly Actor[]
  readonly requestIds: readonly string[]
}

const registrationOf = (event: AuditEvent): Registration => ({
  id: event.id,
  at: event.occurredAt,
  outcome: event.outcome,
  name: textOf(event.data?.['name']),
  description: textOf(event.data?.['description']),
  durationMs: amountOf(event.data?.['durationMs']),
  error: event.error,
  actor: event.actor,
  requestId: event.request?.id,
})

const stepOf = ({ registrations, ...step }: FoldedStep<AuditEvent>): StepView => {
  const shown = registrations.map(registrationOf)
  const durations = shown.flatMap(({ durationMs }) => durationMs ?? [])
  return {
    ...step,
    registrations: shown,
    durationMs: durations.length === 0 ? undefined : durations.reduce((sum, ms) => sum + ms, 0),
  }
}

/** What the events of one process tell of it, in whatever order they come; undefined without any. */
export const processOf = (events: readonly AuditEvent[]): ProcessView | undefined => {
  const folded = foldProcess(events)
  if (folded === undefined) return undefined
  const { marks, started, ended, state, steps } = folded
  const [first] = marks
  const { occurredAt: lastAt } = marks.at(-1) ?? first
  const { action, data, targets, tenant } = started ?? first
  return {
    id: targets[0]?.id ?? '',
    name: targets[0]?.name ?? action,
    tenant,
    description: textOf(data?.['description']),
    parent: textOf(data?.['parent']),
    state,
    steps: steps.map(stepOf),
    startedAt: started?.occurredAt,
    endedAt: ended?.occurredAt,
    lastAt,
    durationMs: lastAt - first.occurredAt,
    actors: actorsOf(marks),
    requestIds: requestIdsOf(marks),
  }
}
