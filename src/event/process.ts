import { isObject, textOf } from './data.ts'
import type { Outcome } from './schema.ts'
import { byTime } from './order.ts'

/** What is asked of an event of a process: that of the schema has it, and what a store makes of a row. */
export interface ProcessMark {
  readonly id: string
  readonly occurredAt: number
  readonly outcome: Outcome
  readonly data?: Readonly<Record<string, unknown>> | undefined
}

export type ProcessState = 'succeeded' | 'failed' | 'incomplete' | 'pending'

export interface FoldedStep<Mark> {
  readonly name: string
  /** How many successes it takes; 0 when nobody declared the step. */
  readonly expects: number
  readonly declared: boolean
  readonly description: string | undefined
  readonly state: ProcessState
  readonly successes: number
  /** In order, also those beyond `expects` and those that were tried again. */
  readonly registrations: readonly Mark[]
}

export interface FoldedProcess<Mark> {
  readonly state: ProcessState
  readonly steps: readonly FoldedStep<Mark>[]
  /** All of them, in order. */
  readonly marks: readonly [Mark, ...Mark[]]
  /** The first that declared the process. */
  readonly started: Mark | undefined
  /** The first that said that nothing more will come. */
  readonly ended: Mark | undefined
}

const phaseIs =
  (phase: string) =>
  ({ data }: ProcessMark): boolean =>
    data?.['phase'] === phase

type Declared = Pick<FoldedStep<never>, 'name' | 'expects' | 'description'>

const declaredIn = ({ data }: ProcessMark): readonly Declared[] => {
  const steps: unknown = data?.['steps']
  if (!Array.isArray(steps)) return []
  return steps.flatMap((step: unknown) => {
    if (!isObject(step) || typeof step['name'] !== 'string') return []
    const { name, expects, description } = step
    const wanted = typeof expects === 'number' && expects >= 1 ? expects : 1
    return [{ name, expects: wanted, description: textOf(description) }]
  })
}

/** The last word on each name: a failure stands until the same name succeeds. */
const failureStands = (registrations: readonly ProcessMark[]): boolean => {
  const last = new Map<string | undefined, Outcome>()
  for (const { data, outcome } of registrations)
    if (outcome === 'success' || outcome === 'failure') last.set(textOf(data?.['name']), outcome)
  return [...last.values()].includes('failure')
}

const unfinished = (ended: boolean): ProcessState => (ended ? 'incomplete' : 'pending')

const stateOf = (steps: readonly FoldedStep<unknown>[], ended: boolean): ProcessState => {
  if (steps.some(({ state }) => state === 'failed')) return 'failed'
  // Nothing that ran is no success, so a step that only has undecided registrations is not enough.
  const ran = steps.some(({ declared, successes }) => declared || successes > 0)
  const done = steps.every(({ declared, state }) => !declared || state === 'succeeded')
  return ran && done ? 'succeeded' : unfinished(ended)
}

/** Registrations by step. One of no step at all still counts, as one of a step without a name. */
const registeredIn = <Mark extends ProcessMark>(
  marks: readonly Mark[],
): ReadonlyMap<string, readonly Mark[]> => {
  const registered = new Map<string, Mark[]>()
  for (const mark of marks.filter(phaseIs('registered'))) {
    const name = textOf(mark.data?.['step']) ?? ''
    const known = registered.get(name)
    if (known === undefined) registered.set(name, [mark])
    else known.push(mark)
  }
  return registered
}

const stepOf = <Mark extends ProcessMark>(
  { name, expects, description }: Declared,
  registrations: readonly Mark[],
  ended: boolean,
): FoldedStep<Mark> => {
  const successes = registrations.filter(({ outcome }) => outcome === 'success').length
  const enough = successes >= Math.max(1, expects)
  const state = enough ? 'succeeded' : unfinished(ended)
  return {
    name,
    expects,
    declared: expects > 0,
    description,
    state: failureStands(registrations) ? 'failed' : state,
    successes,
    registrations,
  }
}

/**
 * Folds the events of one process, in whatever order they come. What is declared first counts, and
 * later declarations only add steps. A registration that is neither success nor failure decides nothing.
 */
export const foldProcess = <Mark extends ProcessMark>(
  events: readonly Mark[],
): FoldedProcess<Mark> | undefined => {
  const [first, ...rest] = events.toSorted(byTime)
  if (first === undefined) return undefined
  const marks: readonly [Mark, ...Mark[]] = [first, ...rest]
  const starts = marks.filter(phaseIs('started'))
  const ended = marks.find(phaseIs('ended'))

  const registered = registeredIn(marks)
  const declared = new Map<string, Declared>()
  for (const step of starts.flatMap(declaredIn))
    if (!declared.has(step.name)) declared.set(step.name, step)

  const isOver = ended !== undefined
  const steps = [...new Set([...declared.keys(), ...registered.keys()])].map((name) =>
    stepOf(
      declared.get(name) ?? { name, expects: 0, description: undefined },
      registered.get(name) ?? [],
      isOver,
    ),
  )
  return { state: stateOf(steps, isOver), steps, marks, started: starts[0], ended }
}
