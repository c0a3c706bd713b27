import { getTableColumns, SQL, type SQLChunk, sql } from 'drizzle-orm'
import { PgDialect, type PgTable } from 'drizzle-orm/pg-core'
import { isObject } from '../../../src/event/data.ts'
import type { StoredRow } from '../../../src/event/row.ts'
import { flat } from '../flat.ts'
import type { Found } from '../query/words.ts'
import type { PgReader } from './driver.ts'
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
  /** The columns by the names of a row, with times as numbers. */
  readonly columns: SQL
  readonly from: SQL
  readonly names: readonly string[]
}

// Putting it together takes longer than PostgreSQL takes to find a row, so the text outlives stores.
const known = new Map<PgTable, Reading>()

const textOf = (part: SQL): SQL => sql.raw(new PgDialect().sqlToQuery(part).sql)

const readingOf = (table: PgTable): Reading => {
  const before = known.get(table)
  if (before !== undefined) return before
  // Where an archived row lies is asked for, and no part of it.
  const columns = Object.entries(getTableColumns(table)).filter(([name]) => name !== 'segment')
  const listed = columns.map(([name, column]) => {
    const value = times.has(name) ? asMs(sql`${column}`) : sql`${column}`
    return sql`${value} as ${sql.identifier(name)}`
  })
  const reading = {
    columns: textOf(sql.join(listed, sql`, `)),
    from: textOf(sql`${table}`),
    names: columns.map(([name]) => name),
  }
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

/** Sends a statement without statements in it, which Drizzle would look through for long. */
const sent = (database: PgReader, statement: SQL): PromiseLike<unknown> => {
  const { texts, values } = flat(statement)
  const chunks: SQLChunk[] = texts.flatMap((text, place) =>
    place === 0 ? [sql.raw(text)] : [sql`${values[place - 1]}`, sql.raw(text)],
  )
  return database.execute(new SQL(chunks))
}

const valueIn = (found: unknown, name: string, place: number): unknown =>
  Array.isArray(found) ? found[place] : Reflect.get(Object(found), name)

const withoutAlso = (row: StoredRow & { readonly also?: unknown }): StoredRow => {
  const { also: _, ...rest } = row
  return rest
}

/** Reads whole rows, and a value beside them; `rest` follows the table's name. */
export const rowsOf = async (
  database: PgReader,
  table: PgTable,
  rest: SQL,
  also?: SQL,
): Promise<Found<StoredRow>> => {
  const { columns, from, names } = readingOf(table)
  const more = also === undefined ? sql`` : sql`, ${also} as also`
  const found = rowsIn(await sent(database, sql`select ${columns}${more} from ${from} ${rest}`))
  if (also === undefined) return { rows: found.map((one) => rowOf(one, names)), also }
  return {
    rows: found.map((one) => withoutAlso(rowOf(one, names))),
    also: found.length === 0 ? undefined : valueIn(found[0], 'also', names.length),
  }
}

/** Some values of what a driver gives for a statement, in the order of their names. */
export const valuesIn = (
  result: unknown,
  names: readonly string[],
): readonly (readonly unknown[])[] =>
  rowsIn(result).map((row) => names.map((name, place) => valueIn(row, name, place)))

/** Reads some values, in the order of their names. */
export const valuesOf = async (
  database: PgReader,
  statement: SQL,
  names: readonly string[],
): Promise<readonly (readonly unknown[])[]> => valuesIn(await sent(database, statement), names)
