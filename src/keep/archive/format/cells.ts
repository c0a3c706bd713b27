import { AuditError } from '../../../errors.ts'
import type { ArchivedRow } from '../../../ports/archive.ts'

/** What was read of a row, under the names of the table's columns. */
export type Cells = Readonly<Record<string, unknown>>

const refused = (name: string): never => {
  throw new AuditError('AUDIT_ARCHIVE_REFUSED', `a row has no ${name} that could be read again`)
}

interface Words {
  readonly kind: ArchivedRow['kind']
  readonly outcome: ArchivedRow['outcome']
  readonly actor_type: ArchivedRow['actorType']
}

// A database holds any text there that it was given, and so does its archive: whoever reads a word knows
// which ones there are.
const hasWords = (cells: Cells): cells is Cells & Words =>
  ['kind', 'outcome', 'actor_type'].every((name) => typeof cells[name] === 'string')

/** How the cells of a format are read. */
export interface Reading {
  /** In ms since 1970 UTC; undefined for what is none. */
  readonly time: (value: unknown) => number | undefined
  readonly number: (value: unknown) => number | undefined
  /** Tells of a column that is missing or holds something else. */
  readonly damaged: (name: string) => never
}

/** The row that lies in the cells; or `damaged` is called. */
export const rowOf = (cells: Cells, { time, number, damaged }: Reading): ArchivedRow => {
  const text = (name: string): string => {
    const value = cells[name]
    return typeof value === 'string' ? value : damaged(name)
  }
  const maybe = (name: string): string | null => (cells[name] === null ? null : text(name))
  const at = (name: string): number => time(cells[name]) ?? damaged(name)
  if (!hasWords(cells)) return damaged('kind, outcome or actor_type')
  const { kind, outcome, actor_type: actorType, status } = cells
  return {
    id: text('id'),
    tenant: maybe('tenant'),
    occurredAt: at('occurred_at'),
    recordedAt: at('recorded_at'),
    archivedAt: at('archived_at'),
    kind,
    action: text('action'),
    outcome,
    actorType,
    actorId: text('actor_id'),
    targetType: maybe('target_type'),
    targetId: maybe('target_id'),
    requestId: maybe('request_id'),
    method: maybe('method'),
    route: maybe('route'),
    status: status === null ? null : (number(status) ?? damaged('status')),
    ip: maybe('ip'),
    record: text('record'),
  }
}

const mustBeText = (value: unknown, name: string): void => {
  if (typeof value !== 'string') refused(name)
}

const mayBeText = (value: unknown, name: string): void => {
  if (value !== null && typeof value !== 'string') refused(name)
}

const mustBeNumber = (value: unknown, name: string): void => {
  if (typeof value !== 'number') refused(name)
}

/**
 * Holds a row to its type: databases keep in a column what they were given, and what would not be read
 * again must not be thought to be archived.
 * @throws {AuditError} AUDIT_ARCHIVE_REFUSED
 */
export const checkRow = (row: ArchivedRow): void => {
  mustBeText(row.id, 'id')
  mayBeText(row.tenant, 'tenant')
  mustBeNumber(row.occurredAt, 'occurred_at')
  mustBeNumber(row.recordedAt, 'recorded_at')
  mustBeNumber(row.archivedAt, 'archived_at')
  mustBeText(row.kind, 'kind')
  mustBeText(row.action, 'action')
  mustBeText(row.outcome, 'outcome')
  mustBeText(row.actorType, 'actor_type')
  mustBeText(row.actorId, 'actor_id')
  mayBeText(row.targetType, 'target_type')
  mayBeText(row.targetId, 'target_id')
  mayBeText(row.requestId, 'request_id')
  mayBeText(row.method, 'method')
  mayBeText(row.route, 'route')
  if (row.status !== null) mustBeNumber(row.status, 'status')
  mayBeText(row.ip, 'ip')
  mustBeText(row.record, 'record')
}
