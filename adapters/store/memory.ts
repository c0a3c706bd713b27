import type { EventRow, StoredRow } from '../../src/event/row.ts'
import type { AuditStore, EventSelection } from '../../src/ports/store.ts'
import { AuditError } from '../../src/errors.ts'
import { byTime } from '../../src/event/order.ts'
import { filters, nullable, written } from '../../src/event/columns.ts'
import { guarded } from './failure.ts'
import { checkCount, checkQuery, checkSummary, pageOf } from './paging.ts'
import { isArchived } from './keep/archived.ts'
import { memoryLedger } from './keep/memory.ts'
import { meets } from '../../src/event/meets.ts'
import { summaryOfRows } from '../../src/event/summary.ts'

export interface MemoryOptions {
  /** The clock of the store, in ms since 1970. @default Date.now */
  readonly now?: (() => number) | undefined
}

type Written = (typeof written)[number]

const numbers: ReadonlySet<Written> = new Set(['occurredAt', 'status'])
const optional: ReadonlySet<Written> = new Set(nullable)

/** Each column with the types that it takes. */
const kinds = written.map(
  (column) => [column, numbers.has(column) ? 'number' : 'string', optional.has(column)] as const,
)

/** PostgreSQL refuses NUL (22021) and SQLite cuts the text there; libSQL refuses lone surrogates. */
const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0')

const check = (row: EventRow): void => {
  let texts = ''
  for (const [column, kind, mayBeNull] of kinds) {
    const value = row[column]
    const fits =
      value === null
        ? mayBeNull
        : typeof value === kind && (kind === 'string' || Number.isSafeInteger(value))
    if (!fits) throw new AuditError('AUDIT_STORE_REFUSED', column)
    // A space apart, so that two halves of a pair do not make one whole.
    if (kind === 'string' && column !== 'record') texts += ` ${value}`
  }
  // One look at the short ones together; which it was is only asked when there is something wrong.
  if (isStorable(texts) && isStorable(row.record)) return
  const refused = written.find((column) => !isStorable(String(row[column])))
  throw new AuditError('AUDIT_STORE_REFUSED', refused)
}

const copyOf = (row: StoredRow | undefined): StoredRow | undefined =>
  row === undefined ? undefined : { ...row }

const selectedBy = (
  query: EventSelection,
): ((row: StoredRow, all: readonly StoredRow[]) => boolean) => {
  const { from = -Infinity, to = Infinity, where } = query
  const asked = filters.filter((name) => query[name] !== undefined)
  return (row, all) =>
    row.occurredAt >= from &&
    row.occurredAt < to &&
    asked.every((name) => query[name] === row[name]) &&
    (where === undefined || meets(row, where, all))
}

/**
 * Keeps events in memory, for tests and for trying things out: they are gone with the process. It is
 * as strict as a database: it takes a copy, it refuses a row that any of the databases would refuse,
 * and then stores none of the call.
 *
 * Rejects with `AUDIT_STORE_REFUSED`, whose `detail` names the column, and `AUDIT_STORE_UNAVAILABLE`
 * when the signal was aborted.
 * @example
 * const store = memory()
 * const { rows } = await store.page({ limit: 10 })
 */
export const memory = ({ now = Date.now }: MemoryOptions = {}): AuditStore => {
  const stored = new Map<string, StoredRow>()
  const ledger = memoryLedger(stored, now)
  const unforeseen = () => ({ code: 'AUDIT_STORE_REFUSED' }) as const
  return {
    append: (rows, { signal } = {}) =>
      guarded(
        async () => {
          rows.forEach(check)
          const recordedAt = now()
          for (const row of rows) {
            if (stored.has(row.id)) continue
            stored.set(row.id, { ...row, recordedAt })
          }
        },
        unforeseen,
        signal,
      ),
    page: (query) =>
      guarded(async () => {
        checkQuery(query)
        const { after, order, limit } = query
        const sign = order === 'oldest' ? 1 : -1
        const all = [...stored.values()]
        const isAsked = selectedBy(query)
        const found = all
          .filter((row) => isAsked(row, all))
          .filter((row) => after === undefined || sign * byTime(row, after) > 0)
          .toSorted((one, other) => sign * byTime(one, other))
        return pageOf(
          found.slice(0, limit + 1).map((row) => ({ ...row })),
          limit,
        )
      }, unforeseen),
    count: (query) =>
      guarded(async () => {
        checkCount(query)
        const all = [...stored.values()]
        const isAsked = selectedBy(query)
        const count = all.filter((row) => isAsked(row, all)).length
        return { count: Math.min(count, query.limit), more: count > query.limit }
      }, unforeseen),
    get: (id) => Promise.resolve(copyOf(stored.get(id))),
    summary: (query) =>
      guarded(async () => {
        checkSummary(query)
        return summaryOfRows([...stored.values()], query)
      }, unforeseen),
    isArchived: (query) => isArchived(ledger, query),
    ledger: () => Promise.resolve(ledger),
    migrate: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  }
}
