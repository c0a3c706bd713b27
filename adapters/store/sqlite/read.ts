import { sql } from 'drizzle-orm'
import type { ReadingStore } from '../../../src/ports/store.ts'
import { checkSummary } from '../paging.ts'
import { countFrom, pageFrom } from '../query/page.ts'
import type { SqliteDriver } from './driver.ts'
import { sqliteRunner } from './query.ts'
import { rowsOf } from './statements.ts'
import { readSummary } from './summary.ts'
import { auditEvents } from './table.ts'

/** All that reads: loaded when somebody reads, and not with what every request writes through. */
export const readerOf = (driver: SqliteDriver): ReadingStore => {
  const runner = sqliteRunner(driver)
  return {
    page: (query) => pageFrom(query, runner),
    count: (query) => countFrom(query, runner),
    get: async (wanted) => {
      const [row] = await rowsOf(driver, auditEvents, sql`where ${auditEvents.id} = ${wanted}`)
      return row
    },
    summary: async (query) => {
      checkSummary(query)
      return readSummary(driver, query)
    },
  }
}
