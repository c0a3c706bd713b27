import type { Columns, EventRow, StoredRow } from '../event/row.ts'
import type { Position } from '../event/order.ts'
import type { SummaryQuery, SummaryRow } from '../event/summary-row.ts'
import type { Ledger } from './ledger.ts'
import type { Condition, FilterColumn } from '../event/condition.ts'

export type { Position } from '../event/order.ts'
export type { SummaryQuery, SummaryRow } from '../event/summary-row.ts'

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
  /** Whether some events of the time and the tenants of a question lie in the archive, whatever else it asks. */
  isArchived(query: EventSelection): Promise<boolean>
  /** The books of the archive; what keeps them is loaded then. Each of its calls rejects as those of the store do. */
  ledger(): Promise<Ledger>
  /** Brings the tables up to date. Safe when called by many at once. Resolves to the names applied by this call. */
  migrate(options?: MigrateOptions): Promise<readonly string[]>
  /** Releases what the store itself opened, and nothing it was given. */
  close(): Promise<void>
}

/** The part of a store that reads. */
export interface ReadingStore extends Pick<
  AuditStore,
  'page' | 'count' | 'get' | 'summary' | 'isArchived'
> {
  /**
   * All that is asked for, some rows at a time, each once, in no order. Where it is there, to find what
   * a thing is about takes a look at everything, and a look for several takes no longer than for one.
   */
  readonly scan?: Scan | undefined
}

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
  /**
   * What the events are of, as whoever asks knows, or looks at: an archive opens no object without. A
   * database need not be told, and takes no notice.
   */
  readonly kinds?: readonly Columns['kind'][] | undefined
  /** From 1 to 1,000,000. @default 100000 */
  readonly scan?: number | undefined
}

export type Scan = (query: ScanQuery) => AsyncIterable<readonly StoredRow[]>

export interface ScanQuery extends Omit<EventSelection, 'scan'> {
  /** About these things alone, each by its tenant and its id. */
  readonly about?: readonly Pick<StoredRow, 'tenant' | 'targetId'>[] | undefined
}

export interface PageQuery extends EventSelection {
  /** Asks as well what `isArchived` tells: a store that can tells it with the page. */
  readonly archived?: true | undefined
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
  /** What `isArchived` tells; undefined where it was not asked for, or has to be asked by itself. */
  readonly archived?: boolean | undefined
}
