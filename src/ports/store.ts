import type { Columns, EventRow, StoredRow } from '../event/row.ts'

/**
 * Where events live. What every store promises, and `storeConformance` tests:
 *
 * - `append` is durable once it resolves, and atomic: all rows of the call are stored or none.
 *   Appending an id again changes nothing, whatever the other columns say, and is no error.
 *   It may be called concurrently, from many processes. It never retries: the caller does.
 *   A row that the backend refuses fails the whole call and leaves nothing behind.
 * - `record` comes back byte for byte. `recordedAt` is the store's own clock.
 * - Events are never changed. Outside the archive procedure the database refuses UPDATE and DELETE.
 * - An error of a store is an `AuditError` and carries no parameter, so no audited value.
 *   `AUDIT_STORE_UNAVAILABLE` may be tried again, `AUDIT_STORE_REFUSED` may not,
 *   `AUDIT_STORE_NOT_MIGRATED` says which command to run.
 */
export interface AuditStore {
  append(rows: readonly EventRow[], options?: AppendOptions): Promise<void>
  /** Newest first unless asked otherwise; no row twice and none left out, while others append. */
  page(query: PageQuery): Promise<Page>
  get(id: string): Promise<StoredRow | undefined>
  /** Brings the tables up to date. Safe when called by many at once. Resolves to the names applied by this call. */
  migrate(): Promise<readonly string[]>
  /** Releases what the store itself opened, and nothing it was given. */
  close(): Promise<void>
}

export interface AppendOptions {
  /** Gives up when aborted: the call rejects, the rows may or may not be stored. */
  readonly signal?: AbortSignal | undefined
}

/** Equality on an indexed column; null asks for rows without a value. */
export type PageFilter = {
  readonly [Column in Exclude<keyof Columns, 'id' | 'occurredAt'>]?: Columns[Column] | undefined
}

export interface PageQuery extends PageFilter {
  /** Earliest `occurredAt`, included, in ms. */
  readonly from?: number | undefined
  /** Latest `occurredAt`, not included, in ms. */
  readonly to?: number | undefined
  readonly order?: 'newest' | 'oldest' | undefined
  /** The last row of the page before. */
  readonly after?: Position | undefined
  /** From 1 to 1,000. */
  readonly limit: number
}

/** A place in the order of `(occurredAt, id)`. */
export interface Position {
  readonly occurredAt: number
  readonly id: string
}

export interface Page {
  readonly rows: readonly StoredRow[]
  /** Where the next page starts, or null when this was the last. */
  readonly next: Position | null
}
