import type { Condition } from '../event/condition.ts'
import type { EventSelection, PageQuery } from '../ports/store.ts'
import { afterOf } from './cursor.ts'
import type { EventFilter } from './filter.ts'
import { check, order, refuse, time, wholeFrom } from './parameters.ts'
import type { Reading } from './reading.ts'
import { whereOf } from './where/where.ts'

export interface Asked {
  readonly query: PageQuery
  /** What a cursor of this list is bound to. */
  readonly question: string
}

interface Paging {
  readonly order?: 'newest' | 'oldest' | undefined
  readonly limit?: number | undefined
  readonly next?: string | null | undefined
  readonly scan?: number | undefined
}

const limit = wholeFrom(1, 1_000)
const scan = wholeFrom(1, 1_000_000)

/**
 * What is looked for, with its span apart, in which a store reads.
 * @throws {AuditError} AUDIT_QUERY_INVALID, naming the parameter.
 */
export const selectionOf = ({ from, to, ...filter }: EventFilter): EventSelection => {
  check('from', from, time)
  check('to', to, time)
  const where: Condition = whereOf(filter)
  return {
    where,
    ...(from !== undefined && { from: Number(from) }),
    ...(to !== undefined && { to: Number(to) }),
  }
}

/**
 * What a store is asked for a page.
 * @throws {AuditError} AUDIT_QUERY_INVALID, naming the parameter.
 */
export const askedOf = (query: EventFilter & Paging, reading: Reading): Asked => {
  if (typeof query !== 'object' || query === null) return refuse('the query', 'an object')
  const { order: along, limit: most = 50, next, scan: looked, ...filter } = query
  check('order', along, order)
  check('limit', most, limit)
  check('scan', looked, scan)
  const selection = { ...selectionOf(filter), order: along ?? 'newest' }
  const question = JSON.stringify(selection)
  const after = afterOf(next, question, reading)
  return { query: { ...selection, limit: most, scan: looked, after }, question }
}
