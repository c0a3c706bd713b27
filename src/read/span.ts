import { isObject } from '../event/data.ts'
import type { Columns } from '../event/row.ts'
import type { SummaryQuery } from '../ports/store.ts'
import {
  actorType,
  checkParameters,
  isText,
  refuse,
  textOrNull,
  time,
  type Wanted,
  wholeFrom,
} from './parameters.ts'

/** A span of time, and whose events in it. */
export interface SpanQuery {
  /** Earliest `occurredAt`, included; ms since 1970 UTC, or a Date. */
  readonly from: number | Date
  /** Latest `occurredAt`, not included; after `from`, by 366 days at most. */
  readonly to: number | Date
  /** Events by this actor: an id, or with the type when ids of several types may be the same. */
  readonly actor?: string | SpanActor | undefined
  /** null asks for events without a tenant. @default those of all tenants */
  readonly tenant?: string | null | undefined
  /** Most entries of `byActor`, `byAction` and `byRoute`, from 1 to 1,000. @default 20 */
  readonly top?: number | undefined
}

export interface SpanActor {
  readonly id: string
  readonly type?: Columns['actorType'] | undefined
}

const isActor = (value: unknown): boolean =>
  isText(value) ||
  (isObject(value) &&
    isText(value['id']) &&
    (value['type'] === undefined || actorType[1](value['type'])))

const parameters: Readonly<Record<keyof SpanQuery, Wanted>> = {
  from: time,
  to: time,
  actor: ['an id, or an object with an id and perhaps a type', isActor],
  tenant: textOrNull,
  top: wholeFrom(1, 1_000),
}

const day = 86_400_000
const mostDays = 366

/**
 * A span that has both ends.
 * @throws {AuditError} AUDIT_QUERY_INVALID, naming the end that is wrong.
 */
export const endsOf = (
  query: Pick<SpanQuery, 'from' | 'to'>,
): { readonly from: number; readonly to: number } => {
  for (const name of ['from', 'to'] as const) if (!time[1](query[name])) refuse(name, time[0])
  const [from, to] = [Number(query.from), Number(query.to)]
  if (to <= from || to - from > mostDays * day)
    refuse('to', `after from, by ${mostDays} days at most`)
  return { from, to }
}

/**
 * What a store is asked.
 * @throws {AuditError} AUDIT_QUERY_INVALID, naming the first parameter that is wrong.
 */
export const storeQueryOf = (query: SpanQuery): SummaryQuery => {
  checkParameters(query, parameters)
  // Asked once more, for one that is left out passes above.
  const { from, to } = endsOf(query)
  const { actor, tenant, top = 20 } = query
  const { id, type } = typeof actor === 'object' ? actor : { id: actor, type: undefined }
  return { from, to, tenant, actorId: id, actorType: type, top }
}
