import type { BuildQueryConfig, SQL } from 'drizzle-orm'
import { getTableColumns, sql } from 'drizzle-orm'
import { CasingCache } from 'drizzle-orm/casing'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { flat } from '../flat.ts'
import type { Found } from '../query/words.ts'
import type { SqliteDriver, Statement } from './driver.ts'

// Drizzle's templates over Drizzle's tables. Its query builder and dialect would bring six kilobytes
// more along (gzipped), for joins and relations that nobody here asks for.

const config: BuildQueryConfig = {
  casing: new CasingCache(),
  escapeName: (name) => `"${name.replaceAll('"', '""')}"`,
  escapeParam: () => '?',
  escapeString: (text) => `'${text.replaceAll("'", "''")}'`,
}

/** The text of a statement of Drizzle's, with names of its tables and columns. */
export const textOf = (statement: SQL): string => statement.toQuery(config).sql

type Argument = Statement['args'][number]

const bindable = (value: unknown): Argument => {
  if (typeof value === 'string' || typeof value === 'number' || value === null) return value
  throw new TypeError(`SQLite cannot bind ${typeof value}`)
}

/** A statement with what to bind to it: a text of JSON for them all where they are more than `most`. */
export const statementOf = (statement: SQL, most: number): Statement => {
  const { texts, values } = flat(statement)
  const args = values.map(bindable)
  if (args.length <= most) return { sql: texts.join('?'), args }
  const listed = texts.map((text, place) => (place === 0 ? text : `(?1 ->> ${place - 1})${text}`))
  return { sql: listed.join(''), args: [JSON.stringify(args)] }
}

/** Reads what a statement of Drizzle's selects; each row comes as the list of its values. */
export const valuesOf = (
  driver: SqliteDriver,
  statement: SQL,
): Promise<readonly (readonly unknown[])[]> =>
  driver.read(statementOf(statement, driver.maxParameters))

// Putting it together takes longer than SQLite takes to find a row, so texts outlive stores.
interface Head {
  readonly names: readonly string[]
  /** The columns, as SQL. */
  readonly plain: string
  /** The same, where one may hold a BLOB, of which there is none in JSON: as hex. */
  readonly hex: string
  /** Whether one of them holds a BLOB: its name is the least of the types. */
  readonly isBlob: string
  readonly from: string
}

const heads = new Map<SQLiteTable, Head>()

const headOf = (table: SQLiteTable): Head => {
  const known = heads.get(table)
  if (known !== undefined) return known
  const columns = Object.entries(getTableColumns(table))
  const named = columns.map(([, { name }]) => textOf(sql`${sql.identifier(name)}`))
  const types = named.map((name) => `typeof(${name})`)
  const head = {
    names: columns.map(([name]) => name),
    plain: named.join(', '),
    // Not cast: the client of libSQL ends the process at a text that is no UTF-8.
    hex: named.map((name, at) => `iif(${types[at]} = 'blob', hex(${name}), ${name})`).join(', '),
    isBlob: `min(${types.join(', ')}) = 'blob'`,
    from: textOf(sql`${table}`),
  }
  heads.set(table, head)
  return head
}

/**
 * Selects all columns of a table, and a value beside them; `rest` follows the table's name. Each row comes
 * as one text of JSON: the client of libSQL defines two properties for every value that it hands over,
 * which takes longer than everything else that is done to read a row. Where a column holds a BLOB, which
 * nothing of ours writes, all is read again: to take care of each value takes SQLite longer than a row.
 */
export const rowsOf = async <Table extends SQLiteTable>(
  driver: SqliteDriver,
  table: Table,
  rest: SQL,
  also?: SQL,
): Promise<Found<Table['$inferSelect']>> => {
  const { names, plain, hex, isBlob, from } = headOf(table)
  const more = also === undefined ? sql`` : sql`, ${also}`
  const textsOf = async (before: string, columns: string, behind: string) => {
    const head = sql`${sql.raw(`select ${before}json_array(${columns}`)}${more}${sql.raw(`)${behind} from ${from} `)}`
    return (await valuesOf(driver, sql`${head}${rest}`)).map(([text]) => text)
  }
  const found = await textsOf(`iif(${isBlob}, null, `, plain, ')')
  const texts = found.includes(null) ? await textsOf('', hex, '') : found
  const lists = texts.map((text): readonly unknown[] => JSON.parse(String(text)))
  const rows = lists.map((values): Table['$inferSelect'] => {
    // An object that is filled: with `fromEntries` the row itself takes as long as its JSON.
    const row = Object.create(Object.prototype)
    names.forEach((name, index) => {
      row[name] = values[index]
    })
    return row
  })
  return { rows, also: lists[0]?.[names.length] }
}
