import { isObject, objectIn } from '../event/data.ts'
import type { StoredRow } from '../event/row.ts'
import type { Condition, FilterColumn } from '../event/condition.ts'
import type { EventSelection } from '../ports/store.ts'
import { refuse } from './parameters.ts'

// Fields that a reader is not shown are taken out of the row itself, so that no list, view, export or
// report made of it can show them; and they may not be asked for, or the answer would tell them.

type Fields = readonly string[] | undefined

/** What every reader is shown. */
const always: ReadonlySet<string> = new Set([
  'action',
  'actor.id',
  'actor.type',
  'id',
  'kind',
  'occurredAt',
  'outcome',
  'targets.id',
  'targets.type',
  'tenant',
  'v',
])

/** The columns whose place in the record is one that may be hidden. */
const places: { readonly [Column in FilterColumn | 'occurredAt']?: string } = {
  requestId: 'request.id',
  method: 'request.method',
  route: 'request.route',
  status: 'data.status',
  ip: 'request.ip',
}

export const hasShown = (fields: Fields, ...paths: readonly string[]): boolean =>
  fields === undefined ||
  paths.every((path) => fields.some((field) => path === field || path.startsWith(`${field}.`)))

const askFor = (path: string | undefined, fields: Fields): void => {
  if (path !== undefined && !always.has(path) && !hasShown(fields, path))
    refuse(path, 'something that this reader is shown')
}

const askForCondition = (condition: Condition, fields: Fields): void => {
  const again = (one: Condition): void => askForCondition(one, fields)
  if ('and' in condition) return condition.and.forEach(again)
  if ('or' in condition) return condition.or.forEach(again)
  if ('not' in condition) return again(condition.not)
  if ('lastOf' in condition) return again(condition.lastOf)
  if ('text' in condition)
    return refuse('text', 'left out: it would look into what this reader is not shown')
  if ('network' in condition) return askFor('request.ip', fields)
  if ('some' in condition)
    return condition.some === 'targets' ? undefined : askFor('actor.onBehalfOf', fields)
  if ('column' in condition) return askFor(places[condition.column], fields)
  const path = condition.member.join('.')
  return askFor('has' in condition ? `${path}.${condition.has}` : path, fields)
}

/** @throws {AuditError} AUDIT_QUERY_INVALID for a question about what is not shown. */
export const askForShown = (selection: EventSelection, fields: Fields): void => {
  if (fields === undefined) return
  for (const [column, path] of Object.entries(places))
    if (Object.hasOwn(selection, column) && Reflect.get(selection, column) !== undefined)
      askFor(path, fields)
  if (selection.where !== undefined) askForCondition(selection.where, fields)
}

/** What of a value is shown: all of it, some of its members, or undefined. */
const pruned = (value: unknown, path: string, fields: readonly string[]): unknown => {
  if (always.has(path) || hasShown(fields, path)) return value
  if (Array.isArray(value)) {
    const inside = value.map((one: unknown) =>
      isObject(one) ? pruned(one, path, fields) : undefined,
    )
    return path === 'targets' ? inside.map((one) => one ?? {}) : undefined
  }
  if (!isObject(value)) return undefined
  const leads = [...always, ...fields].some((field) =>
    field.startsWith(path === '' ? path : `${path}.`),
  )
  if (!leads) return undefined
  const members = Object.entries(value).flatMap(([name, member]) => {
    // A name with a dot in it is no path.
    const step = name.replaceAll('.', '\0')
    const kept = pruned(member, path === '' ? step : `${path}.${step}`, fields)
    return kept === undefined ? [] : [[name, kept] as const]
  })
  return Object.fromEntries(members)
}

/** Takes out of a row what is not shown. */
export const showing = (fields: Fields): ((row: StoredRow) => StoredRow) => {
  if (fields === undefined) return (row) => row
  const kept = (column: FilterColumn): boolean => {
    const place = places[column]
    return place === undefined || hasShown(fields, place)
  }
  return (row) => ({
    ...row,
    record: JSON.stringify(pruned(objectIn(row.record), '', fields) ?? null),
    requestId: kept('requestId') ? row.requestId : null,
    method: kept('method') ? row.method : null,
    route: kept('route') ? row.route : null,
    status: kept('status') ? row.status : null,
    ip: kept('ip') ? row.ip : null,
  })
}
