import type { Condition, FilterColumn } from '../../event/condition.ts'
import { meets } from '../../event/meets.ts'
import { conjuncts } from '../../event/tenants.ts'
import type { StoredRow } from '../../event/row.ts'
import type { EventSelection } from '../../ports/store.ts'

const columns: Readonly<Record<FilterColumn, true>> = {
  tenant: true,
  kind: true,
  action: true,
  outcome: true,
  actorType: true,
  actorId: true,
  targetType: true,
  targetId: true,
  requestId: true,
  method: true,
  route: true,
  status: true,
  ip: true,
}

const isColumn = (name: string): name is FilterColumn => Object.hasOwn(columns, name)

/** All that a selection asks for, each of which must be true. */
const askedOf = (query: EventSelection): readonly Condition[] => {
  const { from, to, where } = query
  const equal = Object.keys(columns).flatMap((column): Condition[] => {
    const value = isColumn(column) ? query[column] : undefined
    return value === undefined || !isColumn(column) ? [] : [{ column, in: [value] }]
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
