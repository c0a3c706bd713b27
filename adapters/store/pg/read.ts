import { eq } from 'drizzle-orm'
import type { ReadingStore } from '../../../src/ports/store.ts'
import { checkSummary } from '../paging.ts'
import { countFrom, pageFrom } from '../query/page.ts'
import type { PgReader } from './driver.ts'
import { pgRunner, stored } from './query.ts'
import { readSummary } from './summary.ts'
import { auditEvents } from './table.ts'

/** All that reads: loaded when somebody reads, and not with what every request writes through. */
export const readerOf = (database: PgReader): ReadingStore => {
  const runner = pgRunner(database)
  return {
    page: (query) => pageFrom(query, runner),
    count: (query) => countFrom(query, runner),
    get: async (wanted) => {
      const { id } = auditEvents
      const [row] = await database.select(stored).from(auditEvents).where(eq(id, wanted)).limit(1)
      return row
    },
    summary: async (query) => {
      checkSummary(query)
      return readSummary(database, query)
    },
  }
}
