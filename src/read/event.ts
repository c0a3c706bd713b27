import { isObject, objectIn } from '../event/data.ts'
import type { StoredRow } from '../event/row.ts'
import type { AuditEvent, Kind } from '../event/schema.ts'
import type { DataOf } from './data.ts'

/** An event with the time at which the store took it, by the store's own clock. */
export type StoredEvent<K extends Kind = Kind> = Omit<AuditEvent, 'kind' | 'data'> & {
  readonly kind: K
  readonly data?: DataOf<K> | undefined
  readonly recordedAt: number
  /** The record is no event: what is told here is what its index columns say. */
  readonly unreadable?: true
}

/**
 * The event of a row, of the kinds that the store was asked for. Whatever else a record holds is kept:
 * it may have been written by a later version. One that is unreadable does not hide all the others.
 */
export const eventOf = <K extends Kind = Kind>(row: StoredRow): StoredEvent<K> => {
  const { recordedAt } = row
  const event = parseEvent(row.record)
  const stored: StoredEvent = event === undefined ? columnsAlone(row) : { ...event, recordedAt }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the store was asked for these kinds
  return stored as unknown as StoredEvent<K>
}

/** The event that a record holds; undefined when it holds none. */
export const parseEvent = (record: string): AuditEvent | undefined => {
  const value: unknown = objectIn(record)
  return isEvent(value) ? value : undefined
}

/** No more is asked than what those who show an event rely on: a later version may know other kinds. */
const isEvent = (value: unknown): value is AuditEvent =>
  isObject(value) &&
  typeof value['actor'] === 'object' &&
  value['actor'] !== null &&
  Array.isArray(value['targets'])

/** What the index columns say of an event, when its record says nothing. */
export const columnsAlone = (row: StoredRow): StoredEvent => {
  const { id, tenant, occurredAt, kind, action, outcome, recordedAt } = row
  const { actorType, actorId, targetType, targetId, requestId } = row
  const hasTarget = targetType !== null && targetId !== null
  return {
    v: 1,
    id,
    tenant,
    occurredAt,
    kind,
    action,
    outcome,
    actor: { id: actorId, type: actorType },
    targets: hasTarget ? [{ id: targetId, type: targetType }] : [],
    ...(requestId !== null && { request: { id: requestId } }),
    recordedAt,
    unreadable: true,
  }
}
