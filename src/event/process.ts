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

const stateOf = (steps: readonly FoldedStep<unknown>[], ended: boolean): ProcessState => {
  if (steps.some(({ state }) => state === 'failed')) return 'failed'
  const open = ended ? 'incomplete' : 'pending'
  // Nothing that ran is no success, so a step that only has undecided registrations is not enough.
  if (!steps.some(({ declared, successes }) => declared || successes > 0)) return open
  return steps.every(({ declared, state }) => !declared || state === 'succeeded')
    ? 'succeeded'
    : open
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

  const registered = new Map<string, Mark[]>()
  const steps = new Map<string, Declared>()
  for (const step of starts.flatMap(declaredIn))
    if (!steps.has(step.name)) steps.set(step.name, step)
  for (const mark of marks.filter(phaseIs('registered'))) {
    // A registration of no step at all still counts, as one of a step without a name.
    const name = textOf(mark.data?.['step']) ?? ''
    const known = registered.get(name)
    if (known === undefined) registered.set(name, [mark])
    else known.push(mark)
  }

  const folded = [...new Set([...steps.keys(), ...registered.keys()])].map((name) => {
    const declared = steps.get(name)
    const { expects = 0, description } = declared ?? {}
    const registrations = registered.get(name) ?? []
    const successes = registrations.filter(({ outcome }) => outcome === 'success').length
    const enough = successes >= Math.max(1, expects)
    const open = ended === undefined ? 'pending' : 'incomplete'
    const state: ProcessState = failureStands(registrations)
      ? 'failed'
      : enough
        ? 'succeeded'
        : open
    return {
      name,
      expects,
      declared: declared !== undefined,
      description,
      state,
      successes,
      registrations,
    }
  })
  return {
    state: stateOf(folded, ended !== undefined),
    steps: folded,
    marks,
    started: starts[0],
    ended,
  }
}
