import type { SQL } from 'drizzle-orm'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'

/** The part of a Drizzle database for Postgres that the store uses, whatever its driver and schema. */
export interface PgReader extends Pick<PgDatabase<PgQueryResultHKT>, 'select'> {
  execute(query: SQL): PromiseLike<unknown>
}

/** What `pgStore` asks of a vendor's client. */
export interface PgDriver {
  /** The database to send a statement to; where the vendor can, `signal` cancels it. */
  database(signal?: AbortSignal): PgReader
  /** Runs all statements or none, in one transaction. Resolves to what the driver gives for each. */
  transact(statements: readonly SQL[]): Promise<readonly unknown[]>
  close(): Promise<void>
}
