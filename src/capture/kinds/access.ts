import type { TargetInput } from '../../input.ts'
import type { Tell, Told } from './told.ts'

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

const isList = (what: unknown): what is ListInput =>
  typeof what === 'object' && what !== null && 'list' in what

export const accessKinds = (record: Tell): AccessKinds => ({
  viewed: (what, told) => {
    if (isList(what)) {
      const { list, count, filter } = what
      const target = { type: list, id: '*' }
      return record({ ...told, kind: 'access', action: 'list', target, data: { count, filter } })
    }
    const targets = 'length' in what ? what : [what]
    return record({ ...told, kind: 'access', action: 'view', targets })
  },
})
