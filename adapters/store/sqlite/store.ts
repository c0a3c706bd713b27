import { sql } from 'drizzle-orm'
import type { AuditStore } from '../../../src/ports/store.ts'
import { guarded } from '../failure.ts'
import { checkSummary } from '../paging.ts'
import { countFrom, pageFrom } from '../query/page.ts'
import type { SqliteDriver } from './driver.ts'
import { classify } from './failure.ts'
import { insertsOf } from './insert.ts'
import { migrateSqlite } from './migrate.ts'
import { sqliteRunner } from './query.ts'
import { rowsOf } from './statements.ts'
import { readSummary } from './summary.ts'
import { auditEvents } from './table.ts'

/** The store of every SQLite: Drizzle writes the statements, the vendor's own client runs them. */
export const sqliteStore = (driver: SqliteDriver): AuditStore => {
  const runner = sqliteRunner(driver)
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
    page: (query) => guarded(() => pageFrom(query, runner), classify),
    count: (query) => guarded(() => countFrom(query, runner), classify),
    get: (wanted) =>
      guarded(async () => {
        const [row] = await rowsOf(driver, auditEvents, sql`where ${auditEvents.id} = ${wanted}`)
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
