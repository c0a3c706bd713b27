import { sql } from 'drizzle-orm'
import type { SummaryWords } from '../summary/words.ts'
import { timeOf } from './times.ts'

const textOf = (from: string, member: string): string =>
  `case jsonb_typeof(${from} -> '${member}') when 'string' then ${from} ->> '${member}' end`

const numberOf = (from: string, member: string): string =>
  `case jsonb_typeof(${from} -> '${member}') when 'number' then (${from} ->> '${member}')::numeric end`

// audit_json() comes by a migration: null where the record is no JSON. What is no object has no members.
// `offset 0` keeps the planner from putting it, and so reading the record, wherever `data` stands.

/** What a summary says in words of PostgreSQL. */
export const summary: SummaryWords = {
  timeOf,
  day: sql.raw(`floor(extract(epoch from occurred_at) / 86400)`),
  duration: sql.raw(`(
    select case when ms between 0 and 1e15 then ms end
    from (select ${numberOf('data', 'durationMs')} as ms
      from (select audit_json(record) -> 'data' as data offset 0) as parsed) as numbers)`),
  data: sql.raw(`audit_json(record) -> 'data'`),
  textOf: (member) => sql.raw(textOf('data', member)),
  declarations: sql.raw(`select tenant, target_id, occurred_at, started.id, declared.place,
    ${textOf('declared.step', 'name')} as step,
    greatest(1, ${numberOf('declared.step', 'expects')}) as expects
  from started cross join lateral jsonb_array_elements(
    case jsonb_typeof(data -> 'steps') when 'array' then data -> 'steps' else '[]' end
  ) with ordinality as declared (step, place)`),
}
