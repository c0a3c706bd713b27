import { any } from '../../event/alternatives.ts'
import type { Condition } from '../../event/condition.ts'

/** Conditions that stand in one row. */
const WIDTH = 10

/**
 * Any of the conditions, however many. Each one more in a row makes an expression one deeper, and
 * SQLite takes no more than a hundred on D1; so they are put together in a tree.
 */
export const anyOf = (conditions: readonly Condition[]): Condition => {
  if (conditions.length <= WIDTH) return any(conditions)
  const rows = Math.ceil(conditions.length / WIDTH)
  return anyOf(
    Array.from({ length: rows }, (_, row) => any(conditions.slice(row * WIDTH, (row + 1) * WIDTH))),
  )
}
