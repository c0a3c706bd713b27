import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import type { ArchivedRow } from '../../../src/ports/archive.ts'
import { written } from '../columns.ts'
import type { LedgerRunner, LedgerWords } from '../keep/words.ts'
import type { SqliteDriver } from './driver.ts'
import { auditArchivedEvents } from './keep-table.ts'
import { rowsOf, statementOf, valuesOf } from './statements.ts'
import { now } from './columns.ts'
import { auditEvents } from './table.ts'

const keys = [...written, 'recordedAt'] as const
const storedNames = keys.map((key) => auditEvents[key].name)

const archivedOf = (found: typeof auditArchivedEvents.$inferSelect): ArchivedRow => {
  const { segment: _, ...row } = found
  return row
}

/** All rows in one parameter: a JSON list of lists. `where true`, or ON would be read as part of a join. */
const insert = (into: string, columns: readonly string[], rows: readonly unknown[]): SQL => {
  const terms = columns.map((_, place) => `row.value ->> ${place}`)
  return sql`${sql.raw(`insert into ${into} (${columns.join(', ')}) select ${terms.join(', ')}`)}
    from json_each(${JSON.stringify(rows)}) as row where true on conflict do nothing`
}

const words: LedgerWords = {
  clock: now,
  later: (ms) => sql`(${now} + ${ms})`,
  timeOf: (ms) => sql`${ms}`,
  msOf: (column) => column,
  flag: (yes) => sql`${Number(yes)}`,
  list: (values) => sql`(select value from json_each(${JSON.stringify(values)}))`,
  // One transaction writes at a time.
  stopHolds: [],
  archive: (rows, segment) =>
    insert(
      'audit_archived_events',
      [...storedNames, 'archived_at', 'segment'],
      rows.map((row) => [...keys.map((key) => row[key]), row.archivedAt, segment]),
    ),
  restore: (rows) =>
    insert(
      'audit_events',
      storedNames,
      rows.map((row) => keys.map((key) => row[key])),
    ),
}

/** How the books of the archive are kept in SQLite. */
export const sqliteLedger = (driver: SqliteDriver): LedgerRunner => ({
  words,
  values: (statement) => valuesOf(driver, statement),
  write: (statements) =>
    driver.write(statements.map((one) => statementOf(one, driver.maxParameters))),
  archived: async (rest) => {
    const rows = await rowsOf(driver, auditArchivedEvents, rest)
    return rows.map(archivedOf)
  },
})
