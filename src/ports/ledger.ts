import type { Condition } from '../event/condition.ts'
import type { HoldScope } from '../event/hold.ts'
import type { ArchivedRow } from './archive.ts'

/** Events that nothing may move or delete. */
export interface Hold extends HoldScope {
  readonly id: string
  readonly reason: string
  /** Who placed it. */
  readonly by: string
  /** By the store's clock, in ms. */
  readonly placedAt: number
  readonly released?: { readonly by: string; readonly at: number } | undefined
}

export type NewHold = Omit<Hold, 'placedAt' | 'released'>

/** A place that is written to: what a run that was cut off leaves there is cleared away by a later one. */
export interface Intent {
  readonly id: string
  readonly place: string
  /** The run that writes. */
  readonly holder: string
  /** By the store's clock, in ms. */
  readonly openedAt: number
}

/** A manifest, and what became of its events since. */
export interface Entry {
  readonly id: string
  readonly number: number
  readonly place: string
  readonly tenant: string | null
  /** Earliest and latest `occurredAt` of its events, in ms. */
  readonly firstAt: number
  readonly lastAt: number
  readonly count: number
  /** The manifest's text, as it is hashed. */
  readonly manifest: string
  /** When the live table held none of its events any more; null while it may. */
  readonly emptiedAt: number | null
  /** When it was decided that the policy deletes it from the archive; null while it is kept. */
  readonly expiredAt: number | null
  /** When nothing lay in the archive any more. */
  readonly removedAt: number | null
  /** What a later run need not find out again. */
  readonly memo: string | null
}

export type NewEntry = Pick<
  Entry,
  'id' | 'number' | 'place' | 'tenant' | 'firstAt' | 'lastAt' | 'count' | 'manifest'
>

export interface EntryQuery {
  /** Those with events in this span of time; `from` is included, `to` is not. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly tenants?: readonly (string | null)[] | undefined
  /**
   * `kept`: not expired. `filled`: some events may be live as well. `expired`: something may lie in
   * the archive still.
   */
  readonly state?: 'kept' | 'filled' | 'expired' | undefined
  /** Only those with a larger number. */
  readonly after?: number | undefined
  /** Only those behind this one, where they are ordered by time. */
  readonly behind?: Pick<Entry, 'firstAt' | 'lastAt' | 'number'> | undefined
  /**
   * By their numbers, or by the time of their first event, or of their last backwards.
   * @default 'ascending'
   */
  readonly order?: 'ascending' | 'descending' | 'oldest' | 'newest' | undefined
  /** From 1 to 1,000. */
  readonly limit: number
}

/**
 * The books of the archive, in the database of the events. What every store promises, and
 * `ledgerConformance` tests:
 *
 * - Each call takes effect as a whole or not at all, and may be made again.
 * - `lease` is held by one at a time, by the clock of the database.
 * - `commit` makes entries the next of the chain, all or none, for who holds the lease then, and if
 *   the first number is one more than the last there is. Of many at once one does.
 * - `remove` deletes events from the live table, but for those that a hold covers at that moment: a
 *   hold whose `place` resolved before is never overlooked.
 * - `expire` decides that an entry's object may be removed, for who holds the lease, and only if no
 *   hold was placed since `holdsSeen` was read.
 */
export interface Ledger {
  /** The clock of the database, in ms. */
  now(): Promise<number>

  /** Takes the lease, or keeps it, for so many ms from now. False while somebody else holds it. */
  lease(holder: string, ms: number): Promise<boolean>
  /** Keeps the lease for so many ms from now, if it was held without a break. False else, for good. */
  renew(holder: string, ms: number): Promise<boolean>
  leave(holder: string): Promise<void>

  intend(intents: readonly Pick<Intent, 'id' | 'place' | 'holder'>[]): Promise<void>
  /** The oldest first, at most 1,000. */
  intents(): Promise<readonly Intent[]>
  forget(id: string): Promise<void>

  /**
   * Their numbers follow each other. False when somebody else holds the lease, or has taken a number:
   * none of them is committed then. The intents of their ids are forgotten.
   */
  commit(entries: readonly NewEntry[], holder: string): Promise<boolean>
  entries(query: EntryQuery): Promise<readonly Entry[]>
  /** Notes that the live table holds none of their events, or that it may again. */
  emptied(ids: readonly string[], yes: boolean): Promise<void>
  expire(id: string, holder: string, holdsSeen: number): Promise<boolean>
  /** Notes that nothing lies in the archive any more. */
  removed(id: string): Promise<void>
  memo(id: string, text: string | null): Promise<void>

  place(hold: NewHold): Promise<void>
  /** False when there is none in force. */
  release(id: string, by: string): Promise<boolean>
  /** Those in force, or all; by their ids, at most 1,000. */
  holds(query?: {
    readonly all?: boolean | undefined
    readonly after?: string | undefined
  }): Promise<readonly Hold[]>
  /** How many were ever placed: another number says that there is a new one. */
  holdsSeen(): Promise<number>

  /** Whether nobody else writes to the database while a call does, so that many calls leave them little time. */
  readonly oneWriter: boolean
  /**
   * Deletes live events by their ids, 1,000 at most, if all of the entries stand and were not expired,
   * or if the lease is the holder's. Resolves to the ids of those that are still there.
   */
  remove(
    ids: readonly string[],
    because: { readonly entries: readonly string[] } | { readonly holder: string },
  ): Promise<readonly string[]>
  /** The tenants, and null, of which there are live events. */
  tenants(query: {
    readonly where: Condition
    readonly from: number
    readonly to: number
  }): Promise<readonly (string | null)[]>
  /** Puts events back into the live table as they were, with the times at which the store took them. */
  restore(rows: readonly ArchivedRow[]): Promise<void>

  /** The second table. */
  readonly table: ArchiveTable
}

/** A table of archived events beside the live one; its rows lie in segments. */
export interface ArchiveTable {
  /** All rows or none. A row whose id is there already is passed over. */
  write(segment: string, rows: readonly ArchivedRow[]): Promise<void>
  /** In the order of time; from behind a place, at most 1,000. */
  read(
    segment: string,
    after?: { readonly occurredAt: number; readonly id: string },
  ): Promise<readonly ArchivedRow[]>
  remove(segment: string): Promise<void>
}
