import { isObject } from '../../event/data.ts'
import type { StoredRow } from '../../event/row.ts'
import type { AuditEvent } from '../../event/schema.ts'
import { isText, refuse } from '../parameters.ts'

/** Where a value stands: in the row, without a look at the record, and in an event. */
export interface Column {
  readonly name: string
  /** Undefined when the record alone has it. */
  readonly column?: keyof StoredRow | undefined
  readonly path: readonly string[]
  /** Milliseconds since 1970, shown as ISO 8601. */
  readonly time?: true
}

const inRow = (path: string, column: Exclude<keyof StoredRow, 'record'>): Omit<Column, 'name'> => ({
  column,
  path: path.split('.'),
})
const inRecord = (path: string): Omit<Column, 'name'> => ({ path: path.split('.') })

// In the order in which they are written when no others are asked for.
const named: Readonly<Record<string, Omit<Column, 'name'>>> = {
  id: inRow('id', 'id'),
  occurredAt: { ...inRow('occurredAt', 'occurredAt'), time: true },
  recordedAt: { ...inRow('recordedAt', 'recordedAt'), time: true },
  tenant: inRow('tenant', 'tenant'),
  kind: inRow('kind', 'kind'),
  action: inRow('action', 'action'),
  outcome: inRow('outcome', 'outcome'),
  actorType: inRow('actor.type', 'actorType'),
  actorId: inRow('actor.id', 'actorId'),
  actorName: inRecord('actor.name'),
  targetType: inRow('targets.0.type', 'targetType'),
  targetId: inRow('targets.0.id', 'targetId'),
  targetName: inRecord('targets.0.name'),
  requestId: inRow('request.id', 'requestId'),
  method: inRow('request.method', 'method'),
  route: inRow('request.route', 'route'),
  path: inRecord('request.path'),
  status: inRow('data.status', 'status'),
  ip: inRow('request.ip', 'ip'),
  userAgent: inRecord('request.userAgent'),
  reason: inRecord('reason'),
  errorType: inRecord('error.type'),
  errorMessage: inRecord('error.message'),
  changes: inRecord('changes'),
  metadata: inRecord('metadata'),
}

/** The columns of a row but the record, and where an event has what they hold. */
export const rowColumns: readonly (readonly [keyof StoredRow, readonly string[]])[] = Object.values(
  named,
).flatMap(({ column, path }) => (column === undefined ? [] : [[column, path] as const]))

const members: Readonly<Record<keyof AuditEvent, true>> = {
  action: true,
  actor: true,
  changes: true,
  data: true,
  error: true,
  id: true,
  kind: true,
  metadata: true,
  occurredAt: true,
  outcome: true,
  reason: true,
  request: true,
  targets: true,
  tenant: true,
  truncated: true,
  v: true,
}

export const standardColumns: readonly string[] = Object.keys(named)

/** Most columns of a file, and most characters of one's name. */
const limits = { columns: 200, name: 200 } as const

const columnOf = (name: unknown): Column => {
  if (isText(name) && name.length <= limits.name) {
    const known = Object.hasOwn(named, name) ? named[name] : undefined
    if (known !== undefined) return { name, ...known }
    const path = name.split('.')
    if (Object.hasOwn(members, path[0] ?? '') && !path.includes('')) return { name, path }
  }
  const shown = typeof name === 'string' ? JSON.stringify(name.slice(0, limits.name)) : typeof name
  return refuse(
    `the column ${shown}`,
    `one of ${standardColumns.join(', ')}, or a place in the record such as metadata.plan`,
  )
}

/**
 * Columns by their names, or by their places in the record.
 * @throws {AuditError} AUDIT_QUERY_INVALID, naming the column that is not known or named twice.
 */
export const columnsBy = (names: unknown): readonly Column[] => {
  if (!Array.isArray(names) || names.length === 0 || names.length > limits.columns)
    return refuse('columns', `a list of 1 to ${limits.columns} names`)
  const columns = names.map(columnOf)
  const seen = new Set<string>()
  for (const { name } of columns) {
    if (seen.has(name)) return refuse(`the column ${JSON.stringify(name)}`, 'named once')
    seen.add(name)
  }
  return columns
}

/** What an event has at a place of its own, and not by inheritance. */
export const valueAt = (event: unknown, path: readonly string[]): unknown => {
  let value = event
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = isObject(value) ? value[name] : Array.isArray(value) ? value[Number(name)] : undefined
  }
  return value
}
