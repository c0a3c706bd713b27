import type { EventInput, TargetInput } from '../../input.ts'
import { peek } from '../../runtime/ambient.ts'
import type { Telling, Told } from './told.ts'

/** A list, or a search, that showed many things at once. */
export interface ListInput {
  /** The type of what it lists. */
  readonly list: string
  /** How many were shown. */
  readonly count?: number | undefined
  /** What was asked for. */
  readonly filter?: unknown
}

export type ViewedInput = Omit<Told, 'target' | 'targets'>

export interface AccessKinds {
  /**
   * Records that something was read: one thing, some, or a list.
   * @example
   * audit.viewed({ type: 'patient', id: 7 })
   * audit.viewed({ list: 'patient', count: 50, filter: { ward: 'B' } })
   */
  viewed(what: TargetInput | readonly TargetInput[] | ListInput, told?: ViewedInput): string
}

/** A thing may have a `list` or a `length` of its own: it has an id too, and a list has none. */
const isList = (what: unknown): what is ListInput =>
  peek(what, 'list') !== undefined && peek(what, 'id') === undefined

/** One thing, or some: what is an array is some. */
export const targetsIn = (
  what: TargetInput | readonly TargetInput[],
): Pick<EventInput, 'target' | 'targets'> =>
  'type' in what && !Array.isArray(what) ? { target: what } : { targets: what }

export const accessKinds = (tell: Telling): AccessKinds => ({
  viewed: (what, told) =>
    isList(what)
      ? tell({ kind: 'access', action: 'list' }, () => {
          const { list, count, filter } = what
          return { ...told, target: { type: list, id: '*' }, data: { count, filter } }
        })
      : tell({ kind: 'access', action: 'view' }, () => ({ ...told, ...targetsIn(what) })),
})
