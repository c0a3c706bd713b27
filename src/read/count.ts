import type { Kind } from '../event/schema.ts'
import { selectionOf } from './asked.ts'
import type { EventFilter } from './filter.ts'
import { check, refuse, wholeFrom } from './parameters.ts'
import type { Reading } from './reading.ts'

export interface CountQuery<K extends Kind = Kind> extends EventFilter<K> {
  /** Counts no further, from 1 to 1,000,000. @default 1_000 */
  readonly most?: number | undefined
  /** Most events that are looked at where no index finds them, from 1 to 1,000,000. @default 100_000 */
  readonly scan?: number | undefined
}

export interface CountedEvents {
  /** No more than `most`. */
  readonly count: number
  /** There are more, or there may be: `scan` events were looked at. */
  readonly more: boolean
  /** For people: `1,000+`. */
  readonly text: string
}

const limit = wholeFrom(1, 1_000_000)

/**
 * Counts events, up to a bound: what is shown beside a list costs no more than a few pages of it.
 * @throws {AuditError} AUDIT_QUERY_INVALID, naming the parameter; else what the store rejects with.
 * @example
 * import { count } from 'edge-audit/query'
 * const { text } = await count(audit, { tenant: 'acme', action: 'login' }) // '1,000+'
 */
export const count = async (
  audit: Reading,
  query: CountQuery = {},
  env?: unknown,
): Promise<CountedEvents> => {
  if (typeof query !== 'object' || query === null) return refuse('the query', 'an object')
  const { most = 1_000, scan, ...filter } = query
  check('most', most, limit)
  check('scan', scan, limit)
  const found = await audit.store(env).count({ ...selectionOf(filter), limit: most, scan })
  return { ...found, text: `${found.count.toLocaleString('en')}${found.more ? '+' : ''}` }
}
