import { filters } from '../../event/columns.ts'
import type { Condition } from '../../event/condition.ts'
import { meets } from '../../event/meets.ts'
import { conjuncts } from '../../event/bounds.ts'
import type { StoredRow } from '../../event/row.ts'
import type { EventSelection } from '../../ports/store.ts'

/** All that a selection asks for, each of which must be true. */
const askedOf = (query: EventSelection): readonly Condition[] => {
  const { from, to, where } = query
  const equal = filters.flatMap((column): Condition[] => {
    const value = query[column]
    return value === undefined ? [] : [{ column, in: [value] }]
  })
  const isTimed = from !== undefined || to !== undefined
  return [
    ...equal,
    ...(isTimed ? [{ column: 'occurredAt', from, to } as const] : []),
    ...(where === undefined ? [] : conjuncts(where)),
  ]
}

/** Whether a row is asked for. */
export const selects = (query: EventSelection): ((row: StoredRow) => boolean) => {
  const and = askedOf(query)
  return (row) => meets(row, { and })
}
