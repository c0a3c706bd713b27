import type { StoredRow } from '../../src/event/row.ts'
import type {
  CountQuery,
  EventSelection,
  Page,
  PageQuery,
  SummaryQuery,
} from '../../src/ports/store.ts'
import { AuditError } from '../../src/errors.ts'
import { farthest } from '../../src/event/time.ts'

const checkTime = (name: string, ms: number | undefined): void => {
  if (ms === undefined) return
  if (Number.isInteger(ms) && Math.abs(ms) <= farthest) return
  throw new AuditError('AUDIT_QUERY_INVALID', `${name}: whole milliseconds since 1970`)
}

const checkWhole = (name: string, value: number | undefined, most: number): void => {
  if (value === undefined || (Number.isInteger(value) && value >= 1 && value <= most)) return
  throw new AuditError('AUDIT_QUERY_INVALID', `${name}: 1 to ${most}`)
}

const checkSelection = ({ from, to, scan }: EventSelection): void => {
  checkTime('from', from)
  checkTime('to', to)
  checkWhole('scan', scan, 1_000_000)
}

/** @throws {AuditError} AUDIT_QUERY_INVALID naming the first parameter that is wrong. */
export const checkQuery = (query: PageQuery): void => {
  checkWhole('limit', query.limit, 1_000)
  const { order, after } = query
  if (order !== undefined && order !== 'newest' && order !== 'oldest')
    throw new AuditError('AUDIT_QUERY_INVALID', 'order: newest or oldest')
  checkSelection(query)
  checkTime('after.occurredAt', after?.occurredAt)
}

/** @throws {AuditError} AUDIT_QUERY_INVALID naming the first parameter that is wrong. */
export const checkCount = (query: CountQuery): void => {
  checkWhole('limit', query.limit, 1_000_000)
  checkSelection(query)
}

const mostDays = 366
const day = 86_400_000

/** @throws {AuditError} AUDIT_QUERY_INVALID naming the first parameter that is wrong. */
export const checkSummary = ({ from, to, top }: SummaryQuery): void => {
  checkTime('from', from)
  checkTime('to', to)
  if (!(to > from && to - from <= mostDays * day))
    throw new AuditError('AUDIT_QUERY_INVALID', `to: after from, by ${mostDays} days at most`)
  if (!Number.isInteger(top) || top < 1 || top > 1000)
    throw new AuditError('AUDIT_QUERY_INVALID', 'top: 1 to 1000')
}

/** Cuts the one row that was read beyond the limit, and says where the next page starts. */
export const pageOf = (found: readonly StoredRow[], limit: number): Page => {
  const rows = found.slice(0, limit)
  const last = rows.at(-1)
  if (last === undefined || found.length <= limit) return { rows, next: null }
  return { rows, next: { occurredAt: last.occurredAt, id: last.id } }
}
