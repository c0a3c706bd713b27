import type { StoredRow } from '../../src/event/row.ts'
import type { SummaryQuery, SummaryRow } from '../../src/ports/store.ts'

// What a summary must say, worked out anew and slowly: no function is shared with what is tested.

type Row = Omit<StoredRow, 'recordedAt'>
type Facts = Readonly<Record<string, unknown>>

const factsOf = (record: string): Facts => {
  try {
    const { data } = JSON.parse(record) ?? {}
    return typeof data === 'object' && data !== null && !Array.isArray(data) ? data : {}
  } catch {
    return {}
  }
}

const before = (one: Row, other: Row): boolean =>
  one.occurredAt < other.occurredAt || (one.occurredAt === other.occurredAt && one.id < other.id)

const isThing = (value: unknown): value is Facts => Object(value) === value && !Array.isArray(value)

const expectedState = (events: readonly Row[]): string => {
  const marks = events.map((row) => ({ row, data: factsOf(row.record) }))
  const ofPhase = (phase: string) => marks.filter(({ data }) => data['phase'] === phase)
  const isText = (value: unknown): boolean => typeof value === 'string'

  const results = ofPhase('registered')
    .filter(({ row }) => row.outcome === 'success' || row.outcome === 'failure')
    .map(({ row, data }) => ({
      row,
      step: isText(data['step']) ? data['step'] : '',
      name: isText(data['name']) ? data['name'] : undefined,
    }))
  const healed = (failed: (typeof results)[number]): boolean =>
    results.some(
      ({ row, step, name }) =>
        row.outcome === 'success' &&
        step === failed.step &&
        name === failed.name &&
        before(failed.row, row),
    )
  if (results.some((result) => result.row.outcome === 'failure' && !healed(result))) return 'failed'

  const wanted = new Map<unknown, number>()
  for (const { data } of ofPhase('started').toSorted((a, b) => (before(a.row, b.row) ? -1 : 1)))
    for (const step of Array.isArray(data['steps']) ? data['steps'].filter(isThing) : []) {
      const { name, expects } = step
      if (!isText(name) || wanted.has(name)) continue
      wanted.set(name, typeof expects === 'number' ? Math.max(1, expects) : 1)
    }
  const done = [...wanted].every(([name, expects]) => {
    const successes = results.filter(({ row, step }) => step === name && row.outcome === 'success')
    return successes.length >= expects
  })
  if (done && wanted.size + results.length > 0) return 'succeeded'
  return ofPhase('ended').length > 0 ? 'incomplete' : 'pending'
}

const isOpen = (events: readonly Row[]): boolean => {
  const last = (actions: RegExp): Row | undefined =>
    events
      .filter(({ action }) => actions.test(action))
      .reduce<Row | undefined>((most, row) => (most && before(row, most) ? most : row), undefined)
  const opened = last(/^system\.(error|warning|security|performance|reopen)$/)
  const resolved = last(/^system\.resolve$/)
  return opened !== undefined && (resolved === undefined || before(resolved, opened))
}

const tally = (rows: readonly Row[]) => {
  const of = (outcome: string): number => rows.filter((row) => row.outcome === outcome).length
  return {
    total: rows.length,
    success: of('success'),
    failure: of('failure'),
    denied: of('denied'),
    unknown: of('unknown'),
    p50: null,
    p95: null,
  }
}

/** The least duration that at least so many of a hundred do not exceed. */
const rank = (rows: readonly Row[], percent: number): number | null => {
  const all = rows
    .map(({ record }) => factsOf(record)['durationMs'])
    .filter((ms): ms is number => typeof ms === 'number' && ms >= 0 && ms <= 1e15)
  const covers = (ms: number): boolean =>
    all.filter((other) => other <= ms).length * 100 >= percent * all.length
  return all.toSorted((one, other) => one - other).find(covers) ?? null
}

const percentiles = (rows: readonly Row[]) => ({ p50: rank(rows, 50), p95: rank(rows, 95) })

