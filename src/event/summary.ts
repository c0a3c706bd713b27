import { dataOf } from './data.ts'
import { decides, RESOLVE } from './issue.ts'
import { byTime } from './order.ts'
import { foldProcess } from './process.ts'
import type { StoredRow } from './row.ts'
import type { SummaryQuery, SummaryRow } from './summary-row.ts'

const day = 86_400_000

const untallied = {
  detail: null,
  success: 0,
  failure: 0,
  denied: 0,
  unknown: 0,
  p50: null,
  p95: null,
}

const tallyOf = (rows: readonly StoredRow[]) => {
  const tally = { total: rows.length, success: 0, failure: 0, denied: 0, unknown: 0 }
  for (const { outcome } of rows) tally[outcome] += 1
  return { ...tally, p50: null, p95: null }
}

const durationOf = ({ record }: StoredRow): number | undefined => {
  const ms = dataOf(record)?.['durationMs']
  return typeof ms === 'number' && ms >= 0 && ms <= 1e15 ? ms : undefined
}

/** Nearest rank, in whole numbers. */
const percentilesOf = (rows: readonly StoredRow[]) => {
  const sorted = rows
    .map(durationOf)
    .filter((ms) => ms !== undefined)
    .toSorted((one, other) => one - other)
  const at = (percent: number): number | null =>
    sorted[Math.floor((sorted.length * percent + 99) / 100) - 1] ?? null
  return { p50: at(50), p95: at(95) }
}

/** The rows by what `key` says of them, but for those of which it says nothing. */
const grouped = <Key>(
  rows: readonly StoredRow[],
  key: (row: StoredRow) => Key | undefined,
): ReadonlyMap<string, readonly [Key, StoredRow[]]> => {
  const groups = new Map<string, readonly [Key, StoredRow[]]>()
  for (const row of rows) {
    const of = key(row)
    if (of === undefined) continue
    const text = JSON.stringify(of)
    const group = groups.get(text) ?? [of, []]
    group[1].push(row)
    groups.set(text, group)
  }
  return groups
}

const deeds = ['create', 'update', 'delete'] as const

const deedOf = ({ kind, action }: StoredRow): string | undefined => {
  if (kind === 'change') return deeds.find((deed) => `.${action}`.endsWith(`.${deed}`))
  if (kind === 'access') return 'view'
  if (kind === 'auth') return action === 'login' ? 'login' : undefined
  if (kind === 'system') return action === 'system.error' ? 'error' : undefined
  if (kind !== 'export') return undefined
  if (action === 'export.download') return 'download'
  return action === 'export' ? 'export' : undefined
}

const bytes = new TextEncoder()

/** As databases order texts: by their bytes, null last. */
const compare = (one: string | null, other: string | null): number => {
  if (one === null || other === null) return Number(one === null) - Number(other === null)
  const [left, right] = [bytes.encode(one), bytes.encode(other)]
  const at = left.findIndex((byte, index) => byte !== right[index])
  return at === -1 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? -1)
}

const mostFirst = (one: SummaryRow, other: SummaryRow): number =>
  other.total - one.total || compare(one.name, other.name) || compare(one.detail, other.detail)

/** One row for each pair that `key` makes of the rows. */
const listOf = (
  part: SummaryRow['part'],
  rows: readonly StoredRow[],
  key: (row: StoredRow) => readonly [name: string | null, detail: string | null] | undefined,
): readonly SummaryRow[] =>
  [...grouped(rows, key).values()].map(([[name, detail], group]) => ({
    part,
    name,
    detail,
    ...tallyOf(group),
    ...(part === 'route' && percentilesOf(group)),
  }))

const statesOf = (states: readonly string[]): readonly SummaryRow[] =>
  [...new Set(states)].map((name) => ({
    ...untallied,
    part: 'process',
    name,
    total: states.filter((state) => state === name).length,
  }))

/** By tenant and target: one process, one issue. */
const targetOf = ({ tenant, targetId }: StoredRow): readonly unknown[] | undefined =>
  targetId === null ? undefined : [tenant, targetId]

/** Whether an event is of the actor that is asked about; of any, where none is. */
export const concerns =
  ({ actorId, actorType }: Pick<SummaryQuery, 'actorId' | 'actorType'>) =>
  (row: Pick<StoredRow, 'actorId' | 'actorType'>): boolean =>
    (actorId === undefined || row.actorId === actorId) &&
    (actorType === undefined || row.actorType === actorType)

/** The same counts as those of the databases, from all rows. */
export const summaryOfRows = (
  stored: readonly StoredRow[],
  query: SummaryQuery,
): readonly SummaryRow[] => {
  const { from, to, tenant, top } = query
  const isTheirs = concerns(query)
  const past = stored.filter(
    (row) => row.occurredAt < to && (tenant === undefined || row.tenant === tenant),
  )
  const rows = past.filter((row) => row.occurredAt >= from && isTheirs(row))
  const requests = rows.filter(({ kind }) => kind === 'request')

  const isProcess = ({ kind, targetType }: StoredRow): boolean =>
    kind === 'process' && targetType === 'process'
  const touched = grouped(rows.filter(isProcess), targetOf)
  const processes = [...grouped(past.filter(isProcess), targetOf)]
    .filter(([key]) => touched.has(key))
    .map(([, [, group]]) => foldProcess(group.map((row) => ({ ...row, data: dataOf(row.record) }))))
  const decisive = past.filter(
    (row) => row.kind === 'system' && row.targetType === 'issue' && decides(row),
  )
  const open = [...grouped(decisive, targetOf).values()].filter(
    ([, group]) => group.some(isTheirs) && group.toSorted(byTime).at(-1)?.action !== RESOLVE,
  )

  const all = { name: null, detail: null }
  const most = (list: readonly SummaryRow[]) => list.toSorted(mostFirst).slice(0, top)
  return [
    { part: 'all', ...all, ...tallyOf(rows) },
    { part: 'request', ...all, ...tallyOf(requests), ...percentilesOf(requests) },
    ...listOf('deed', rows, (row) => {
      const deed = deedOf(row)
      return deed === undefined ? undefined : [deed, null]
    }),
    ...listOf('day', rows, (row) => [String(Math.floor(row.occurredAt / day)), null]),
    ...most(listOf('actor', rows, (row) => [row.actorId, row.actorType])),
    ...most(listOf('action', rows, (row) => [row.action, row.kind])),
    ...most(listOf('route', requests, (row) => [row.route, row.method])),
    ...statesOf(processes.map((one) => one?.state ?? 'pending')),
    { ...untallied, part: 'issue', name: 'open', total: open.length },
  ]
}
