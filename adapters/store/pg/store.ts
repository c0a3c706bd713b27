import { eq } from 'drizzle-orm'
import type { AuditStore } from '../../../src/ports/store.ts'
import { guarded } from '../failure.ts'
import { checkSummary } from '../paging.ts'
import { countFrom, pageFrom } from '../query/page.ts'
import type { PgDriver } from './driver.ts'
import { classify } from './failure.ts'
import { insertOf } from './insert.ts'
import { migratePg } from './migrate.ts'
import { pgRunner, stored } from './query.ts'
import { readSummary } from './summary.ts'
import { auditEvents } from './table.ts'

/** The store of every PostgreSQL: Drizzle writes the statements and runs them on the database it is given. */
export const pgStore = (driver: PgDriver): AuditStore => ({
  append: (rows, { signal } = {}) =>
    guarded(
      async () => {
        if (rows.length === 0) return
        await driver.database(signal).execute(insertOf(rows))
      },
      classify,
      signal,
    ),
  page: (query) => guarded(() => pageFrom(query, pgRunner(driver.database())), classify),
  count: (query) => guarded(() => countFrom(query, pgRunner(driver.database())), classify),
  get: (wanted) =>
    guarded(async () => {
      const database = driver.database()
      const { id } = auditEvents
      const [row] = await database.select(stored).from(auditEvents).where(eq(id, wanted)).limit(1)
      return row
    }, classify),
  summary: (query) =>
    guarded(async () => {
      checkSummary(query)
      return readSummary(driver.database(), query)
    }, classify),
  migrate: () => guarded(() => migratePg(driver), classify),
  close: () => guarded(() => driver.close(), classify),
})
