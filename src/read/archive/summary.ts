import { AuditError } from '../../errors.ts'
import { dataOf } from '../../event/data.ts'
import type { StoredRow } from '../../event/row.ts'
import { summaryOfRows } from '../../event/summary.ts'
import type { ReadingStore, SummaryQuery, SummaryRow } from '../../ports/store.ts'
import { pagesOf } from '../pages.ts'
import { pageOfBoth, type Shelf } from './page.ts'

/** Events that are counted here and not by a database: some 300 bytes each. */
const MOST = 200_000

/** What of a record is counted. */
const lean = (row: StoredRow): StoredRow => {
  if (row.kind === 'process') return row
  const durationMs = row.kind === 'request' ? dataOf(row.record)?.['durationMs'] : undefined
  return { ...row, record: JSON.stringify({ data: { durationMs } }) }
}

/**
 * Counts what is live and what is archived. Without anything archived in the span the database does
 * it; else the events are read, 200,000 at most. States of processes and issues are made of the live
 * events before the span, and of all in it.
 * @throws {AuditError} AUDIT_QUERY_INVALID when there are more: the span must be shorter.
 */
export const summaryOfBoth = async (
  live: Pick<ReadingStore, 'page' | 'summary'>,
  shelf: Shelf,
  query: SummaryQuery,
): Promise<readonly SummaryRow[]> => {
  const { from, to, tenant } = query
  const tenants = tenant === undefined ? undefined : [tenant]
  const entries = await shelf.entries({ from, to, tenants, order: 'oldest', limit: 1 })
  if (entries.length === 0) return live.summary(query)
  const rows: StoredRow[] = []
  const take = async (source: Pick<ReadingStore, 'page'>, asked: object): Promise<void> => {
    for await (const page of pagesOf(source, { tenant, order: 'oldest', ...asked })) {
      rows.push(...page.rows.map(lean))
      if (rows.length > MOST)
        throw new AuditError('AUDIT_QUERY_INVALID', `to: no more than ${MOST} events from from`)
    }
  }
  await take({ page: (asked) => pageOfBoth(live, shelf, asked) }, { from, to })
  for (const targetType of ['process', 'issue']) await take(live, { targetType, to: from })
  return summaryOfRows(rows, query)
}
