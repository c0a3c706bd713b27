import type { ProcessState } from '../../event/process.ts'
import { processOf, type ProcessView } from '../fold/process.ts'
import { checkParameters, someOf, type Wanted } from '../parameters.ts'
import type { Reading } from '../reading.ts'
import { type ListOptions, listOf, listParameters, type Listing } from './list.ts'
import type { Partly, Recipe } from './thing.ts'

export interface ProcessesOptions extends ListOptions {
  /** Those that were in this state at `to`, or in one of these. @default any */
  readonly state?: ProcessState | readonly ProcessState[] | undefined
}

export interface ProcessList extends Listing {
  readonly processes: readonly Partly<ProcessView>[]
}

export const processRecipe: Recipe<ProcessView> = {
  kind: 'process',
  targetType: 'process',
  fold: processOf,
  needs: ['data.phase', 'data.step', 'data.steps', 'data.name'],
}

const states: Readonly<Record<ProcessState, true>> = {
  succeeded: true,
  failed: true,
  incomplete: true,
  pending: true,
}

const parameters: Readonly<Record<keyof ProcessesOptions, Wanted>> = {
  ...listParameters,
  state: someOf(states),
}

/**
 * Lists the processes whose last event is in the span, the latest first, each as all its events before
 * `to` make it. Only these tell its state, so a page with `state` may come out short, or empty, and yet
 * have a `next`. Pages show each process once; what reaches the store late, having happened before
 * `to`, may move its process to a page that was read already. To a reader with a fence the events
 * outside of it are not there: a process is what those inside make it.
 * @throws {AuditError} AUDIT_QUERY_INVALID, naming the parameter, or what of `data` this reader is not
 * shown; else what the store rejects with.
 * @example
 * import { processes } from 'edge-audit/views'
 * const { processes: failed, next } = await processes(audit, { tenant: 'acme', state: 'failed' })
 * const names = failed.map(({ name, lastAt }) => `${name} ${new Date(lastAt).toISOString()}`)
 */
export const processes = async (
  audit: Reading,
  options: ProcessesOptions = {},
  env?: unknown,
): Promise<ProcessList> => {
  checkParameters(options, parameters)
  const { state } = options
  const wanted = state === undefined ? undefined : [state].flat()
  const keep = (view: ProcessView): boolean => wanted?.includes(view.state) ?? true
  const { views, ...page } = await listOf(
    audit,
    processRecipe,
    options,
    { asked: [wanted], keep },
    env,
  )
  return { processes: views, ...page }
}
