import type { Condition } from '../../event/condition.ts'
import type { StoredRow } from '../../event/row.ts'
import type { Position } from '../../ports/store.ts'
import {
  archivableAt,
  archiveCondition,
  deletableAt,
  deleteCondition,
  type Due,
} from '../policy/due.ts'
import { type Held, heldNow, type Run, unheld } from './run.ts'

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

const PAGE = 1_000

interface Counted {
  readonly held: number
  readonly left: number
  readonly more: boolean
  readonly oldest: StoredRow | undefined
}

const counted = async ({ store }: Run, { where, to }: Due, held: Held): Promise<Counted> => {
  const heldToo =
    held.where === undefined
      ? { count: 0, more: false }
      : await store.count({ where: { and: [where, held.where] }, to, limit: MOST })
  const rest = unheld(where, held)
  const left = await store.count({ where: rest, to, limit: MOST })
  const { rows } =
    left.count === 0
      ? { rows: [] }
      : await store.page({ where: rest, to, order: 'oldest', limit: 1 })
  const more = heldToo.more || left.more
  return { held: heldToo.count, left: left.count, more, oldest: rows[0] }
}

/** The same where there are too many holds to ask for: looks at what is due, the oldest first. */
const lookedAt = async ({ store }: Run, { where, to }: Due, held: Held): Promise<Counted> => {
  let [looked, left] = [0, 0]
  let oldest: StoredRow | undefined
  for (let after: Position | undefined; ;) {
    const { rows, next } = await store.page({ where, to, order: 'oldest', after, limit: PAGE })
    const rest = rows.filter((row) => !held.skips(row))
    oldest ??= rest[0]
    looked += rows.length
    left += rest.length
    const more = next !== null
    if (!more || looked >= MOST) return { held: looked - left, left, more, oldest }
    after = next
  }
}

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
  const { policies, now } = run
  const held = await heldNow(run)
  const { left, more, oldest, ...rest } = await (held.isMuch ? lookedAt : counted)(run, due, held)
  const times =
    oldest === undefined ? [] : [archivableAt(oldest, policies), deletableAt(oldest, policies)]
  const since = Math.min(now, ...times.filter((at) => at !== null))
  return { held: rest.held, left, more, lagMs: now - since }
}
