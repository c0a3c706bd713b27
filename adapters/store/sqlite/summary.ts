import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import type { SummaryWords } from '../summary/words.ts'

// The functions of JSON throw at a text that is none, so each looks before it reads; CASE alone
// promises not to read what it did not ask for (https://www.sqlite.org/lang_expr.html#case).
const memberOf = (from: string, member: string, types: string, otherwise = 'null'): string =>
  `case when json_type(${from}, '$.${member}') in (${types}) then json_extract(${from}, '$.${member}') else ${otherwise} end`

const ofRecord = (member: string, types: string): SQL =>
  sql.raw(`case when json_valid(record) then ${memberOf('record', member, types)} end`)

const duration = ofRecord('data.durationMs', `'integer', 'real'`)

// A scalar in the list is no JSON of its own.
const step = `(case declared.type when 'object' then declared.value end)`

/** What a summary says in words of SQLite. */
export const summary: SummaryWords = {
  timeOf: (ms) => sql`${ms}`,
  // Division cuts towards zero, and days before 1970 begin earlier.
  day: sql.raw(`(occurred_at - (occurred_at % 86400000 + 86400000) % 86400000) / 86400000`),
  duration: sql`case when ${duration} between 0 and 1e15 then ${duration} end`,
  data: ofRecord('data', `'object'`),
  textOf: (member) => sql.raw(memberOf('data', member, `'text'`)),
  declarations: sql.raw(`select tenant, target_id, occurred_at, started.id, declared.key as place,
    ${memberOf(step, 'name', `'text'`)} as step,
    max(1, ${memberOf(step, 'expects', `'integer', 'real'`, '1')}) as expects
  from started, json_each(${memberOf('data', 'steps', `'array'`, `'[]'`)}) as declared`),
}
