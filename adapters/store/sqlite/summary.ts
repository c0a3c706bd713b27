import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import type { SummaryQuery, SummaryRow } from '../../../src/ports/store.ts'
import { summaryOf } from '../summary/statement.ts'
import { summaryColumns, type SummaryWords } from '../summary/words.ts'
import type { SqliteDriver } from './driver.ts'
import { valuesOf } from './statements.ts'

// The functions of JSON throw at a text that is none, so each looks before it reads; CASE alone
// promises not to read what it did not ask for (https://www.sqlite.org/lang_expr.html#case).
const memberOf = (from: string, member: string, types: string, otherwise = 'null'): string =>
  `case when json_type(${from}, '$.${member}') in (${types}) then json_extract(${from}, '$.${member}') else ${otherwise} end`

const ofRecord = (member: string, types: string): SQL =>
  sql.raw(`case when json_valid(record) then ${memberOf('record', member, types)} end`)

const duration = ofRecord('data.durationMs', `'integer', 'real'`)

// A scalar in the list is no JSON of its own.
const step = `(case declared.type when 'object' then declared.value end)`

const words: SummaryWords = {
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

/** Counts what the query asks for. */
export const readSummary = async (
  driver: SqliteDriver,
  query: SummaryQuery,
): Promise<readonly SummaryRow[]> => {
  const found = await valuesOf(driver, summaryOf(query, words))
  return found.map((values): SummaryRow => {
    const members: Iterable<readonly unknown[]> = summaryColumns.map((name, index) => [
      name,
      values[index],
    ])
    return Object.fromEntries(members)
  })
}