const deedOf = ({ kind, action }: Row): string | null => {
  if (kind === 'change') return /(?:^|\.)(create|update|delete)$/.exec(action)?.[1] ?? null
  if (kind === 'access') return 'view'
  const deeds: Readonly<Record<string, string>> = {
    'auth login': 'login',
    'export export': 'export',
    'export export.download': 'download',
    'system system.error': 'error',
  }
  return deeds[`${kind} ${action}`] ?? null
}

const bytesOf = (text: string | null): string =>
  text === null
    ? '~'
    : [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, '0')).join('')

type Pair = readonly [name: string | null, detail: string | null]

const groupsOf = (rows: readonly Row[], pairOf: (row: Row) => Pair) => {
  const pairs = new Set(rows.map((row) => JSON.stringify(pairOf(row))))
  return [...pairs].map((pair) => {
    const [name, detail]: Pair = JSON.parse(pair)
    const group = rows.filter((row) => JSON.stringify(pairOf(row)) === pair)
    return { name, detail, group }
  })
}

/** The rows of a summary of these events. */
export const expectedSummary = (
  events: readonly Row[],
  { from, to, tenant, actorId, actorType, top }: SummaryQuery,
): readonly SummaryRow[] => {
  const theirs = (row: Row): boolean =>
    row.actorId === (actorId ?? row.actorId) && row.actorType === (actorType ?? row.actorType)
  const known = events.filter(
    (row) => row.occurredAt < to && (tenant === undefined || row.tenant === tenant),
  )
  const rows = known.filter((row) => row.occurredAt >= from && theirs(row))
  const requests = rows.filter(({ kind }) => kind === 'request')

  const parts: SummaryRow[] = [{ part: 'all', name: null, detail: null, ...tally(rows) }]
  const put = (part: SummaryRow['part'], of: readonly Row[], pairOf: (row: Row) => Pair): void => {
    const timed = part === 'route'
    const found = groupsOf(of, pairOf).map(({ group, ...pair }) => ({
      part,
      ...pair,
      ...tally(group),
      ...(timed && percentiles(group)),
    }))
    const isList = part === 'actor' || part === 'action' || part === 'route'
    const place = ({ total, name, detail }: SummaryRow): string =>
      [String(1e9 - total), bytesOf(name), bytesOf(detail)].join(' ')
    const ordered = found.toSorted((one, other) => (place(one) < place(other) ? -1 : 1))
    parts.push(...(isList ? ordered.slice(0, top) : ordered))
  }
  const request = { ...tally(requests), ...percentiles(requests) }
  parts.push({ part: 'request', name: null, detail: null, ...request })
  put(
    'deed',
    rows.filter((row) => deedOf(row) !== null),
    (row) => [deedOf(row), null],
  )
  put('day', rows, ({ occurredAt }) => [String(Math.floor(occurredAt / 86_400_000)), null])
  put('actor', rows, ({ actorId: id, actorType: type }) => [id, type])
  put('action', rows, ({ action, kind }) => [action, kind])
  put('route', requests, ({ route, method }) => [route, method])

  const things = (kind: string, type: string) =>
    groupsOf(
      known.filter((row) => row.kind === kind && row.targetType === type && row.targetId !== null),
      (row) => [row.tenant, row.targetId],
    ).map(({ group }) => group)
  const states = things('process', 'process')
    .filter((group) => group.some((row) => rows.includes(row)))
    .map(expectedState)
  for (const name of new Set(states)) {
    const total = states.filter((state) => state === name).length
    parts.push({ ...tally([]), part: 'process', name, detail: null, total })
  }
  const decisive = /^system\.(?:error|warning|security|performance)$/
  const undecided = ({ action, outcome }: Row): boolean =>
    !decisive.test(action) && !(/^system\.re(?:solve|open)$/.test(action) && outcome === 'success')
  const open = things('system', 'issue')
    .map((group) => group.filter((row) => !undecided(row)))
    .filter((group) => group.some(theirs) && isOpen(group))
  parts.push({ ...tally([]), part: 'issue', name: 'open', detail: null, total: open.length })
  return parts
}
