import { sql } from 'drizzle-orm'
import type { ColumnType, LedgerRunner, LedgerWords } from '../keep/words.ts'
import { conditionOf } from '../query/condition.ts'
import type { PgDriver } from './driver.ts'
import { auditArchivedEvents } from './keep-table.ts'
import { words as asked } from './query.ts'
import { rowsOf, valuesIn, valuesOf } from './rows.ts'
import { asMs, timeOf } from './times.ts'

const clock = sql.raw('clock_timestamp()')

const types: Readonly<Record<ColumnType, string>> = {
  text: 'text',
  integer: 'integer',
  time: 'bigint',
}

const termOf = ([member, type]: readonly [string, ColumnType]): string =>
  type === 'time' ? `to_timestamp(row."${member}"::numeric / 1000)` : `row."${member}"`

const words: LedgerWords = {
  clock,
  later: (ms) => sql`(${clock} + ${`${ms} milliseconds`}::interval)`,
  timeOf,
  msOf: asMs,
  flag: (yes) => sql.raw(String(yes)),
  // As an array: to find a thousand rows by their ids takes a fifth less than by a subquery.
  oneOf: (term, values) =>
    sql`${term} = any(array(select json_array_elements_text(${JSON.stringify(values)}::json)))`,
  oneWriter: false,
  // Each statement after it sees what was committed before, and inserts wait
  // (https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES).
  stopHolds: [sql.raw('lock table audit_holds in share mode')],
  rows: (rows, columns) => ({
    terms: sql.raw(columns.map(termOf).join(', ')),
    from: sql`json_to_recordset(${JSON.stringify(rows)}::json) as row (${sql.raw(
      columns.map(([member, type]) => `"${member}" ${types[type]}`).join(', '),
    )})`,
  }),
  condition: (where) => conditionOf(where, asked, 'audit_events'),
}

/** How the books of the archive are kept in PostgreSQL. */
export const pgLedger = (driver: PgDriver): LedgerRunner => ({
  words,
  values: (statement, names) => valuesOf(driver.database(), statement, names),
  returning: async (statements, names) =>
    (await driver.transact(statements)).flatMap((result) => valuesIn(result, names)),
  archived: async (rest) => {
    const { rows } = await rowsOf(driver.database(), auditArchivedEvents, rest)
    return rows.map((row) => ({ ...row, archivedAt: Number(Reflect.get(row, 'archivedAt')) }))
  },
})
