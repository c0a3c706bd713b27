import type { Kind } from '../event/schema.ts'
import { askedOf } from './asked.ts'
import { eventOf, type StoredEvent } from './event.ts'
import type { EventQuery } from './filter.ts'
import { pagesOf } from './pages.ts'
import { check, wholeFrom } from './parameters.ts'
import type { Reading } from './reading.ts'

const most = wholeFrom(0, Number.MAX_SAFE_INTEGER)

/**
 * Reads all events that are asked for, as a stream with constant memory: a page is read when the loop
 * wants it, and none after it ends. `limit` is the most events of all, by default without end.
 * @throws {AuditError} AUDIT_QUERY_INVALID, naming the parameter; else what the store rejects with.
 * @example
 * import { query } from 'edge-audit/query'
 * for await (const { data } of query(audit, { kind: 'request', status: '5xx', order: 'oldest' }))
 *   console.log(data?.durationMs)
 */
export async function* query<const K extends Kind = Kind>(
  audit: Reading,
  asked: Omit<EventQuery<K>, 'limit'> & { readonly limit?: number | undefined } = {},
  env?: unknown,
): AsyncGenerator<StoredEvent<K>, void, undefined> {
  const { limit, ...rest } = asked
  check('limit', limit, most)
  const { query: selection } = askedOf(rest, audit)
  for await (const { rows } of pagesOf(audit.store(env), selection, limit))
    for (const row of rows) yield eventOf<K>(row)
}
