/**
 * Reads stored events: one by its id, page by page, as a stream, or as they come.
 * @module
 */
import type { Kind } from '../event/schema.ts'
import { askedOf } from './asked.ts'
import { cursorOf } from './cursor.ts'
import { eventOf, type StoredEvent } from './event.ts'
import type { EventQuery } from './filter.ts'
import { isText, refuse } from './parameters.ts'
import type { Reading } from './reading.ts'

export { count, type CountedEvents, type CountQuery } from './count.ts'
export type { DataOf } from './data.ts'
export type { StoredEvent } from './event.ts'
export type {
  EventFilter,
  EventQuery,
  OneOrMore,
  PartyFilter,
  StatusClass,
  TargetFilter,
} from './filter.ts'
export { follow, type FollowOptions } from './follow.ts'
export { type Fence, reader, type ReaderOptions } from './reader.ts'
export type { Reading } from './reading.ts'
export { query } from './stream.ts'

export interface EventPage<K extends Kind = Kind> {
  readonly events: readonly StoredEvent<K>[]
  /** Where the next page starts, safe in a URL; null when this was the last. */
  readonly next: string | null
  /**
   * Some events of this time and of these tenants lie in the archive, and are not among these; told
   * with the last page, and with the first of a list that begins with the oldest. See `withArchive`
   * of `edge-audit/archive`.
   */
  readonly archived?: true
}

/**
 * Reads a page of events, newest first unless asked otherwise. Events that are appended meanwhile
 * move none: the next page goes on where this one ended, however deep. The time of a page does not
 * grow with depth; what no index finds is looked for in `scan` events at most, so that a page may hold
 * few events, or none, and yet have a `next`. Indexes find the tenant with a span of time, an actor, a
 * target, an action, a kind but `request`, an outcome but `success`; and a request by its id.
 * @throws {AuditError} AUDIT_QUERY_INVALID, naming the parameter; else what the store rejects with.
 * @example
 * import { page } from 'edge-audit/query'
 * const { events, next } = await page(audit, { tenant: 'acme', outcome: ['denied', 'failure'], limit: 20 })
 * const refunds = await page(audit, { action: 'invoice.*', not: { actor: 'ada' }, metadata: { plan: 'pro' } })
 */
export const page = async <const K extends Kind = Kind>(
  audit: Reading,
  query: EventQuery<K> = {},
  env?: unknown,
): Promise<EventPage<K>> => {
  const asked = askedOf(query, audit)
  const store = audit.store(env)
  const found = await store.page({ ...asked.query, archived: true })
  const next = found.next && cursorOf(found.next, asked.question, audit)
  const events = found.rows.map((row) => eventOf<K>(row))
  const { order, after } = asked.query
  const isEnd = next === null || (order === 'oldest' && after === undefined)
  const isArchived = isEnd && (found.archived ?? (await store.isArchived(asked.query)))
  return { events, next, ...(isArchived && { archived: true }) }
}

/**
 * Reads one event; undefined when there is none of that id, or none that this reader may see.
 * @throws {AuditError} AUDIT_QUERY_INVALID when the id is no text; else what the store rejects with.
 * @example
 * import { get } from 'edge-audit/query'
 * const event = await get(audit, '01980a3e-5f00-7c3e-8b4a-5a0c1d2e3f40')
 */
export const get = async (
  audit: Reading,
  id: string,
  env?: unknown,
): Promise<StoredEvent | undefined> => {
  if (!isText(id)) return refuse('id', 'a text')
  const row = await audit.store(env).get(id)
  return row === undefined ? undefined : eventOf(row)
}
