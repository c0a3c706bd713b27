import type { Columns } from '../event/row.ts'
import type { Kind, Outcome } from '../event/schema.ts'
import type { Scalar } from '../event/condition.ts'

export type OneOrMore<Value> = Value | readonly Value[]

/** Who: an id; or with a type, or a type alone, where ids of several types may be the same. */
export type PartyFilter =
  | string
  | { readonly id?: string | undefined; readonly type?: Columns['actorType'] | undefined }

/** A thing, or all things of a type. */
export interface TargetFilter {
  readonly type: string
  readonly id?: OneOrMore<string> | undefined
}

/**
 * What an event must be like: each member that is given, and any one of the values where there are
 * several. Null asks for events without a value.
 */
export interface EventFilter<K extends Kind = Kind> {
  /** Earliest `occurredAt`, included; ms since 1970 UTC, or a Date. */
  readonly from?: number | Date | undefined
  /** Latest `occurredAt`, not included. */
  readonly to?: number | Date | undefined
  readonly tenant?: OneOrMore<string | null> | undefined
  readonly kind?: OneOrMore<K> | undefined
  /** `invoice.refund`, or `invoice.*` for all that begin so. */
  readonly action?: OneOrMore<string> | undefined
  readonly outcome?: OneOrMore<Outcome> | undefined
  readonly actor?: OneOrMore<PartyFilter> | undefined
  /** On whose behalf the actor acted. */
  readonly onBehalfOf?: OneOrMore<PartyFilter> | undefined
  /** Any target of the event, not only its first. */
  readonly target?: OneOrMore<TargetFilter> | undefined
  readonly requestId?: OneOrMore<string | null> | undefined
  readonly traceId?: OneOrMore<string> | undefined
  /** `metadata.batchId`, which `audit.scope().extra({ batchId })` adds to all events of a scope. */
  readonly batchId?: OneOrMore<string> | undefined
  readonly method?: OneOrMore<string | null> | undefined
  /** The route's pattern, `/invoices/:id`. */
  readonly route?: OneOrMore<string | null> | undefined
  /** A path, or `/invoices/*` for all that begin so. */
  readonly path?: OneOrMore<string> | undefined
  /** `404`, or `5xx` for the class. */
  readonly status?: OneOrMore<number | StatusClass | null> | undefined
  /** An address, or a network: `10.0.0.0/8`, `2001:db8::/32`. IPv4 counts as IPv4-mapped IPv6. */
  readonly ip?: OneOrMore<string | null> | undefined
  /** A part of the user agent, whatever the case of A to Z. */
  readonly userAgent?: string | undefined
  /** `data.durationMs` is as long, or longer. */
  readonly minDurationMs?: number | undefined
  /** The name of a field in `changes`. */
  readonly changed?: OneOrMore<string> | undefined
  /** What members of `metadata` are, by their paths: `{ plan: 'pro', 'customer.tier': 1 }`. */
  readonly metadata?: Readonly<Record<string, Scalar>> | undefined
  /** Words that all stand in the record, in any order, whatever the case of A to Z; `"two words"` is one. */
  readonly text?: string | undefined
  /** All of these, too. */
  readonly and?: readonly EventFilter[] | undefined
  /** Any of these, too. */
  readonly or?: readonly EventFilter[] | undefined
  /** Not this. */
  readonly not?: EventFilter | undefined
}

export type StatusClass = '1xx' | '2xx' | '3xx' | '4xx' | '5xx'

/** What is asked for, in which order, and a place to go on from. */
export interface EventQuery<K extends Kind = Kind> extends EventFilter<K> {
  /** @default 'newest' */
  readonly order?: 'newest' | 'oldest' | undefined
  /** Most events of a page, from 1 to 1,000. @default 50 */
  readonly limit?: number | undefined
  /** `next` of the page before, as it came. @default the first page */
  readonly next?: string | null | undefined
  /** Most events that a page looks at where no index finds them, from 1 to 1,000,000. @default 100_000 */
  readonly scan?: number | undefined
}
