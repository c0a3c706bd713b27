import type { AuditEvent } from './schema.ts'
import { columnsOf } from './row.ts'
import type { EventRow, Indexed } from './row.ts'

const kinds: Readonly<Record<AuditEvent['kind'], true>> = {
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
const outcomes: Readonly<Record<AuditEvent['outcome'], true>> = {
  success: true,
  failure: true,
  denied: true,
  unknown: true,
}
const actorTypes: Readonly<Record<AuditEvent['actor']['type'], true>> = {
  user: true,
  service: true,
  system: true,
  anonymous: true,
}
const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/

/**
 * Makes a row again of a record that left the process, in a dead letter or an archive. The record is
 * kept byte for byte and the columns are derived from it, so only the record needs to travel.
 *
 * Undefined for what is not an event: what the columns are derived from is checked, by hand, because
 * this also runs where Zod must not be loaded. The rest of the record is not looked at.
 *
 * Beside `redact()` the only place that may make an `EventRow`. It is safe for the same reason: a
 * record is only ever written by `redact()`, and nothing is added to it here. Call it for records
 * that this library put away, never for text that a caller sent.
 * @example
 * import { revive } from './revive.ts'
 * const row = revive('{"v":1}') // undefined: not an event
 */
export const revive = (record: string): EventRow | undefined => {
  const event = parse(record)
  if (!isIndexed(event)) return undefined
  // The brand has no value at run time; see above why this record may carry it.
  return { ...columnsOf(event), record } as EventRow
}

const parse = (record: string): unknown => {
  try {
    return JSON.parse(record)
  } catch {
    // Not lost: the caller sees undefined, counts the letter and keeps it.
    return undefined
  }
}

const isIndexed = (event: unknown): event is Indexed =>
  isObject(event) &&
  event['v'] === 1 &&
  isText(event['id']) &&
  uuid.test(event['id']) &&
  (event['tenant'] === null || isText(event['tenant'])) &&
  Number.isSafeInteger(event['occurredAt']) &&
  isText(event['action']) &&
  isOneOf(kinds, event['kind']) &&
  isOneOf(outcomes, event['outcome']) &&
  isObject(event['actor']) &&
  isOneOf(actorTypes, event['actor']['type']) &&
  isText(event['actor']['id']) &&
  Array.isArray(event['targets']) &&
  event['targets'].every(isTarget) &&
  (event['request'] === undefined || isRequest(event['request'])) &&
  (event['data'] === undefined || isObject(event['data']))

const isTarget = (target: unknown): boolean =>
  isObject(target) && isText(target['type']) && isText(target['id'])

const isRequest = (request: unknown): boolean =>
  isObject(request) &&
  isText(request['id']) &&
  ['method', 'route', 'ip'].every((field) => request[field] === undefined || isText(request[field]))

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isText = (value: unknown): value is string => typeof value === 'string'

const isOneOf = (known: Readonly<Record<string, true>>, value: unknown): boolean =>
  isText(value) && Object.hasOwn(known, value)
