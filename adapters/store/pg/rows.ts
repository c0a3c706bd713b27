import type { SQL } from 'drizzle-orm'
import { getTableColumns, sql } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import { isObject } from '../../../src/event/data.ts'
import type { StoredRow } from '../../../src/event/row.ts'
import type { PgReader } from './driver.ts'
import { auditEvents } from './table.ts'
import { asMs } from './times.ts'

// What a statement gives is taken as the driver gives it: Drizzle asks of each value of each row what
// it is, which takes as long as reading it.

/** Drivers give the rows, or an object that has them; a row is an object, or a list of its values. */
const rowsIn = (result: unknown): readonly unknown[] => {
  const rows = isObject(result) ? result['rows'] : result
  return Array.isArray(rows) ? rows : []
}

const columns = getTableColumns(auditEvents)
const names = Object.keys(columns)
const times: ReadonlySet<string> = new Set(['occurredAt', 'recordedAt'])
const numbers: ReadonlySet<string> = new Set([...times, 'status'])

// Putting it together takes longer than PostgreSQL takes to find a row, so the text outlives stores.
let known: SQL | undefined

/** `select … from audit_events`, by the names of a row, with times as numbers. */
const head = (): SQL => {
  const listed = Object.entries(columns).map(([name, column]) => {
    const value = times.has(name) ? asMs(sql`${column}`) : sql`${column}`
    return sql`${value} as ${sql.identifier(name)}`
  })
  const { sql: text } = new PgDialect().sqlToQuery(
    sql`select ${sql.join(listed, sql`, `)} from ${auditEvents} `,
  )
  return sql.raw(text)
}

/** A row by its names: drivers give some numbers as texts. */
const rowOf = (found: unknown): StoredRow => {
  const row = Object.create(Object.prototype)
  names.forEach((name, place) => {
    const value = Array.isArray(found) ? found[place] : Reflect.get(Object(found), name)
    row[name] = value !== null && numbers.has(name) ? Number(value) : value
  })
  return row
}

/** Reads whole rows; `rest` follows the table's name. */
export const rowsOf = async (database: PgReader, rest: SQL): Promise<readonly StoredRow[]> => {
  known ??= head()
  return rowsIn(await database.execute(sql`${known}${rest}`)).map(rowOf)
}

/** Reads some values, in the order of their names. */
export const valuesOf = async (
  database: PgReader,
  statement: SQL,
  names: readonly string[],
): Promise<readonly (readonly unknown[])[]> =>
  rowsIn(await database.execute(statement)).map((row) =>
    Array.isArray(row) ? row : names.map((name) => Reflect.get(Object(row), name)),
  )
