import type { Condition } from '../../event/condition.ts'
import type { StoredRow } from '../../event/row.ts'
import type { Page, ReadingStore, ScanQuery } from '../../ports/store.ts'
import { pagesOf } from '../pages.ts'
import { keyOf, type Key } from '../views/thing.ts'
import { selects } from './selects.ts'
import { entriesFor, type Shelf } from './shelf.ts'

type Live = Pick<ReadingStore, 'page'>

/** Ids of a tenant that a database is asked for at once: for more it looks through everything. */
const FEW = 60

/** Ids by tenant, as the index begins with it. */
const byTenant = (
  about: readonly Key[],
): ReadonlyMap<string | null, ReadonlySet<string | null>> => {
  const tenants = new Map<string | null, Set<string | null>>()
  for (const { tenant, targetId } of about) {
    const ids = tenants.get(tenant) ?? new Set()
    tenants.set(tenant, ids.add(targetId))
  }
  return tenants
}

/** The live events that are asked for. */
export async function* liveRows(
  live: Live,
  { about, ...asked }: ScanQuery,
): AsyncGenerator<Page, void, undefined> {
  if (about === undefined) return yield* pagesOf(live, asked)
  for (const [tenant, all] of byTenant(about)) {
    const ids = [...all]
    for (let at = 0; at < ids.length; at += FEW) {
      const some: Condition = { column: 'targetId', in: ids.slice(at, at + FEW) }
      const where = asked.where === undefined ? some : { and: [some, asked.where] }
      yield* pagesOf(live, { ...asked, tenant, where })
    }
  }
}

/** The archived events that are asked for, an object after the other, each of which is opened once. */
export async function* archivedRows(
  shelf: Shelf,
  { about, ...asked }: ScanQuery,
): AsyncGenerator<readonly StoredRow[], void, undefined> {
  const isAsked = selects(asked)
  const things = about && new Set(about.map(keyOf))
  const isAbout = (row: StoredRow): boolean => things?.has(keyOf(row)) ?? true
  const ofTenants: Condition[] =
    about === undefined ? [] : [{ column: 'tenant', in: [...byTenant(about).keys()] }]
  const where = { and: [...ofTenants, ...(asked.where === undefined ? [] : [asked.where])] }
  for await (const entry of entriesFor(shelf, { ...asked, where }))
    for await (const rows of shelf.rows(entry))
      yield rows.filter((row) => isAsked(row) && isAbout(row))
}

/** What is live and what is archived, each event once. */
export async function* scanBoth(
  live: Live,
  shelf: Shelf,
  query: ScanQuery,
): AsyncGenerator<readonly StoredRow[], void, undefined> {
  // What is moved meanwhile is met twice, as is what a hold keeps; never not at all, for it is archived
  // before it goes from the live table.
  const met = new Set<string>()
  for await (const { rows } of liveRows(live, query)) {
    for (const { id } of rows) met.add(id)
    yield rows
  }
  for await (const rows of archivedRows(shelf, query)) yield rows.filter(({ id }) => !met.has(id))
}
