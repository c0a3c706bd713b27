import type { NeonQueryFunction } from '@neondatabase/serverless'
import { neon as connect } from '@neondatabase/serverless'
import { PgDialect } from 'drizzle-orm/pg-core'
import { drizzle } from 'drizzle-orm/pg-proxy'
import type { AuditStore } from '../../src/ports/store.ts'
import type { PgDriver } from './pg/driver.ts'
import { pgStore } from './pg/store.ts'

export type NeonOptions =
  | {
      /** `postgres://user:password@host/database` */
      readonly connectionString: string
    }
  | {
      /** Your own query function, from `neon()` of `@neondatabase/serverless`. */
      readonly sql: NeonQueryFunction<false, false>
    }

// Drizzle's own neon-http session sets type parsers for the whole process and so changes what your
// own queries return (drizzle-orm/neon-http/driver.js, initMappers). The proxy session sets none, and
// these parsers hold for one query only: every value stays the text that PostgreSQL sent.
const types = { getTypeParser: () => (text: string) => text }

const queryOptions = { arrayMode: true, fullResults: true, types } as const

const driverOf = (sql: NeonQueryFunction<false, false>): PgDriver => {
  const dialect = new PgDialect()
  return {
    database: (signal) =>
      // Returned once: a query of the driver is sent again at every `then`.
      drizzle(async (text, params) =>
        sql.query(text, params, {
          ...queryOptions,
          ...(signal === undefined ? {} : { fetchOptions: { signal } }),
        }),
      ),
    async transact(statements) {
      const queries = statements.map((statement) => {
        const { sql: text, params } = dialect.sqlToQuery(statement)
        return sql.query(text, params)
      })
      return sql.transaction(queries)
    },
    close: () => Promise.resolve(),
  }
}

/**
 * Keeps events in Neon over HTTP, which works on every runtime and holds no connection. Making a
 * store does no I/O. An append is one request with one statement, however many rows there are; Neon
 * takes 10 MiB a request. An indexed value may have some 2,700 bytes. A signal cancels the request.
 *
 * Rejects with `AUDIT_STORE_UNAVAILABLE` (network, 408, 429, 5xx, SQLSTATE 08, 53, 57, 58, 40001,
 * 40P01, aborted), `AUDIT_STORE_NOT_MIGRATED` or `AUDIT_STORE_REFUSED`, whose `detail` is the
 * SQLSTATE or the HTTP status.
 * @example
 * const storeOf = (env: { DATABASE_URL: string }) => neon({ connectionString: env.DATABASE_URL })
 * @see https://github.com/neondatabase/serverless
 */
export const neon = (options: NeonOptions): AuditStore => {
  const given = 'sql' in options ? options.sql : connect(options.connectionString)
  return pgStore(driverOf(given))
}
