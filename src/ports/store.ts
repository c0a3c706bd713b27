import type { Columns, EventRow, StoredRow } from '../event/row.ts'
import type { Position } from '../event/order.ts'
import type { Ledger } from './ledger.ts'
import type { Condition, FilterColumn } from '../event/condition.ts'

export type { Position } from '../event/order.ts'

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
  /**
   * Newest first unless asked otherwise; no row twice and none left out, while others append. What no
   * index finds is looked for in `scan` events at most: such a page may hold fewer rows than `limit`,
   * none even, and yet be followed by another.
   */
  page(query: PageQuery): Promise<Page>
  /** Counts up to `limit` events, looking at `scan` at most where no index finds them. */
  count(query: CountQuery): Promise<Count>
  get(id: string): Promise<StoredRow | undefined>
  /**
   * Counts what happened in a span of time, at one moment of the database, so no count contradicts
   * another. A record that is no JSON, or holds something else than is looked for, counts by its
   * columns alone and breaks nothing.
   */
  summary(query: SummaryQuery): Promise<readonly SummaryRow[]>
  /** The books of the archive; what keeps them is loaded then. Each of its calls rejects as those of the store do. */
  ledger(): Promise<Ledger>
  /** Brings the tables up to date. Safe when called by many at once. Resolves to the names applied by this call. */
  migrate(options?: MigrateOptions): Promise<readonly string[]>
  /** Releases what the store itself opened, and nothing it was given. */
  close(): Promise<void>
}

/** The part of a store that reads. */
export type ReadingStore = Pick<AuditStore, 'page' | 'count' | 'get' | 'summary'>

export interface MigrateOptions {
  /**
   * Adds an index for free text. On SQLite every write then takes three to four times as long. It
   * stays until somebody drops it. @default false
   */
  readonly text?: boolean | undefined
}

export interface AppendOptions {
  /** Gives up when aborted: the call rejects, the rows may or may not be stored. */
  readonly signal?: AbortSignal | undefined
}

/** Equality on an indexed column; null asks for rows without a value. */
export type PageFilter = { readonly [Column in FilterColumn]?: Columns[Column] | undefined }

export interface EventSelection extends PageFilter {
  /** Earliest `occurredAt`, included, in ms. */
  readonly from?: number | undefined
  /** Latest `occurredAt`, not included, in ms. */
  readonly to?: number | undefined
  /** What else must be true of an event. */
  readonly where?: Condition | undefined
  /** From 1 to 1,000,000. @default 100000 */
  readonly scan?: number | undefined
}

export interface PageQuery extends EventSelection {
  readonly order?: 'newest' | 'oldest' | undefined
  /** Where the page before ended. */
  readonly after?: Position | undefined
  /** From 1 to 1,000. */
  readonly limit: number
}

export interface CountQuery extends EventSelection {
  /** From 1 to 1,000,000. */
  readonly limit: number
}

export interface Count {
  /** No more than `limit`. */
  readonly count: number
  /** There are more than these, or there may be: `scan` ended the count. */
  readonly more: boolean
}

export interface Page {
  readonly rows: readonly StoredRow[]
  /** Where this page ended, for `after`; null when this was the last. */
  readonly next: Position | null
}

export interface SummaryQuery {
  /** Earliest `occurredAt`, included, in ms. */
  readonly from: number
  /** Latest `occurredAt`, not included; after `from`, and 366 days after it at most. */
  readonly to: number
  /** null asks for events without a tenant; undefined for those of all. */
  readonly tenant?: string | null | undefined
  readonly actorId?: string | undefined
  readonly actorType?: Columns['actorType'] | undefined
  /** Most rows of each of the parts `actor`, `action` and `route`, from 1 to 1,000. */
  readonly top: number
}

/**
 * One count. The rows come in no particular order; `all`, `request` and `issue` are one row each, of
 * the others there are none when there is nothing to count. By `part`, of the events that the query
 * asks for:
 *
 * - `all`: every event.
 * - `request`: events of that kind, with the percentiles of `data.durationMs` (nearest rank, of those
 *   that are numbers from 0 to 1e15).
 * - `deed`: by what was done. `name` is `create`, `update` or `delete` (kind `change`, the last part
 *   of the action), `view` (kind `access`), `login` (that action of kind `auth`), `export` or
 *   `download` (actions `export` and `export.download` of kind `export`) or `error` (`system.error`).
 * - `day`: `name` is the number of the day since 1970, UTC.
 * - `actor`: `name` is the id, `detail` the type. Those with most events; of as many, by `name` and
 *   then `detail`, bytewise, null last.
 * - `action`: `name` is the action, `detail` the kind. The same.
 * - `route`: of requests; `name` is the route, `detail` the method, with percentiles. The same.
 * - `process`: `name` is a state, `total` how many processes (target type `process`, by tenant and
 *   id) are in it at `to` that have an event here. Their earlier events, and those of others, count
 *   for the state. `foldProcess` of `event/process.ts` is the rule.
 * - `issue`: `name` is `open`, `total` how many issues (target type `issue`, by tenant and id) are
 *   open at `to`, whenever they occurred; with an actor, of those alone of which an event that
 *   `decides` (`event/issue.ts`) is the actor's. The last such event before `to` has the word.
 *
 * `process` and `issue` have no outcome: those counts are 0.
 */
export interface SummaryRow {
  readonly part:
    | 'all'
    | 'request'
    | 'deed'
    | 'day'
    | 'actor'
    | 'action'
    | 'route'
    | 'process'
    | 'issue'
  readonly name: string | null
  readonly detail: string | null
  readonly total: number
  readonly success: number
  readonly failure: number
  readonly denied: number
  readonly unknown: number
  /** In ms; null when no duration is known. */
  readonly p50: number | null
  readonly p95: number | null
}
