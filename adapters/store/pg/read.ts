import { sql } from 'drizzle-orm'
import type { ReadingStore } from '../../../src/ports/store.ts'
import { checkSummary } from '../paging.ts'
import { countFrom, pageFrom } from '../query/page.ts'
import type { PgReader } from './driver.ts'
import { pgRunner } from './query.ts'
import { rowsOf } from './rows.ts'
import { readSummary } from './summary.ts'

/** All that reads: loaded when somebody reads, and not with what every request writes through. */
export const readerOf = (database: PgReader): ReadingStore => {
  const runner = pgRunner(database)
  return {
    page: (query) => pageFrom(query, runner),
    count: (query) => countFrom(query, runner),
    get: async (wanted) => {
      const [row] = await rowsOf(database, sql`where id = ${wanted}`)
      return row
    },
    summary: async (query) => {
      checkSummary(query)
      return readSummary(database, query)
    },
  }
}
