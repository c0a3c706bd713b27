import type { AuditStore, ReadingStore } from '../../../src/ports/store.ts'
import { guarded } from '../failure.ts'
import type { PgDriver } from './driver.ts'
import { classify } from './failure.ts'
import { insertOf } from './insert.ts'

/** The store of every PostgreSQL: Drizzle writes the statements and runs them on the database it is given. */
export const pgStore = (driver: PgDriver): AuditStore => {
  let known: ReadingStore | undefined
  const reader = async (): Promise<ReadingStore> =>
    (known ??= (await import('./read.ts')).readerOf(driver.database()))
  return {
    append: (rows, { signal } = {}) =>
      guarded(
        async () => {
          if (rows.length === 0) return
          await driver.database(signal).execute(insertOf(rows))
        },
        classify,
        signal,
      ),
    page: (query) => guarded(async () => (await reader()).page(query), classify),
    count: (query) => guarded(async () => (await reader()).count(query), classify),
    get: (id) => guarded(async () => (await reader()).get(id), classify),
    summary: (query) => guarded(async () => (await reader()).summary(query), classify),
    migrate: (options) =>
      guarded(async () => (await import('./migrate.ts')).migratePg(driver, options), classify),
    close: () => guarded(() => driver.close(), classify),
  }
}
