import type { SQL } from 'drizzle-orm'
import { getTableColumns, sql } from 'drizzle-orm'
import { PgDialect, type PgTable } from 'drizzle-orm/pg-core'
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

const times: ReadonlySet<string> = new Set(['occurredAt', 'recordedAt', 'archivedAt'])
const numbers = [...times, 'status']

interface Reading {
  /** `select … from` the table, by the names of a row, with times as numbers. */
  readonly head: SQL
  readonly names: readonly string[]
}

// Putting it together takes longer than PostgreSQL takes to find a row, so the text outlives stores.
const known = new Map<PgTable, Reading>()

const readingOf = (table: PgTable): Reading => {
  const before = known.get(table)
  if (before !== undefined) return before
  // Where an archived row lies is asked for, and no part of it.
  const columns = Object.entries(getTableColumns(table)).filter(([name]) => name !== 'segment')
  const listed = columns.map(([name, column]) => {
    const value = times.has(name) ? asMs(sql`${column}`) : sql`${column}`
    return sql`${value} as ${sql.identifier(name)}`
  })
  const { sql: text } = new PgDialect().sqlToQuery(
    sql`select ${sql.join(listed, sql`, `)} from ${table} `,
  )
  const reading = { head: sql.raw(text), names: columns.map(([name]) => name) }
  known.set(table, reading)
  return reading
}

const isRow = (found: unknown): found is { [name: string]: unknown } & StoredRow => isObject(found)

/** A row by its names, made of the driver's own object where there is one. Some give numbers as texts. */
const rowOf = (found: unknown, names: readonly string[]): StoredRow => {
  const row: unknown = Array.isArray(found)
    ? Object.fromEntries(names.map((name, place) => [name, found[place]]))
    : found
  if (!isRow(row)) throw new TypeError('a row must be an object or a list')
  for (const name of numbers)
    if (row[name] !== null && row[name] !== undefined) row[name] = Number(row[name])
  return row
}

/** Reads whole rows; `rest` follows the table's name. */
export const rowsOf = async (
  database: PgReader,
  rest: SQL,
  table: PgTable = auditEvents,
): Promise<readonly StoredRow[]> => {
  const { head, names } = readingOf(table)
  return rowsIn(await database.execute(sql`${head}${rest}`)).map((found) => rowOf(found, names))
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
