import type { AuditStore } from '../../../src/ports/store.ts'
import { storeOf } from '../store.ts'
import type { SqliteDriver } from './driver.ts'
import { classify } from './failure.ts'
import { insertsOf } from './insert.ts'

/** The store of every SQLite: Drizzle writes the statements, the vendor's own client runs them. */
export const sqliteStore = (driver: SqliteDriver): AuditStore =>
  storeOf({
    classify,
    append: async (rows, signal) => {
      await driver.write(insertsOf(rows, driver.maxParameters), signal)
    },
    runner: async () => (await import('./query.ts')).sqliteRunner(driver),
    ledger: async () => (await import('./keep.ts')).sqliteLedger(driver),
    migrate: async (options) => (await import('./migrate.ts')).migrateSqlite(driver, options),
    close: () => driver.close(),
  })
