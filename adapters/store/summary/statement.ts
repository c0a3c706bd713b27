import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import type { SummaryQuery } from '../../../src/ports/store.ts'
import { issues, processes } from './histories.ts'
import { counts, deed, lists, ranked } from './parts.ts'
import { and, byActor, type SummaryWords } from './words.ts'

/** One statement that counts everything, so that all counts are of one moment. */
export const summaryOf = (query: SummaryQuery, words: SummaryWords): SQL => {
  const { from, to, tenant, top } = query
  const conditions = [
    sql`occurred_at >= ${words.timeOf(from)}`,
    sql`occurred_at < ${words.timeOf(to)}`,
  ]
  if (tenant === null) conditions.unshift(sql`tenant is null`)
  else if (tenant !== undefined) conditions.unshift(sql`tenant = ${tenant}`)
  const actor = byActor(query)
  if (actor !== undefined) conditions.push(actor)
  return sql`with recursive events as materialized (
  select tenant, kind, action, outcome, actor_id, actor_type, target_type, target_id, method, route,
    ${words.day} as day, ${deed} as deed,
    case kind when 'request' then ${words.duration} end as ms
  from audit_events where ${and(conditions)}
), ${ranked}, ${processes(query, words)}, ${issues(query, words)},
counts as (${counts}), lists as (${lists(top)})
select * from counts union all select * from lists`
}
