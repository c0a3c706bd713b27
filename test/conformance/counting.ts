import type { AuditStore, SummaryQuery, SummaryRow } from '../../src/ports/store.ts'
import { t0 } from './reading.ts'
import { rowOf } from './rows.ts'

export const day = 86_400_000

type Counts = Readonly<Record<string, number>>

/** Asks a store for what happened about `t0`, and lets it happen. */
export interface Counter {
  ask(query: Partial<SummaryQuery>): Promise<readonly SummaryRow[]>
  /** The totals of a part by name. */
  totals(part: SummaryRow['part'], query: Partial<SummaryQuery>): Promise<Counts>
  /** Stores a row for each, a millisecond apart unless they say when. */
  append(rows: readonly Parameters<typeof rowOf>[0][]): Promise<void>
}

export const counterOf = (storeNow: () => AuditStore): Counter => {
  const ask: Counter['ask'] = (query) =>
    storeNow().summary({ from: t0 - day, to: t0 + day, top: 20, ...query })

  const totals: Counter['totals'] = async (part, query) => {
    const rows = await ask(query)
    return Object.fromEntries(
      rows.filter((row) => row.part === part).map(({ name, total }) => [name, total]),
    )
  }

  const append: Counter['append'] = (rows) =>
    storeNow().append(rows.map((columns, index) => rowOf({ occurredAt: t0 + index, ...columns })))

  return { ask, totals, append }
}
