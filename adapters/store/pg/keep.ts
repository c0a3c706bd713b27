import type { SQL } from 'drizzle-orm'
import { getTableColumns, sql } from 'drizzle-orm'
import type { LedgerRunner, LedgerWords } from '../keep/words.ts'
import type { PgDriver } from './driver.ts'
import { auditArchivedEvents } from './keep-table.ts'
import { rowsOf, valuesOf } from './rows.ts'
import { auditEvents } from './table.ts'
import { asMs, timeOf } from './times.ts'

const columns = Object.entries(getTableColumns(auditEvents)).map(([key, { name }]) => ({
  key,
  name,
  isTime: name.endsWith('_at'),
  isNumber: name === 'status',
}))

type Column = (typeof columns)[number]
const more: Column = { key: 'archivedAt', name: 'archived_at', isTime: true, isNumber: false }

/** All rows in one parameter: JSON objects with the names of a row. */
const insert = (
  into: string,
  listed: readonly Column[],
  rows: readonly object[],
  segment?: string,
): SQL => {
  const quoted = (key: string): string => `"${key}"`
  const terms = listed.map(({ key, isTime }) =>
    isTime ? `to_timestamp(${quoted(key)}::numeric / 1000)` : quoted(key),
  )
  const types = listed.map(
    ({ key, isTime, isNumber }) =>
      `${quoted(key)} ${isTime ? 'bigint' : isNumber ? 'integer' : 'text'}`,
  )
  const names = [...listed.map(({ name }) => name), ...(segment === undefined ? [] : ['segment'])]
  return sql`${sql.raw(`insert into ${into} (${names.join(', ')}) select ${terms.join(', ')}`)}
    ${segment === undefined ? sql`` : sql`, ${segment}::text`}
    from json_to_recordset(${JSON.stringify(rows)}::json) as event (${sql.raw(types.join(', '))})
    on conflict do nothing`
}

const clock = sql.raw('clock_timestamp()')

const words: LedgerWords = {
  clock,
  later: (ms) => sql`(${clock} + ${`${ms} milliseconds`}::interval)`,
  timeOf,
  msOf: asMs,
  flag: (yes) => sql.raw(String(yes)),
  list: (values) => sql`(select json_array_elements_text(${JSON.stringify(values)}::json))`,
  // Each statement after it sees what was committed before, and inserts wait
  // (https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES).
  stopHolds: [sql.raw('lock table audit_holds in share mode')],
  archive: (rows, segment) => insert('audit_archived_events', [...columns, more], rows, segment),
  restore: (rows) => insert('audit_events', columns, rows),
}

/** How the books of the archive are kept in PostgreSQL. */
export const pgLedger = (driver: PgDriver): LedgerRunner => ({
  words,
  values: (statement, names) => valuesOf(driver.database(), statement, names),
  write: (statements) => driver.transact(statements),
  archived: async (rest) => {
    const rows = await rowsOf(driver.database(), rest, auditArchivedEvents)
    return rows.map((row) => ({ ...row, archivedAt: Number(Reflect.get(row, 'archivedAt')) }))
  },
})
