import type { StoredRow } from '../../event/row.ts'
import { deletableAt } from '../policy/due.ts'
import { dueFrom } from '../policy/duration.ts'
import type { Run } from './run.ts'

/** Until when an object with these events is locked, in ms since 1970 UTC; undefined for no lock. */
export const lockedUntil = (
  { policies, lockFor, now }: Pick<Run, 'policies' | 'lockFor' | 'now'>,
  rows: readonly StoredRow[],
): number | undefined => {
  if (lockFor !== undefined) {
    const until = dueFrom(now, lockFor)
    return until === Infinity ? undefined : until
  }
  if (policies.every(({ deleteAfter }) => deleteAfter === undefined)) return undefined
  let last: number | undefined
  for (const row of rows) {
    const at = deletableAt(row, policies)
    if (at === null) return undefined
    last = Math.max(last ?? at, at)
  }
  return last
}
