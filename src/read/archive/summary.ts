import { AuditError } from '../../errors.ts'
import { dataOf } from '../../event/data.ts'
import type { StoredRow } from '../../event/row.ts'
import { summaryOfRows } from '../../event/summary.ts'
import type { ReadingStore, SummaryQuery, SummaryRow } from '../../ports/store.ts'
import { pagesOf } from '../pages.ts'
import { scanBoth } from './scan.ts'
import type { Shelf } from './shelf.ts'
import { isState, statesOf } from './states.ts'

/** Events that are counted here and not by a database: some 300 bytes each. */
const MOST = 200_000

/** What of a record is counted. */
const lean = (row: StoredRow): StoredRow => {
  if (row.kind === 'process') return row
  const durationMs = row.kind === 'request' ? dataOf(row.record)?.['durationMs'] : undefined
  return { ...row, record: JSON.stringify({ data: { durationMs } }) }
}

/** Events of processes in the span, of who is asked about. */
async function* processesIn(
  live: Pick<ReadingStore, 'page'>,
  { tenant, from, to, actorId, actorType }: SummaryQuery,
): AsyncGenerator<readonly StoredRow[], void, undefined> {
  const asked = { kind: 'process', tenant, from, to, actorId, actorType } as const
  for await (const { rows } of pagesOf(live, asked)) yield rows
}

/** All events of the span, of who is asked about. */
const rowsIn = async (
  live: Pick<ReadingStore, 'page'>,
  shelf: Shelf,
  { tenant, from, to, actorId, actorType }: SummaryQuery,
): Promise<readonly StoredRow[]> => {
  const rows: StoredRow[] = []
  for await (const some of scanBoth(live, shelf, { tenant, from, to, actorId, actorType })) {
    for (const row of some) rows.push(lean(row))
    if (rows.length > MOST)
      throw new AuditError('AUDIT_QUERY_INVALID', `to: no more than ${MOST} events from from`)
  }
  return rows
}

/**
 * Counts what is live and what is archived. Where nothing of the span is archived the database counts;
 * else its events are read. States of processes and issues hang on what happened before as well, however
 * long ago: objects with events of these kinds are read for that.
 * @throws {AuditError} AUDIT_QUERY_INVALID for a span with more than 200,000 events, some of which are
 * archived: it must be shorter.
 */
export const summaryOfBoth = async (
  live: Pick<ReadingStore, 'page' | 'summary'>,
  shelf: Shelf,
  query: SummaryQuery,
): Promise<readonly SummaryRow[]> => {
  const { from, to, tenant } = query
  const tenants = tenant === undefined ? undefined : [tenant]
  const isArchived = async (span: { readonly from?: number; readonly to: number }) =>
    (await shelf.entries({ ...span, tenants, order: 'oldest', limit: 1 })).length > 0
  // Asked first: what is moved behind it is found in the archive.
  const told = await live.summary(query)
  const [isAny, isInSpan] = await Promise.all([isArchived({ to }), isArchived({ from, to })])
  if (!isAny) return told
  const rows = isInSpan ? await rowsIn(live, shelf, query) : undefined
  const inSpan =
    rows === undefined ? processesIn(live, query) : [rows.filter(({ kind }) => kind === 'process')]
  const counts = rows === undefined ? told : summaryOfRows(rows, query)
  return [
    ...counts.filter((row) => !isState(row)),
    ...(await statesOf(live, shelf, query, told, inSpan)),
  ]
}
