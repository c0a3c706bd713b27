import { byTime } from '../event/order.ts'
import type { StoredRow } from '../event/row.ts'

/** Rows that come in any order, of which the newest are kept. */
export interface Newest {
  /** One that is there already is passed over. */
  add(row: StoredRow): void
  /** How many came. */
  count(): number
  /** The newest of them, newest first. */
  rows(): readonly StoredRow[]
}

/** Keeps the newest of rows, each once; twice as many are in memory at most. */
export const newestOf = (most: number): Newest => {
  let kept = new Map<string, StoredRow>()
  let count = 0
  const newest = (): readonly StoredRow[] =>
    [...kept.values()].toSorted((one, other) => byTime(other, one)).slice(0, most)
  return {
    add: (row) => {
      if (kept.has(row.id)) return
      count += 1
      kept.set(row.id, row)
      if (kept.size >= 2 * most) kept = new Map(newest().map((one) => [one.id, one]))
    },
    count: () => count,
    rows: newest,
  }
}
