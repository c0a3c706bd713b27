import type { Kind } from '../event/schema.ts'
import type { StoredRow } from '../event/row.ts'
import type { PageQuery, Position, ReadingStore } from '../ports/store.ts'
import { askedOf, check } from './asked.ts'
import { eventOf, type StoredEvent } from './event.ts'
import type { EventQuery } from './filter.ts'
import { wholeFrom } from './parameters.ts'
import type { Reading } from './reading.ts'

const PAGE = 1_000

const most = wholeFrom(0, Number.MAX_SAFE_INTEGER)

/** All rows that are asked for, a page at a time; the next one is read when it is asked for. */
export async function* pagesOf(
  source: ReadingStore,
  query: PageQuery,
): AsyncGenerator<readonly StoredRow[]> {
  let after: Position | undefined = query.after
  do {
    const found = await source.page({ ...query, after })
    yield found.rows
    after = found.next ?? undefined
  } while (after !== undefined)
}

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
  let left = limit ?? Infinity
  if (left === 0) return
  for await (const rows of pagesOf(audit.store(env), {
    ...selection,
    limit: Math.min(PAGE, left),
  })) {
    for (const row of rows) {
      if (left-- <= 0) return
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the store was asked for these kinds
      yield eventOf(row) as unknown as StoredEvent<K>
    }
    if (left <= 0) return
  }
}
