/**
 * Reads stored events: page by page, or one by its id.
 * @module
 */
import type { Columns } from '../event/row.ts'
import type { AuditStore, PageFilter, PageQuery } from '../ports/store.ts'
import { cursorOf, positionOf } from './cursor.ts'
import {
  actorType,
  checkParameters,
  isText,
  oneOf,
  refuse,
  text,
  textOrNull,
  time,
  type Wanted,
  wholeFrom,
} from './parameters.ts'
import { eventOf, type StoredEvent } from './stored.ts'

export type { StoredEvent } from './stored.ts'

/** What is used of an audit. */
export interface Reading {
  store(env?: unknown): AuditStore
}

/** Equality on any column, a span of time, and a place to go on from. A filter of null asks for rows without a value. */
export interface EventQuery extends PageFilter {
  /** Earliest `occurredAt`, included; ms since 1970 UTC, or a Date. */
  readonly from?: number | Date | undefined
  /** Latest `occurredAt`, not included. */
  readonly to?: number | Date | undefined
  /** @default 'newest' */
  readonly order?: 'newest' | 'oldest' | undefined
  /** From 1 to 1,000. @default 50 */
  readonly limit?: number | undefined
  /** `next` of the page before, as it came. @default the first page */
  readonly next?: string | null | undefined
}

export interface EventPage {
  readonly events: readonly StoredEvent[]
  /** Where the next page starts, safe in a URL; null when this was the last. */
  readonly next: string | null
}

/**
 * Reads a page of events, newest first unless asked otherwise. Events that are appended meanwhile
 * move none: the next page goes on where this one ended.
 * @throws {AuditError} AUDIT_QUERY_INVALID, naming the parameter; else what the store rejects with.
 * @example
 * import { page } from 'edge-audit/query'
 * const { events, next } = await page(audit, { tenant: 'acme', outcome: 'denied', limit: 20 })
 * const older = next === null ? undefined : await page(audit, { tenant: 'acme', outcome: 'denied', limit: 20, next })
 */
export const page = async (
  audit: Reading,
  query: EventQuery = {},
  env?: unknown,
): Promise<EventPage> => {
  const found = await audit.store(env).page(pageQueryOf(query))
  return { events: found.rows.map(eventOf), next: found.next && cursorOf(found.next) }
}

/**
 * Reads one event; undefined when there is none of that id.
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

const kinds: Readonly<Record<Columns['kind'], true>> = {
  request: true,
  auth: true,
  process: true,
  change: true,
  access: true,
  export: true,
  system: true,
  security: true,
  custom: true,
}
const outcomes: Readonly<Record<Columns['outcome'], true>> = {
  success: true,
  failure: true,
  denied: true,
  unknown: true,
}
const parameters: Readonly<Record<keyof EventQuery, Wanted>> = {
  tenant: textOrNull,
  kind: oneOf(kinds),
  action: text,
  outcome: oneOf(outcomes),
  actorType,
  actorId: text,
  targetType: textOrNull,
  targetId: textOrNull,
  requestId: textOrNull,
  method: textOrNull,
  route: textOrNull,
  status: [
    'a whole number, or null for none',
    (value) => value === null || Number.isSafeInteger(value),
  ],
  ip: textOrNull,
  from: time,
  to: time,
  order: oneOf({ newest: true, oldest: true }),
  limit: wholeFrom(1, 1_000),
  next: ['what the page before gave', (value) => value === null || positionOf(value) !== undefined],
}

const pageQueryOf = (query: EventQuery): PageQuery => {
  checkParameters(query, parameters)
  const { from, to, limit = 50, next, ...filter } = query
  return {
    ...filter,
    limit,
    from: from === undefined ? undefined : Number(from),
    to: to === undefined ? undefined : Number(to),
    after: positionOf(next),
  }
}
