import type { StoredRow } from '../event/row.ts'
import type { Position } from '../ports/store.ts'
import type { Due } from './due.ts'
import { heldNow, type Run, unheld } from './run.ts'

const PAGE = 1_000

/** Rows that a search looks at to find the first that is not kept back. */
const LOOK = 100

const day = 86_400_000

/** The first moment of the day, UTC. */
export const dayOf = (ms: number): number => Math.floor(ms / day) * day

/** Rows that are archived together. */
export interface Chosen {
  readonly tenant: string | null
  readonly day: number
  /** In the order of time; never empty. */
  readonly rows: readonly StoredRow[]
}

/**
 * Goes through the events that are due, oldest first, and hands out those of one tenant and one day
 * together, as many as a segment takes. What is handed out is expected to be gone from the live table
 * when more is asked for, or to be in `kept`.
 */
export const chooserOf = (run: Run, due: Due): (() => Promise<Chosen | undefined>) => {
  const { store, kept, budget, segment } = run
  let after: Position | undefined

  const oldest = async (
    where: Due['where'],
    isOut: (row: StoredRow) => boolean,
  ): Promise<StoredRow | undefined> => {
    for (;;) {
      const query = { where, to: due.to, order: 'oldest', after, limit: LOOK } as const
      const { rows, next } = await store.page(query)
      const place = rows.findIndex((row) => !isOut(row))
      const found = rows[place]
      // The search goes on behind what is kept back, and finds what it found again: it will be gone.
      const before = place === -1 ? next : rows[place - 1]
      if (before !== undefined && before !== null)
        after = { occurredAt: before.occurredAt, id: before.id }
      if (found !== undefined) return found
      if (next === null || !(await budget.goOn())) return undefined
    }
  }

  return async () => {
    const held = await heldNow(run)
    const where = unheld(due.where, held)
    const isOut = (row: StoredRow): boolean => kept.has(row.id) || held.skips(row)
    const first = await oldest(where, isOut)
    if (first === undefined) return undefined
    const { tenant } = first
    const from = dayOf(first.occurredAt)
    const span = {
      tenant,
      where,
      from: first.occurredAt,
      to: Math.min(due.to, from + day),
    } as const
    const most = Math.min(segment.rows, budget.rows())
    const chosen: StoredRow[] = []
    let bytes = 0
    for (let place: Position | null | undefined; place !== null;) {
      const limit = Math.min(PAGE, most - chosen.length)
      const page = await store.page({ ...span, order: 'oldest', after: place, limit })
      for (const row of page.rows) {
        if (isOut(row)) continue
        if (chosen.length > 0 && bytes + row.record.length > segment.bytes)
          return { tenant, day: from, rows: chosen }
        chosen.push(row)
        bytes += row.record.length
      }
      place = chosen.length < most ? page.next : null
    }
    return chosen.length === 0 ? undefined : { tenant, day: from, rows: chosen }
  }
}
