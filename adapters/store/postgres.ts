import type { SQL } from 'drizzle-orm'
import type { AuditStore } from '../../src/ports/store.ts'
import type { PgReader } from './pg/driver.ts'
import { pgStore } from './pg/store.ts'

/** A Drizzle database for PostgreSQL on a driver with transactions: node-postgres, postgres.js, PGlite … */
export interface PostgresDatabase extends PgReader {
  transaction(work: (transaction: PostgresTransaction) => Promise<void>): Promise<void>
}

export interface PostgresTransaction {
  execute(query: SQL): PromiseLike<unknown>
}

/**
 * Keeps events in PostgreSQL 14 or newer, through your own Drizzle database; the pool stays yours.
 * An append is one statement with one parameter, however many rows there are. An indexed value may
 * have some 2,700 bytes (a third of a page). A signal rejects the call but cannot cancel it.
 *
 * Rejects with `AUDIT_STORE_UNAVAILABLE` (connection, SQLSTATE 08, 53, 57, 58, 40001, 40P01, aborted),
 * `AUDIT_STORE_NOT_MIGRATED` or `AUDIT_STORE_REFUSED`, whose `detail` is the SQLSTATE.
 * @example
 * import { drizzle } from 'drizzle-orm/node-postgres'
 * const store = postgres(drizzle('postgres://localhost/app'))
 * @see https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
export const postgres = (db: PostgresDatabase): AuditStore =>
  pgStore({
    database: () => db,
    transact: async (statements) => {
      const results: unknown[] = []
      await db.transaction(async (transaction) => {
        for (const statement of statements) results.push(await transaction.execute(statement))
      })
      return results
    },
    close: () => Promise.resolve(),
  })
