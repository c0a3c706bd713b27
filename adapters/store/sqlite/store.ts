import type { AuditStore, ReadingStore } from '../../../src/ports/store.ts'
import { guarded } from '../failure.ts'
import type { SqliteDriver } from './driver.ts'
import { classify } from './failure.ts'
import { insertsOf } from './insert.ts'

/** The store of every SQLite: Drizzle writes the statements, the vendor's own client runs them. */
export const sqliteStore = (driver: SqliteDriver): AuditStore => {
  let known: ReadingStore | undefined
  const reader = async (): Promise<ReadingStore> =>
    (known ??= (await import('./read.ts')).readerOf(driver))
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
    page: (query) => guarded(async () => (await reader()).page(query), classify),
    count: (query) => guarded(async () => (await reader()).count(query), classify),
    get: (id) => guarded(async () => (await reader()).get(id), classify),
    summary: (query) => guarded(async () => (await reader()).summary(query), classify),
    migrate: (options) =>
      guarded(async () => (await import('./migrate.ts')).migrateSqlite(driver, options), classify),
    close: () => guarded(() => driver.close(), classify),
  }
}
