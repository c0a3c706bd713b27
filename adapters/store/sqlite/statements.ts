import type { BuildQueryConfig, Name, SQL } from 'drizzle-orm'
import { getTableColumns, sql } from 'drizzle-orm'
import { CasingCache } from 'drizzle-orm/casing'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { SqliteDriver, Statement } from './driver.ts'

// Drizzle's templates over Drizzle's tables. Its query builder and dialect would bring six kilobytes
// more along (gzipped), for joins and relations that nobody here asks for.

const config: BuildQueryConfig = {
  casing: new CasingCache(),
  escapeName: (name) => `"${name.replaceAll('"', '""')}"`,
  escapeParam: () => '?',
  escapeString: (text) => `'${text.replaceAll("'", "''")}'`,
}

/** The text of a statement of Drizzle's. */
export const textOf = (statement: SQL): string => statement.toQuery(config).sql

const isBindable = (value: unknown): value is Statement['args'][number] =>
  typeof value === 'string' || typeof value === 'number' || value === null

/** One parameter, a list in JSON, in the place of them all. */
const listed: BuildQueryConfig = { ...config, escapeParam: (place) => `(?1 ->> ${place})` }

/** A statement of Drizzle's with what to bind to it: a text for them all where they are more than `most`. */
export const statementOf = (statement: SQL, most: number): Statement => {
  const query = statement.toQuery(config)
  const args = query.params.filter(isBindable)
  if (args.length <= most) return { sql: query.sql, args }
  return { sql: statement.toQuery(listed).sql, args: [JSON.stringify(args)] }
}

/** Reads what a statement of Drizzle's selects; each row comes as the list of its values. */
export const valuesOf = (
  driver: SqliteDriver,
  statement: SQL,
): Promise<readonly (readonly unknown[])[]> =>
  driver.read(statementOf(statement, driver.maxParameters))

/**
 * JSON holds no BLOB, and a column of SQLite may. It is not cast: the client of libSQL ends the process
 * at a text that is no UTF-8.
 */
const inJson = (column: Name): SQL =>
  sql`iif(typeof(${column}) = 'blob', hex(${column}), ${column})`

// Putting it together takes longer than SQLite takes to find a row, so texts outlive stores.
const heads = new Map<SQLiteTable, SQL>()

/** `select … from` a table with all of its columns, each row as one text of JSON. */
const headOf = (table: SQLiteTable): SQL => {
  const known = heads.get(table)
  if (known !== undefined) return known
  const names = Object.values(getTableColumns(table)).map(({ name }) => sql.identifier(name))
  const listed = sql.join(names.map(inJson), sql`, `)
  const head = sql.raw(textOf(sql`select json_array(${listed}) from ${table} `))
  heads.set(table, head)
  return head
}

/**
 * Selects all columns of a table; `rest` follows the table's name. Each row comes as one text of JSON:
 * the client of libSQL defines two properties for every value that it hands over, which takes longer
 * than everything else that is done to read a row.
 */
export const rowsOf = async <Table extends SQLiteTable>(
  driver: SqliteDriver,
  table: Table,
  rest: SQL,
): Promise<Table['$inferSelect'][]> => {
  const names = Object.keys(getTableColumns(table))
  const found = await valuesOf(driver, sql`${headOf(table)}${rest}`)
  return found.map(([text]): Table['$inferSelect'] => {
    const values: readonly unknown[] = JSON.parse(String(text))
    // An object that is filled: with `fromEntries` the row itself takes as long as its JSON.
    const row = Object.create(Object.prototype)
    names.forEach((name, index) => {
      row[name] = values[index]
    })
    return row
  })
}
