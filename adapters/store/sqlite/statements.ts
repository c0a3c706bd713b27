import type { Query, SQL } from 'drizzle-orm'
import { getTableColumns } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { QueryBuilder, SQLiteAsyncDialect } from 'drizzle-orm/sqlite-core'
import type { SqliteDriver, Statement } from './driver.ts'

// Drizzle's builders without a session of its own: a `db` would bring four kilobytes of them along.

export const build = new QueryBuilder()

const dialect = new SQLiteAsyncDialect()

/** The text of a statement of Drizzle's. */
export const textOf = (statement: SQL): string => dialect.sqlToQuery(statement).sql

const isBindable = (value: unknown): value is Statement['args'][number] =>
  typeof value === 'string' || typeof value === 'number' || value === null

/** A statement of Drizzle's with what to bind to it. */
export const statementOf = (statement: SQL): Statement => {
  const { sql, params } = dialect.sqlToQuery(statement)
  return { sql, args: params.filter(isBindable) }
}

/** Runs a query that selects all columns of a table. SQLite's texts and integers need no decoding. */
export const rowsOf = async <Table extends SQLiteTable>(
  driver: SqliteDriver,
  table: Table,
  query: { toSQL(): Query },
): Promise<Table['$inferSelect'][]> => {
  const names = Object.keys(getTableColumns(table))
  const { sql, params } = query.toSQL()
  const found = await driver.read({ sql, args: params.filter(isBindable) })
  return found.map((values): Table['$inferSelect'] => {
    const members: Iterable<readonly unknown[]> = names.map((name, index) => [name, values[index]])
    return Object.fromEntries(members)
  })
}
