import type { StoredRow } from '../../event/row.ts'
import type { Position } from '../../ports/store.ts'
import { afterOf, cursorOf } from '../cursor.ts'
import { eventOf, type StoredEvent } from '../event.ts'
import { foldHistory, type Folded } from '../fold/history.ts'
import {
  checkParameters,
  cursor,
  isText,
  order,
  refuse,
  text,
  textOrNull,
  time,
  type Wanted,
  wholeFrom,
} from '../parameters.ts'
import type { Reading } from '../reading.ts'
import { upTo } from '../pages.ts'

export interface HistoryOptions {
  /**
   * Whose thing it is; null for no tenant. Name it: ids of two tenants may be the same, and the index
   * begins with it. @default any tenant
   */
  readonly tenant?: string | null | undefined
  /** Earliest `occurredAt`, included; ms since 1970 UTC, or a Date. @default any time */
  readonly from?: number | Date | undefined
  /** Latest `occurredAt`, not included. @default any time */
  readonly to?: number | Date | undefined
  /** @default 'oldest' */
  readonly order?: 'newest' | 'oldest' | undefined
  /** Most events of a page, from 1 to 1,000. @default 100 */
  readonly limit?: number | undefined
  /** `next` of the page before, as it came. @default the first page */
  readonly next?: string | null | undefined
  /** Most events before the latest of the page that are read for `fields`, from 1 to 100,000. @default 10_000 */
  readonly most?: number | undefined
}

/** The events of a thing, and what they made of it. */
export interface HistoryView extends Folded {
  readonly type: string
  readonly id: string
  /** Those about it, be it their first target or another. */
  readonly events: readonly StoredEvent[]
  /** Where the next page starts, safe in a URL; null when this was the last. */
  readonly next: string | null
  /** There when there are more events than `most`: what is told of the thing is made of the newest. */
  readonly partial?: true
  /** Some events of this time and of these tenants lie in the archive, and are not among these. */
  readonly archived?: true
}

const targetParameters = { type: text, id: text }

const parameters: Readonly<Record<keyof HistoryOptions, Wanted>> = {
  tenant: textOrNull,
  from: time,
  to: time,
  order,
  limit: wholeFrom(1, 1_000),
  next: cursor,
  most: wholeFrom(1, 100_000),
}

const placeOf = ({ occurredAt, id }: StoredRow): Position => ({ occurredAt, id })

const numberOf = (at: number | Date | undefined): number | undefined =>
  at === undefined ? undefined : Number(at)

/**
 * Shows a page of the events of a thing, oldest first unless asked otherwise, and what the thing was
 * like after the latest of them: the last value of each field that changed, who set it, and how often it
 * changed; who created it, and who deleted it. For these all events count that are not after that one,
 * from before `from` as well, and that succeeded. The changes of an event with several targets are those
 * of its first.
 * @throws {AuditError} AUDIT_QUERY_INVALID, naming the parameter; else what the store rejects with.
 * @example
 * import { history } from 'edge-audit/views'
 * const { events, fields, created } = await history(audit, { type: 'invoice', id: '7' }, { tenant: 'acme' })
 * const status = fields.find(({ name }) => name === 'status')
 * console.log(events.length, created?.by.id, status?.value, status?.by.id)
 */
export const history = async (
  audit: Reading,
  target: { readonly type: string; readonly id: string },
  options: HistoryOptions = {},
  env?: unknown,
): Promise<HistoryView> => {
  checkParameters(target, targetParameters)
  const { type, id } = target
  for (const name of ['type', 'id'] as const) if (!isText(target[name])) refuse(name, 'a text')
  checkParameters(options, parameters)
  const { tenant, order: along = 'oldest', limit = 100, most = 10_000 } = options
  const [from, to] = [numberOf(options.from), numberOf(options.to)]
  const question = JSON.stringify(['history', type, id, { tenant, from, to, order: along }])
  const after = afterOf(options.next, question, audit)
  const source = audit.store(env)
  const where = { some: 'targets', type, ids: [id] } as const
  const asked = { tenant, from, to, where, order: along, limit, after } as const
  const { rows, next } = await source.page(asked)

  const latest = along === 'oldest' ? rows.at(-1) : rows[0]
  const about: StoredEvent[] = []
  const take = (row: StoredRow): void => {
    about.push(eventOf(row))
  }
  if (latest?.targetType === type && latest.targetId === id) take(latest)
  const before = { tenant, targetType: type, targetId: id, to, after: latest && placeOf(latest) }
  const rest = await upTo(source, before, most, take)
  const view = {
    type,
    id,
    events: rows.map(eventOf),
    next: next && cursorOf(next, question, audit),
    ...foldHistory(about, type),
  }
  return {
    ...view,
    ...(rest !== undefined && { partial: true }),
    ...((await source.isArchived({ tenant, from, to })) && { archived: true }),
  }
}
