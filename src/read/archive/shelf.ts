import { kindsIn, tenantsIn } from '../../event/bounds.ts'
import type { StoredRow } from '../../event/row.ts'
import type { Entry } from '../../ports/ledger.ts'
import type { EventSelection } from '../../ports/store.ts'

interface EntriesAsked {
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly tenants: readonly (string | null)[] | undefined
  readonly order: 'oldest' | 'newest'
  readonly behind?: Entry | undefined
  readonly limit: number
}

/** What lies in the archive. */
export interface Shelf {
  entries(query: EntriesAsked): Promise<readonly Entry[]>
  /** Whether there are events of one of the kinds in it. */
  holds(entry: Entry, kinds: readonly unknown[]): Promise<boolean>
  rows(entry: Entry): AsyncIterable<readonly StoredRow[]>
}

/** Entries that are asked for at once: as many as a ledger gives. */
const PAGE = 1_000

type Asked = Pick<EventSelection, 'from' | 'to' | 'tenant' | 'kind' | 'kinds' | 'where'>

/** All entries that may hold what is asked for, by their time; the ledger is asked for some at a time. */
export async function* entriesFor(
  shelf: Shelf,
  query: Asked,
  order: 'oldest' | 'newest' = 'oldest',
): AsyncGenerator<Entry, void, undefined> {
  const { from, to } = query
  const [tenants, kinds] = [tenantsIn(query), kindsIn(query)]
  for (let behind: Entry | undefined; ;) {
    const some = await shelf.entries({ from, to, tenants, order, behind, limit: PAGE })
    for (const entry of some)
      if (kinds === undefined || (await shelf.holds(entry, kinds))) yield entry
    if (some.length < PAGE) return
    behind = some.at(-1)
  }
}
