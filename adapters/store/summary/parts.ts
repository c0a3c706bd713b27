import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import { RESOLVE } from '../../../src/event/issue.ts'

// What both dialects say alike. Every count is made of `events`, the narrow rows of the range.

const tally = `count(*) as total,
  count(*) filter (where outcome = 'success') as success,
  count(*) filter (where outcome = 'failure') as failure,
  count(*) filter (where outcome = 'denied') as denied,
  count(*) filter (where outcome = 'unknown') as unknown`

const untallied = 'count(*) as total, 0 as success, 0 as failure, 0 as denied, 0 as unknown'

const no = 'cast(null as text)'

// PostgreSQL takes a bare null of a UNION for a text.
const untimed = 'cast(null as numeric) as p50, cast(null as numeric) as p95'

/** Nearest rank: the least duration that so many percent do not exceed. Whole numbers, so exact. */
const percentile = (place: string, many: string, percent: number): string =>
  `max(ms) filter (where ${place} = (${many} * ${percent} + 99) / 100) as p${percent}`

const percentiles = (place: string, many: string): string =>
  `${percentile(place, many, 50)}, ${percentile(place, many, 95)}`

/** The durations in order, among all requests and among those of a route. Null has an order of its own. */
export const ranked: SQL = sql.raw(`ranked as materialized (
  select method, route, outcome, ms,
    row_number() over (partition by ms is null order by ms) as place,
    count(*) over (partition by ms is null) as many,
    row_number() over (partition by method, route, ms is null order by ms) as route_place,
    count(*) over (partition by method, route, ms is null) as route_many
  from events where kind = 'request'
)`)

const endsIn = (word: string): string =>
  `substr('.' || action, length(action) - ${word.length - 1}) = '.${word}'`

/** The event as one of the deeds that are counted, else null. */
export const deed: SQL = sql.raw(`case kind
  when 'change' then case
    when ${endsIn('create')} then 'create'
    when ${endsIn('update')} then 'update'
    when ${endsIn('delete')} then 'delete' end
  when 'access' then 'view'
  when 'auth' then case action when 'login' then 'login' end
  when 'export' then case action
    when 'export' then 'export'
    when 'export.download' then 'download' end
  when 'system' then case action when 'system.error' then 'error' end end`)

const most = (part: string, top: number): SQL =>
  sql`select * from (${sql.raw(part)} order by total desc, name nulls last, detail nulls last limit ${top}) as most`

// D1 takes five selects in a UNION at most.
const union = (parts: readonly SQL[]): SQL => sql.join([...parts], sql` union all `)

/** The counts that are one row, or one for each of a few names. */
export const counts: SQL = union(
  [
    `select 'all' as part, ${no} as name, ${no} as detail, ${tally}, ${untimed} from events`,
    `select 'request', ${no}, ${no}, ${tally}, ${percentiles('place', 'many')} from ranked`,
    `select 'deed', deed, ${no}, ${tally}, ${untimed} from events
      where deed is not null group by deed`,
    `select 'day', cast(day as text), ${no}, ${tally}, ${untimed} from events group by day`,
    `select 'process', state, ${no}, ${untallied}, ${untimed} from processes group by state`,
  ].map((part) => sql.raw(part)),
)

/** The counts of which there may be any number, and that of the issues. */
export const lists = (top: number): SQL =>
  union([
    most(
      `select 'actor' as part, actor_id as name, actor_type as detail, ${tally}, ${untimed}
        from events group by actor_id, actor_type`,
      top,
    ),
    most(
      `select 'action' as part, action as name, kind as detail, ${tally}, ${untimed}
        from events group by action, kind`,
      top,
    ),
    most(
      `select 'route' as part, route as name, method as detail, ${tally},
        ${percentiles('route_place', 'route_many')} from ranked group by route, method`,
      top,
    ),
    sql.raw(`select 'issue', 'open', ${no}, ${untallied}, ${untimed} from issues
      where nth = 1 and action <> '${RESOLVE}'`),
  ])
