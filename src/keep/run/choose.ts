import type { StoredRow } from '../../event/row.ts'
import type { Position } from '../../ports/store.ts'
import type { Due } from '../policy/due.ts'
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

/** What of a tenant is due, in pieces as large as a segment, or as there is room. */
async function* piecesOf(
  { store, segment }: Run,
  asked: { readonly tenant: string | null } & Due & { readonly from: number },
  isOut: (row: StoredRow) => boolean,
  room: () => number,
): AsyncGenerator<readonly StoredRow[], void, undefined> {
  let rows: StoredRow[] = []
  let bytes = 0
  const most = (): number => Math.min(segment.rows, room())
  for (let after: Position | null | undefined; after !== null && most() > 0;) {
    const limit = Math.min(PAGE, Math.max(1, most() - rows.length))
    const page = await store.page({ ...asked, order: 'oldest', after, limit })
    for (const row of page.rows) {
      if (isOut(row)) continue
      if (rows.length > 0 && (rows.length >= most() || bytes + row.record.length > segment.bytes)) {
        yield rows
        ;[rows, bytes] = [[], 0]
        if (most() <= 0) return
      }
      rows.push(row)
      bytes += row.record.length
    }
    after = page.next
  }
  if (rows.length > 0) yield rows
}

/** All of a day that is due, by tenant; undefined when it is more than a segment takes, or than there is room. */
const dayIn = async (
  { store, segment }: Run,
  asked: Due & { readonly from: number },
  isOut: (row: StoredRow) => boolean,
  room: number,
): Promise<ReadonlyMap<string | null, readonly StoredRow[]> | undefined> => {
  const byTenant = new Map<string | null, StoredRow[]>()
  let [count, bytes] = [0, 0]
  for (let after: Position | null | undefined; after !== null;) {
    const page = await store.page({ ...asked, order: 'oldest', after, limit: PAGE })
    for (const row of page.rows) {
      if (isOut(row)) continue
      count += 1
      bytes += row.record.length
      if (count > Math.min(segment.rows, room) || bytes > segment.bytes) return undefined
      const rows = byTenant.get(row.tenant) ?? []
      rows.push(row)
      byTenant.set(row.tenant, rows)
    }
    after = page.next
  }
  return byTenant
}

/**
 * Goes through the events that are due, day by day, and hands out those of one tenant and one day
 * together, as many as a segment takes and there is room for. Each is handed out once.
 */
export async function* chosenOf(
  run: Run,
  due: Due,
  room: () => number,
  goOn: () => Promise<boolean>,
): AsyncGenerator<Chosen, void, undefined> {
  const { store, ledger, kept } = run
  for (let from: number | undefined; ;) {
    const held = await heldNow(run)
    const where = unheld(due.where, held)
    const isOut = (row: StoredRow): boolean => kept.has(row.id) || held.skips(row)
    let found: StoredRow | undefined
    for (let after: Position | undefined; found === undefined;) {
      const query = { where, from, to: due.to, order: 'oldest', after, limit: LOOK } as const
      const { rows, next } = await store.page(query)
      found = rows.find((row) => !isOut(row))
      if (found === undefined && (next === null || !(await goOn()))) return
      after = next ?? undefined
    }
    const start = dayOf(found.occurredAt)
    const to = Math.min(due.to, start + day)
    const span = { where, from: found.occurredAt, to }
    // A small day is read at once: most of what takes time for a piece of few events is to ask for them.
    const whole = await dayIn(run, span, isOut, room())
    for (const [tenant, rows] of whole ?? []) yield { tenant, day: start, rows }
    for (const tenant of whole === undefined ? await ledger.tenants(span) : [])
      for await (const rows of piecesOf(run, { ...span, tenant }, isOut, room))
        yield { tenant, day: start, rows }
    from = to
    if (from >= due.to || room() <= 0) return
  }
}
