import { isObject } from '../../src/event/data.ts'
import type { AuditStore } from '../../src/ports/store.ts'
import type { SqliteDriver, Statement } from './sqlite/driver.ts'
import { sqliteStore } from './sqlite/store.ts'

/** The part of Cloudflare's `D1Database` that the store uses. */
export interface D1Binding {
  prepare(sql: string): { bind(...values: unknown[]): D1Statement }
  batch(statements: D1Statement[]): Promise<unknown>
}

export interface D1Statement {
  raw(): Promise<unknown[][]>
}

/** The rows of all results, which a batch gives as objects. */
const rowsIn = (results: unknown): readonly (readonly unknown[])[] =>
  (Array.isArray(results) ? results : []).flatMap((result: unknown) => {
    const rows: unknown = isObject(result) ? result['results'] : undefined
    return Array.isArray(rows) ? rows.map((row) => Object.values(Object(row))) : []
  })

const driverOf = (binding: D1Binding): SqliteDriver => {
  const prepared = ({ sql, args }: Statement): D1Statement => binding.prepare(sql).bind(...args)
  return {
    // https://developers.cloudflare.com/d1/platform/limits/
    maxParameters: 100,
    read: (statement) => prepared(statement).raw(),
    async write(statements) {
      return rowsIn(await binding.batch(statements.map(prepared)))
    },
    // The binding belongs to the Worker.
    close: () => Promise.resolve(),
  }
}

/**
 * Keeps events in Cloudflare D1. An append is one batch, six rows to a statement because D1 binds
 * 100 parameters at most; each statement counts towards D1's queries per invocation (50 on the free
 * plan, 1,000 otherwise). A record may have 2 MB. A signal rejects the call but cannot cancel it.
 *
 * Rejects with `AUDIT_STORE_UNAVAILABLE`, `AUDIT_STORE_NOT_MIGRATED` or `AUDIT_STORE_REFUSED`, whose
 * `detail` is a code such as `SQLITE_CONSTRAINT`.
 * @example
 * const storeOf = (env: { AUDIT: D1Binding }) => d1(env.AUDIT)
 * @see https://developers.cloudflare.com/d1/worker-api/d1-database/
 */
export const d1 = (binding: D1Binding): AuditStore => sqliteStore(driverOf(binding))
