import { sql } from 'drizzle-orm'
import type { EventRow } from '../../../src/event/row.ts'
import { written } from '../../../src/event/columns.ts'
import type { Statement } from './driver.ts'
import { textOf } from './statements.ts'
import { auditEvents } from './table.ts'

// More rows a statement gain nothing, and this bounds the texts that are kept.
const mostRows = 100

// A record longer than this fills a statement by itself. UTF-16 units, so bytes for plain ASCII.
const mostUnits = 1_000_000

// Putting it together costs 20 µs a row and a Worker makes a store for each request, so texts outlive stores.
const texts = new Map<number, string>()

const names = sql.join(
  written.map((column) => sql.identifier(auditEvents[column].name)),
  sql`, `,
)
const row = sql`(${sql.join(
  written.map(() => sql`?`),
  sql`, `,
)})`

const textFor = (count: number): string => {
  const known = texts.get(count)
  if (known !== undefined) return known
  const rows = sql.join(
    Array.from({ length: count }, () => row),
    sql`, `,
  )
  const id = sql.identifier(auditEvents.id.name)
  const text = textOf(
    sql`insert into ${auditEvents} (${names}) values ${rows} on conflict (${id}) do nothing`,
  )
  texts.set(count, text)
  return text
}

const endOf = (rows: readonly EventRow[], start: number, most: number): number => {
  let units = 0
  for (let end = start; end < rows.length && end < start + most; end += 1) {
    units += rows[end]?.record.length ?? 0
    if (units > mostUnits && end > start) return end
  }
  return Math.min(rows.length, start + most)
}

/** The statements that append the rows: as few as the limits of the database allow. */
export const insertsOf = (
  rows: readonly EventRow[],
  maxParameters: number,
): readonly Statement[] => {
  const most = Math.min(mostRows, Math.floor(maxParameters / written.length))
  const statements: Statement[] = []
  for (let start = 0; start < rows.length;) {
    const end = endOf(rows, start, most)
    const args: Statement['args'] = []
    for (const row of rows.slice(start, end)) for (const column of written) args.push(row[column])
    statements.push({ sql: textFor(end - start), args })
    start = end
  }
  return statements
}
