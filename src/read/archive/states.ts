import { byTime } from '../../event/order.ts'
import { decides, decisive } from '../../event/issue.ts'
import type { StoredRow } from '../../event/row.ts'
import { concerns, summaryOfRows } from '../../event/summary.ts'
import type { ReadingStore, SummaryQuery, SummaryRow } from '../../ports/store.ts'
import { keyOf } from '../views/thing.ts'
import { archivedRows, liveRows } from './scan.ts'
import { entriesFor, type Shelf } from './shelf.ts'

// A database tells the states of processes and issues by what is live. Those of which something is
// archived are few, as a rule: they are taken out of its counts, and counted anew by all their events.

type Live = Pick<ReadingStore, 'page'>

/** Rows, some at a time. */
type Pages = AsyncIterable<readonly StoredRow[]> | Iterable<readonly StoredRow[]>

/** Archived events, and those live ones that are about the same. */
interface Both {
  readonly archived: readonly StoredRow[]
  readonly live: readonly StoredRow[]
}

/** Of processes that are in the span, and of which something is archived. */
const processes = async (
  live: Live,
  shelf: Shelf,
  { tenant, to }: SummaryQuery,
  inSpan: Pages,
): Promise<Both> => {
  const touched = new Set<string>()
  for await (const rows of inSpan)
    for (const row of rows) if (row.targetType === 'process') touched.add(keyOf(row))
  const archived: StoredRow[] = []
  const asked = { kind: 'process', targetType: 'process', to } as const
  if (touched.size > 0)
    for await (const rows of archivedRows(shelf, { ...asked, tenant }))
      for (const row of rows) if (touched.has(keyOf(row))) archived.push(row)
  const found: StoredRow[] = []
  for await (const { rows } of liveRows(live, { targetType: 'process', to, about: archived }))
    found.push(...rows)
  return { archived, live: found }
}

/** Of issues of which something is archived that decides: the last that does, and the last of who is asked about. */
const issues = async (live: Live, shelf: Shelf, query: SummaryQuery): Promise<Both> => {
  const { tenant, to, actorId, actorType } = query
  const isTheirs = concerns(query)
  const last = new Map<string, StoredRow>()
  const keep = (key: string, row: StoredRow): void => {
    const other = last.get(key)
    if (other === undefined || byTime(row, other) > 0) last.set(key, row)
  }
  const asked = { kind: 'system', targetType: 'issue', to } as const
  for await (const rows of archivedRows(shelf, { ...asked, tenant }))
    for (const row of rows.filter(decides)) {
      keep(keyOf(row), row)
      if (isTheirs(row)) keep(`theirs ${keyOf(row)}`, row)
    }
  const archived = [...last.values()]
  const before = { column: 'occurredAt', to } as const
  const theirs = [
    ...(actorId === undefined ? [] : [{ column: 'actorId', in: [actorId] } as const]),
    ...(actorType === undefined ? [] : [{ column: 'actorType', in: [actorType] } as const]),
  ]
  const found: StoredRow[] = []
  for (const by of theirs.length === 0 ? [[]] : [[], theirs]) {
    const where = { and: [decisive, ...by, { lastOf: { and: [before, decisive, ...by] } }] }
    for await (const { rows } of liveRows(live, {
      targetType: 'issue',
      to,
      where,
      about: archived,
    }))
      found.push(...rows)
  }
  return { archived, live: found }
}

export const isState = ({ part }: SummaryRow): boolean => part === 'process' || part === 'issue'

const countedOf = (rows: readonly StoredRow[], query: SummaryQuery): readonly SummaryRow[] => {
  const once = new Map(rows.map((row) => [row.id, row]))
  return summaryOfRows([...once.values()], query).filter(isState)
}

const kinds = ['process', 'system'] as const

/** Which of the kinds that have states are archived at all. */
const kindsHeld = async (shelf: Shelf, { tenant, to }: SummaryQuery): Promise<Set<string>> => {
  const held = new Set<string>()
  for await (const entry of entriesFor(shelf, { tenant, to, kinds })) {
    for (const kind of kinds) if (await shelf.holds(entry, [kind])) held.add(kind)
    if (held.size === kinds.length) break
  }
  return held
}

/** The states at the end of a span: as the database tells them, put right where something is archived. */
export const statesOf = async (
  live: Live,
  shelf: Shelf,
  query: SummaryQuery,
  told: readonly SummaryRow[],
  inSpan: Pages,
): Promise<readonly SummaryRow[]> => {
  const held = await kindsHeld(shelf, query)
  const found = [
    ...(held.has('process') ? [await processes(live, shelf, query, inSpan)] : []),
    ...(held.has('system') ? [await issues(live, shelf, query)] : []),
  ]
  const states = new Map<string, SummaryRow>()
  const add = (rows: readonly SummaryRow[], sign: 1 | -1): void => {
    for (const row of rows) {
      const key = `${row.part} ${row.name}`
      states.set(key, { ...row, total: (states.get(key)?.total ?? 0) + sign * row.total })
    }
  }
  add(told.filter(isState), 1)
  for (const both of found) {
    add(countedOf(both.live, query), -1)
    add(countedOf([...both.live, ...both.archived], query), 1)
  }
  return [...states.values()].filter(({ part, total }) => part === 'issue' || total > 0)
}
