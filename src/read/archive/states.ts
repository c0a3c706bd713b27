import type { Condition } from '../../event/condition.ts'
import { decides } from '../../event/issue.ts'
import type { StoredRow } from '../../event/row.ts'
import { concerns } from '../../event/summary.ts'
import type { ReadingStore, SummaryQuery } from '../../ports/store.ts'
import { pagesOf } from '../pages.ts'

/** What events are like that make the state of a process or an issue. */
export const ofThings: Condition = {
  and: [
    { column: 'kind', in: ['process', 'system'] },
    { column: 'targetType', in: ['process', 'issue'] },
  ],
}

const thingOf = ({ tenant, targetType, targetId }: StoredRow): string =>
  JSON.stringify([tenant, targetType, targetId])

/**
 * Of all that happened before the span what the states at its end hang on: the events of processes that
 * are in the span, and of each issue the last that decides, and the last that concerns who is asked about.
 */
export async function* statesBefore(
  source: Pick<ReadingStore, 'page'>,
  query: SummaryQuery,
  inSpan: readonly StoredRow[],
): AsyncGenerator<StoredRow, void, undefined> {
  const isTheirs = concerns(query)
  const touched = new Set(
    inSpan.filter((row) => row.kind === 'process' && isTheirs(row)).map(thingOf),
  )
  const [decided, theirs] = [new Set<string>(), new Set<string>()]
  const isWanted = (row: StoredRow): boolean => {
    const thing = thingOf(row)
    if (row.kind === 'process') return touched.has(thing)
    if (!decides(row)) return false
    const isFirst = !decided.has(thing) || (isTheirs(row) && !theirs.has(thing))
    decided.add(thing)
    if (isTheirs(row)) theirs.add(thing)
    return isFirst
  }
  const before = { tenant: query.tenant, to: query.from, order: 'newest', where: ofThings } as const
  for await (const { rows } of pagesOf(source, before)) yield* rows.filter(isWanted)
}
