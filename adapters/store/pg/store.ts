import type { AuditStore } from '../../../src/ports/store.ts'
import { storeOf } from '../store.ts'
import type { PgDriver } from './driver.ts'
import { classify } from './failure.ts'
import { insertOf } from './insert.ts'

/** The store of every PostgreSQL: Drizzle writes the statements and runs them on the database it is given. */
export const pgStore = (driver: PgDriver): AuditStore =>
  storeOf({
    classify,
    append: async (rows, signal) => driver.database(signal).execute(insertOf(rows)),
    runner: async () => (await import('./query.ts')).pgRunner(driver.database()),
    ledger: async () => (await import('./keep.ts')).pgLedger(driver),
    migrate: async (options) => (await import('./migrate.ts')).migratePg(driver, options),
    close: () => driver.close(),
  })
