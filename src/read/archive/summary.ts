import { AuditError } from '../../errors.ts'
import { dataOf } from '../../event/data.ts'
import type { StoredRow } from '../../event/row.ts'
import { summaryOfRows } from '../../event/summary.ts'
import type { PageQuery, ReadingStore, SummaryQuery, SummaryRow } from '../../ports/store.ts'
import { pagesOf } from '../pages.ts'
import { pageOfBoth, type Shelf } from './page.ts'
import { ofThings, statesBefore } from './states.ts'

/** Events that are counted here and not by a database: some 300 bytes each. */
const MOST = 200_000

/** What of a record is counted. */
const lean = (row: StoredRow): StoredRow => {
  if (row.kind === 'process') return row
  const durationMs = row.kind === 'request' ? dataOf(row.record)?.['durationMs'] : undefined
  return { ...row, record: JSON.stringify({ data: { durationMs } }) }
}

const isState = ({ part }: SummaryRow): boolean => part === 'process' || part === 'issue'

/**
 * Counts what is live and what is archived. Where nothing of the span is archived the database counts;
 * else its events are read. States of processes and issues hang on what happened before as well, however
 * long ago: where something of that is archived, the archive is looked through for it.
 * @throws {AuditError} AUDIT_QUERY_INVALID for more than 200,000 events: the span must be shorter.
 */
export const summaryOfBoth = async (
  live: Pick<ReadingStore, 'page' | 'summary'>,
  shelf: Shelf,
  query: SummaryQuery,
): Promise<readonly SummaryRow[]> => {
  const { from, to, tenant } = query
  const tenants = tenant === undefined ? undefined : [tenant]
  const isArchived = async (span: { readonly from: number | undefined; readonly to: number }) =>
    (await shelf.entries({ ...span, tenants, order: 'oldest', limit: 1 })).length > 0
  const [isAny, isInSpan] = await Promise.all([
    isArchived({ from: undefined, to }),
    isArchived({ from, to }),
  ])
  if (!isAny) return live.summary(query)

  const rows: StoredRow[] = []
  const take = (row: StoredRow): void => {
    rows.push(lean(row))
    if (rows.length > MOST)
      throw new AuditError('AUDIT_QUERY_INVALID', `to: no more than ${MOST} events from from`)
  }
  const both = { page: (asked: PageQuery) => pageOfBoth(live, shelf, asked) }
  const span = {
    tenant,
    from,
    to,
    order: 'oldest',
    where: isInSpan ? undefined : ofThings,
  } as const
  for await (const page of pagesOf(both, span)) page.rows.forEach(take)
  for await (const row of statesBefore(both, query, [...rows])) take(row)
  const counts = summaryOfRows(rows, query)
  if (isInSpan) return counts
  const ofLive = await live.summary(query)
  return [...ofLive.filter((row) => !isState(row)), ...counts.filter(isState)]
}
