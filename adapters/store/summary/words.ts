import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import type { SummaryQuery, SummaryRow } from '../../../src/ports/store.ts'

/** The columns of a summary, in the order in which they are selected. */
export const summaryColumns = [
  'part',
  'name',
  'detail',
  'total',
  'success',
  'failure',
  'denied',
  'unknown',
  'p50',
  'p95',
] as const satisfies readonly (keyof SummaryRow)[]

/** What each dialect says in words of its own. */
export interface SummaryWords {
  /** A time to compare `occurred_at` with. */
  timeOf(ms: number): SQL
  /** The number of the day of `occurred_at`. */
  readonly day: SQL
  /** `data.durationMs` of `record` if that is a number, else null. */
  readonly duration: SQL
  /** `data` of `record`, to look for members in, else null. */
  readonly data: SQL
  /** A member of the column `data` if that is a text, else null. */
  textOf(member: 'phase' | 'step' | 'name'): SQL
  /** The steps that the rows of `started` declare: their place in the list, name and `expects`. */
  readonly declarations: SQL
}

export const and = (conditions: readonly SQL[]): SQL => sql.join([...conditions], sql` and `)

/** The events by the actor who is asked for; undefined when nobody is. */
export const byActor = ({ actorId, actorType }: SummaryQuery): SQL | undefined => {
  const conditions: SQL[] = []
  if (actorId !== undefined) conditions.push(sql`actor_id = ${actorId}`)
  if (actorType !== undefined) conditions.push(sql`actor_type = ${actorType}`)
  return conditions.length === 0 ? undefined : and(conditions)
}
