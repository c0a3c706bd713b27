import type { Condition } from '../../event/condition.ts'
import { coveredBy, type HoldScope, isHeld as isCovered } from '../../event/hold.ts'
import type { StoredRow } from '../../event/row.ts'
import type { Hold } from '../../ports/ledger.ts'
import { anyOf } from '../policy/any-of.ts'

const inForce = (holds: readonly Hold[]): readonly Hold[] =>
  holds.filter(({ released }) => released === undefined)

/** Whether a hold that is not released covers the event. */
export const isHeld = (row: StoredRow, holds: readonly Hold[]): boolean =>
  isCovered(row, inForce(holds))

interface Group {
  readonly scope: HoldScope
  /** Of targets; of none where it is not asked for an id. */
  readonly ids: readonly string[]
}

/** Holds that differ by the id of a target alone, together: each by itself takes many words of SQL. */
const groupsOf = (holds: readonly HoldScope[]): readonly Group[] => {
  const groups = new Map<string, Group>()
  for (const { tenant, actor, target, from, to } of holds) {
    const { type, id } = target ?? {}
    const scope = { tenant, actor, target: type === undefined ? undefined : { type }, from, to }
    const key = JSON.stringify([scope, id === undefined])
    const before = groups.get(key)?.ids ?? []
    groups.set(key, { scope, ids: id === undefined ? [] : [...before, id] })
  }
  return [...groups.values()]
}

const conditionOf = ({ scope, ids }: Group): Condition => {
  const { target, ...rest } = scope
  if (target === undefined || ids.length === 0) return coveredBy(scope)
  return { and: [coveredBy(rest), { some: 'targets', type: target.type, ids }] }
}

/**
 * Whether a hold that is not released covers an event, for a store to decide; undefined without any.
 * Of holds that differ in more than the id of a target D1 takes some 200 in one question.
 */
export const heldCondition = (holds: readonly Hold[]): Condition | undefined => {
  const groups = groupsOf(inForce(holds))
  return groups.length === 0 ? undefined : anyOf(groups.map(conditionOf))
}
