/**
 * Counts what happened in a span of time: how much, by whom, where, and how it ended.
 * @module
 */
import type { ProcessState } from '../event/process.ts'
import type { SummaryRow } from '../ports/store.ts'
import type { Reading } from './reading.ts'
import { type SpanQuery, storeQueryOf } from './span.ts'

export type { SpanActor, SpanQuery } from './span.ts'

/** Events by how they ended. Of logins, `failure` is a wrong password and `denied` a blocked one. */
export interface Tally {
  readonly total: number
  readonly success: number
  readonly failure: number
  readonly denied: number
  readonly unknown: number
}

/** Requests, with how many failed and how long they took. */
export interface RequestTally extends Tally {
  /** The share whose outcome is `failure`, from 0 to 1; null when there are none. */
  readonly errorRate: number | null
  /** Nearest rank, in ms: half of the requests took no longer; null when no duration is known. */
  readonly p50: number | null
  /** As many as 95 of 100 took no longer. */
  readonly p95: number | null
}

export interface Summary {
  readonly from: number
  readonly to: number
  /** Some events of the span lie in the archive, and are not counted. See `withArchive` of `edge-audit/archive`. */
  readonly archived?: true
  /** Some events before the span lie in the archive: `unresolved` and `processes` know nothing of them. */
  readonly archivedBefore?: true
  /** All events. */
  readonly actions: Tally
  /** Events of kind `change`, by the last part of their action: `create`, `invoice.create` … */
  readonly creates: Tally
  readonly updates: Tally
  readonly deletes: Tally
  /** Events of kind `access`. */
  readonly views: Tally
  /** `failure` are the failed ones, `denied` the blocked ones. */
  readonly logins: Tally
  readonly exports: Tally
  readonly downloads: Tally
  /** Events `system.error`; one may stand for several errors (`data.count`). */
  readonly systemErrors: Tally
  /** Issues that are open at `to`, however long ago they occurred; with `actor`, of those that concern them. */
  readonly unresolved: number
  /** Processes that have an event in the span, by their state at `to`, which events of others and before may have made. */
  readonly processes: Readonly<Record<ProcessState, number>>
  readonly requests: RequestTally
  /** The days (UTC) that have events, in order. */
  readonly byDay: readonly (Tally & { readonly day: string })[]
  /** Those with most events first. */
  readonly byActor: readonly (Tally & { readonly id: string; readonly type: string })[]
  readonly byAction: readonly (Tally & { readonly action: string; readonly kind: string })[]
  /** Requests by route and method; null where none is known. */
  readonly byRoute: readonly (RequestTally & {
    readonly route: string | null
    readonly method: string | null
  })[]
}

const day = 86_400_000

const nothing: Tally = { total: 0, success: 0, failure: 0, denied: 0, unknown: 0 }

const tallyOf = ({ total, success, failure, denied, unknown }: Tally): Tally => ({
  total,
  success,
  failure,
  denied,
  unknown,
})

const requestsOf = (row: Omit<RequestTally, 'errorRate'>): RequestTally => ({
  ...tallyOf(row),
  errorRate: row.total === 0 ? null : row.failure / row.total,
  p50: row.p50,
  p95: row.p95,
})

/** In one order on every store: most first, then by name. */
const mostFirst = (one: SummaryRow, other: SummaryRow): number => {
  if (one.total !== other.total) return other.total - one.total
  const [left, right] = [`${one.name} ${one.detail}`, `${other.name} ${other.detail}`]
  return left < right ? -1 : Number(left > right)
}

const dayOf = (number: string | null): string =>
  new Date(Number(number) * day).toISOString().replace(/T.*/, '')

const summaryOf = (rows: readonly SummaryRow[], from: number, to: number): Summary => {
  const partOf = (part: SummaryRow['part']) => rows.filter((row) => row.part === part)
  const counted = (part: SummaryRow['part'], name: string | null): SummaryRow | undefined =>
    partOf(part).find((row) => row.name === name)
  const deed = (name: string): Tally => tallyOf(counted('deed', name) ?? nothing)
  const processes = (state: ProcessState): number => counted('process', state)?.total ?? 0
  const most = (part: 'actor' | 'action' | 'route') => partOf(part).toSorted(mostFirst)
  return {
    from,
    to,
    actions: tallyOf(counted('all', null) ?? nothing),
    creates: deed('create'),
    updates: deed('update'),
    deletes: deed('delete'),
    views: deed('view'),
    logins: deed('login'),
    exports: deed('export'),
    downloads: deed('download'),
    systemErrors: deed('error'),
    unresolved: counted('issue', 'open')?.total ?? 0,
    processes: {
      succeeded: processes('succeeded'),
      failed: processes('failed'),
      incomplete: processes('incomplete'),
      pending: processes('pending'),
    },
    requests: requestsOf(counted('request', null) ?? { ...nothing, p50: null, p95: null }),
    byDay: partOf('day')
      .toSorted((one, other) => Number(one.name) - Number(other.name))
      .map((row) => ({ day: dayOf(row.name), ...tallyOf(row) })),
    byActor: most('actor').map((row) => ({
      id: row.name ?? '',
      type: row.detail ?? '',
      ...tallyOf(row),
    })),
    byAction: most('action').map((row) => ({
      action: row.name ?? '',
      kind: row.detail ?? '',
      ...tallyOf(row),
    })),
    byRoute: most('route').map((row) => ({
      route: row.name,
      method: row.detail,
      ...requestsOf(row),
    })),
  }
}

/**
 * Counts the events of a span of time, in one query, all at one moment. It is the same on every store.
 * @throws {AuditError} AUDIT_QUERY_INVALID, naming the parameter; else what the store rejects with.
 * @example
 * import { summary } from 'edge-audit/summary'
 * const to = Date.now()
 * const month = await summary(audit, { from: to - 30 * 86_400_000, to, tenant: 'acme' })
 * const { creates, logins, unresolved, requests } = month
 */
export const summary = async (
  audit: Reading,
  query: SpanQuery,
  env?: unknown,
): Promise<Summary> => {
  const asked = storeQueryOf(query)
  const store = audit.store(env)
  const { from, to, tenant } = asked
  const [rows, isArchived, isBefore] = await Promise.all([
    store.summary(asked),
    store.isArchived({ tenant, from, to }),
    store.isArchived({ tenant, to: from }),
  ])
  return {
    ...summaryOf(rows, from, to),
    ...(isArchived && { archived: true }),
    ...(isBefore && { archivedBefore: true }),
  }
}
