import type { SQL } from 'drizzle-orm'
import { eq, gte, isNull, lt, sql } from 'drizzle-orm'
import type { AuditStore, PageQuery } from '../../../src/ports/store.ts'
import { guarded } from '../failure.ts'
import { checkQuery, checkSummary, filters, pageOf } from '../paging.ts'
import type { SqliteDriver } from './driver.ts'
import { classify } from './failure.ts'
import { insertsOf } from './insert.ts'
import { migrateSqlite } from './migrate.ts'
import { rowsOf } from './statements.ts'
import { readSummary } from './summary.ts'
import { auditEvents } from './table.ts'

const { occurredAt, id } = auditEvents

const conditionsOf = ({ from, to, after, order, ...query }: PageQuery): SQL => {
  const conditions: SQL[] = [sql`true`]
  for (const name of filters) {
    const value = query[name]
    if (value === undefined) continue
    conditions.push(value === null ? isNull(auditEvents[name]) : eq(auditEvents[name], value))
  }
  if (from !== undefined) conditions.push(gte(occurredAt, from))
  if (to !== undefined) conditions.push(lt(occurredAt, to))
  if (after !== undefined) {
    const beyond = order === 'oldest' ? sql`>` : sql`<`
    conditions.push(sql`(${occurredAt}, ${id}) ${beyond} (${after.occurredAt}, ${after.id})`)
  }
  return sql.join(conditions, sql` and `)
}

/** The store of every SQLite: Drizzle writes the statements, the vendor's own client runs them. */
export const sqliteStore = (driver: SqliteDriver): AuditStore => {
  return {
    append: (rows, { signal } = {}) =>
      guarded(
        async () => {
          if (rows.length === 0) return
          await driver.write(insertsOf(rows, driver.maxParameters), signal)
        },
        classify,
        signal,
      ),
    page: (query) =>
      guarded(async () => {
        checkQuery(query)
        const along = query.order === 'oldest' ? sql`asc` : sql`desc`
        const rest = sql`where ${conditionsOf(query)}
          order by ${occurredAt} ${along}, ${id} ${along} limit ${query.limit + 1}`
        return pageOf(await rowsOf(driver, auditEvents, rest), query.limit)
      }, classify),
    get: (wanted) =>
      guarded(async () => {
        const [row] = await rowsOf(driver, auditEvents, sql`where ${id} = ${wanted}`)
        return row
      }, classify),
    summary: (query) =>
      guarded(async () => {
        checkSummary(query)
        return readSummary(driver, query)
      }, classify),
    migrate: () => guarded(() => migrateSqlite(driver), classify),
    close: () => guarded(() => driver.close(), classify),
  }
}
