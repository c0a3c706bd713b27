import type { Condition } from '../event/condition.ts'
import { archivableAt, archiveCondition, deletableAt, deleteCondition, type Due } from './due.ts'
import { heldNow, type Run, unheld } from './run.ts'

/** How far behind its policies the trail is. */
export interface Behind {
  /** Live events that are due and held, up to 10,000. */
  readonly held: number
  /** Live events that are due and were not come to, up to 10,000. */
  readonly left: number
  /** There may be more of either. */
  readonly more: boolean
  /** Ms for which the oldest of those that are left has been due. */
  readonly lagMs: number
}

const MOST = 10_000

const dueNow = ({ policies, now }: Run): Due | undefined => {
  const both = [archiveCondition(policies, now), deleteCondition(policies, now)]
  const due = both.filter((one) => one !== undefined)
  const [only, ...rest] = due
  if (only === undefined || rest.length === 0) return only
  const bounded = due.map(({ where, to }): Condition => ({
    and: [where, { column: 'occurredAt', to }],
  }))
  return { where: { or: bounded }, to: Math.max(...due.map(({ to }) => to)) }
}

/** Counts what is due and still there, within bounds. */
export const behindOf = async (run: Run): Promise<Behind> => {
  const due = dueNow(run)
  if (due === undefined) return { held: 0, left: 0, more: false, lagMs: 0 }
  const { store, policies, now } = run
  const held = await heldNow(run)
  const { where, to } = due
  const heldToo =
    held.where === undefined
      ? { count: 0, more: false }
      : await store.count({ where: { and: [where, held.where] }, to, limit: MOST })
  const rest = unheld(where, held)
  const left = await store.count({ where: rest, to, limit: MOST })
  const [oldest] =
    left.count === 0 ? [] : (await store.page({ where: rest, to, order: 'oldest', limit: 1 })).rows
  const times =
    oldest === undefined ? [] : [archivableAt(oldest, policies), deletableAt(oldest, policies)]
  const since = Math.min(now, ...times.filter((at) => at !== null))
  const more = heldToo.more || left.more
  return { held: heldToo.count, left: left.count, more, lagMs: now - since }
}
