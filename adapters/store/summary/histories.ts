import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import { OCCURRENCES, REOPEN, RESOLVE } from '../../../src/event/issue.ts'
import type { SummaryQuery } from '../../../src/ports/store.ts'
import { and, byActor, type SummaryWords } from './words.ts'

// Processes and issues are what all their events make of them, also those before the range. The index
// on the target finds these, and that begins with the tenant. It holds null as well, but neither
// dialect looks for null by a list or a join: those without a tenant are read by a select of their own.

type Tenant = SummaryQuery['tenant']

/** The rows of one tenant, of no tenant, or of all: what is `found` of each, under the same conditions. */
const selectOf = (
  tenant: Tenant,
  columns: SQL,
  conditions: readonly SQL[],
  found: { readonly one: readonly SQL[]; readonly none: readonly SQL[]; readonly each: SQL },
): SQL => {
  const select = (more: readonly SQL[]): SQL =>
    sql`select ${columns} from audit_events where ${and([...more, ...conditions])}`
  const none = select([sql`tenant is null`, ...found.none])
  if (tenant === null) return none
  if (tenant !== undefined) return select([sql`tenant = ${tenant}`, ...found.one])
  return sql`${select([found.each])} union all ${none}`
}

/** The state of each process that has an event in the range, from all of its events before its end. */
export const processes = ({ tenant, to }: SummaryQuery, words: SummaryWords): SQL => {
  const history = selectOf(
    tenant,
    sql`tenant, target_id, occurred_at, id, outcome, ${words.data} as data`,
    [sql`target_type = 'process'`, sql`occurred_at < ${words.timeOf(to)}`, sql`kind = 'process'`],
    {
      one: [sql`target_id in (select target_id from touched)`],
      none: [sql`target_id in (select target_id from touched where tenant is null)`],
      each: sql`(tenant, target_id) in (select tenant, target_id from touched where tenant is not null)`,
    },
  )
  return sql`touched as (
  select distinct tenant, target_id from events
  where kind = 'process' and target_type = 'process' and target_id is not null
), history as (${history}), phased as materialized (
  select history.*, ${words.textOf('phase')} as phase from history
), started as (
  select * from phased where phase = 'started'
), declared as (
  select tenant, target_id, step, expects, row_number() over (
    partition by tenant, target_id, step order by occurred_at, id, place
  ) as nth from (${words.declarations}) as declarations where step is not null
), registered as (
  select tenant, target_id, outcome, occurred_at, id,
    coalesce(${words.textOf('step')}, '') as step, ${words.textOf('name')} as name
  from phased where phase = 'registered' and outcome in ('success', 'failure')
), judged as (
  select tenant, target_id, step, outcome, row_number() over (
    partition by tenant, target_id, step, name order by occurred_at desc, id desc
  ) as nth from registered
), marks as (
  select tenant, target_id, step, expects, 0 as successes, 0 as standing
  from declared where nth = 1
  union all
  select tenant, target_id, step, 0, case outcome when 'success' then 1 else 0 end,
    case when nth = 1 and outcome = 'failure' then 1 else 0 end
  from judged
), steps as (
  select tenant, target_id, 1 as ran, sum(standing) as standing,
    case when sum(successes) < max(expects) then 1 else 0 end as short
  from marks group by tenant, target_id, step
), facts as (
  select tenant, target_id, ran, standing, short, 0 as ended from steps
  union all
  select tenant, target_id, 0, 0, 0, case phase when 'ended' then 1 else 0 end from phased
), processes as (
  select case
    when sum(standing) > 0 then 'failed'
    when sum(ran) > 0 and sum(short) = 0 then 'succeeded'
    when sum(ended) > 0 then 'incomplete'
    else 'pending' end as state
  from facts group by tenant, target_id
)`
}

// One look at the index for each tenant there is, where DISTINCT would read all of it.
const tenants = sql`tenants (tenant) as (
  select min(tenant) from audit_events
  union all
  select (select min(audit_events.tenant) from audit_events where audit_events.tenant > tenants.tenant)
  from tenants where tenants.tenant is not null
), `

const quoted = (actions: readonly string[]): SQL => sql.raw(`'${actions.join(`', '`)}'`)

/** What decides whether issues are open, the last word first; of those that concern the actor. */
export const issues = (query: SummaryQuery, { timeOf }: SummaryWords): SQL => {
  const { tenant, to } = query
  const actor = byActor(query)
  const decisive = selectOf(
    tenant,
    sql`tenant, target_id, occurred_at, id, action,
      ${actor === undefined ? sql`1` : sql`case when ${actor} then 1 else 0 end`} as theirs`,
    [
      sql`target_type = 'issue'`,
      sql`occurred_at < ${timeOf(to)}`,
      sql`kind = 'system'`,
      // Every text: said as a range, or SQLite takes the index on the time and reads all that happened.
      sql`target_id >= ''`,
      sql`(action in (${quoted(OCCURRENCES)})
        or (action in (${quoted([RESOLVE, REOPEN])}) and outcome = 'success'))`,
    ],
    {
      one: [],
      none: [],
      each: sql`tenant in (select tenant from tenants where tenant is not null)`,
    },
  )
  return sql`${tenant === undefined ? tenants : sql``}decisive as (${decisive}), concerned as (
  select action, max(theirs) over (partition by tenant, target_id) as theirs, row_number() over (
    partition by tenant, target_id order by occurred_at desc, id desc
  ) as nth from decisive
), issues as (
  select action, nth from concerned where theirs = 1
)`
}
