import type { BuildQueryConfig, SQL } from 'drizzle-orm'
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

/** A statement of Drizzle's with what to bind to it. */
export const statementOf = (statement: SQL): Statement => {
  const query = statement.toQuery(config)
  return { sql: query.sql, args: query.params.filter(isBindable) }
}

// Putting it together takes longer than SQLite takes to find a row, so texts outlive stores.
const heads = new Map<SQLiteTable, SQL>()

/** `select … from` a table with all of its columns. */
const headOf = (table: SQLiteTable): SQL => {
  const known = heads.get(table)
  if (known !== undefined) return known
  const listed = sql.join(Object.values(getTableColumns(table)), sql`, `)
  const head = sql.raw(textOf(sql`select ${listed} from ${table} `))
  heads.set(table, head)
  return head
}

/** Selects all columns of a table; `rest` follows the table's name. SQLite's values need no decoding. */
export const rowsOf = async <Table extends SQLiteTable>(
  driver: SqliteDriver,
  table: Table,
  rest: SQL,
): Promise<Table['$inferSelect'][]> => {
  const names = Object.keys(getTableColumns(table))
  const found = await driver.read(statementOf(sql`${headOf(table)}${rest}`))
  return found.map((values): Table['$inferSelect'] => {
    const members: Iterable<readonly unknown[]> = names.map((name, index) => [name, values[index]])
    return Object.fromEntries(members)
  })
}
