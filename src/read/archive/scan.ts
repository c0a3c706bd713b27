import type { Condition, FilterColumn } from '../../event/condition.ts'
import { conjuncts, tenantsIn } from '../../event/bounds.ts'
import type { StoredRow } from '../../event/row.ts'
import type { ReadingStore, ScanQuery } from '../../ports/store.ts'
import { pagesOf } from '../pages.ts'
import { selects } from './selects.ts'
import { entriesFor, type Shelf } from './shelf.ts'

/** Pairs of a tenant and an id that a database is asked for at once: for more it looks through everything. */
export const FEW = 60

type Named = Extract<Condition, { readonly column: FilterColumn; readonly in: unknown }>

const areIds = (one: Condition): one is Named =>
  'column' in one && one.column === 'targetId' && 'in' in one

/** The question in parts that a database has an index for, where things are asked for by their ids. */
const partsOf = (query: ScanQuery): readonly ScanQuery[] => {
  const all = query.where === undefined ? [] : conjuncts(query.where)
  const named = all.find(areIds)
  if (named === undefined) return [query]
  const others = all.filter((one) => one !== named)
  const size = Math.max(1, Math.floor(FEW / Math.max(1, tenantsIn(query)?.length ?? 1)))
  const parts: ScanQuery[] = []
  for (let at = 0; at < named.in.length; at += size) {
    const some = { column: 'targetId', in: named.in.slice(at, at + size) } as const
    parts.push({ ...query, where: { and: [...others, some] } })
  }
  return parts
}

/** The archived events that are asked for, an object after the other, each of which is opened once. */
export async function* archivedRows(
  shelf: Shelf,
  query: ScanQuery,
): AsyncGenerator<readonly StoredRow[], void, undefined> {
  const isAsked = selects(query)
  for await (const entry of entriesFor(shelf, query))
    for await (const rows of shelf.rows(entry)) yield rows.filter(isAsked)
}

/** What is live and what is archived, each event once. */
export async function* scanBoth(
  live: Pick<ReadingStore, 'page'>,
  shelf: Shelf,
  query: ScanQuery,
): AsyncGenerator<readonly StoredRow[], void, undefined> {
  // What is moved meanwhile is met twice, as is what a hold keeps; never not at all, for it is archived
  // before it goes from the live table.
  const met = new Set<string>()
  for (const part of partsOf(query))
    for await (const { rows } of pagesOf(live, part)) {
      for (const { id } of rows) met.add(id)
      yield rows
    }
  for await (const rows of archivedRows(shelf, query)) yield rows.filter(({ id }) => !met.has(id))
}
