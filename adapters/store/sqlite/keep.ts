import { sql } from 'drizzle-orm'
import type { ArchivedRow } from '../../../src/ports/archive.ts'
import type { LedgerRunner, LedgerWords } from '../keep/words.ts'
import { conditionOf } from '../query/condition.ts'
import { now } from './columns.ts'
import type { SqliteDriver } from './driver.ts'
import { auditArchivedEvents } from './keep-table.ts'
import { words as asked } from './query.ts'
import { rowsOf, statementOf, valuesOf } from './statements.ts'

const archivedOf = (found: typeof auditArchivedEvents.$inferSelect): ArchivedRow => {
  const { segment: _, ...row } = found
  return row
}

const words: LedgerWords = {
  clock: now,
  later: (ms) => sql`(${now} + ${ms})`,
  timeOf: (ms) => sql`${ms}`,
  msOf: (column) => column,
  flag: (yes) => sql`${Number(yes)}`,
  oneOf: asked.oneOf,
  oneWriter: true,
  // One transaction writes at a time.
  stopHolds: [],
  // As lists: a name for each value would be read again and again.
  rows: (rows, columns) => ({
    terms: sql.raw(columns.map((_, place) => `row.value ->> ${place}`).join(', ')),
    from: sql`json_each(${JSON.stringify(
      rows.map((row) => columns.map(([member]) => row[member])),
    )}) as row`,
  }),
  condition: (where) => conditionOf(where, asked, 'audit_events'),
}

/** How the books of the archive are kept in SQLite. */
export const sqliteLedger = (driver: SqliteDriver): LedgerRunner => ({
  words,
  values: (statement) => valuesOf(driver, statement),
  returning: (statements) =>
    driver.write(statements.map((one) => statementOf(one, driver.maxParameters))),
  archived: async (rest) => {
    const { rows } = await rowsOf(driver, auditArchivedEvents, rest)
    return rows.map(archivedOf)
  },
})
