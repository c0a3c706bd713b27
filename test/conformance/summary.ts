import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { EventRow } from '../../src/event/row.ts'
import type { AuditStore, SummaryQuery, SummaryRow } from '../../src/ports/store.ts'
import { expectedSummary } from './expected.ts'
import { asked, history } from './histories.ts'
import { rejection, t0 } from './reading.ts'
import { idAt, rowOf, rowsOf, unique } from './rows.ts'

const day = 86_400_000

const place = ({ part, name, detail }: SummaryRow): string => JSON.stringify([part, name, detail])

const inOrder = (rows: readonly SummaryRow[]): readonly SummaryRow[] =>
  rows.toSorted((one, other) => (place(one) < place(other) ? -1 : 1))

type Part = SummaryRow['part']

/** The part of the contract that is about counting; `storeConformance` calls it. */
export const summaryConformance = (storeNow: () => AuditStore): void => {
  const ask = (query: Partial<SummaryQuery>): Promise<readonly SummaryRow[]> =>
    storeNow().summary({ from: t0 - day, to: t0 + day, top: 20, ...query })

  const totals = async (part: Part, query: Partial<SummaryQuery>) => {
    const rows = await ask(query)
    return Object.fromEntries(
      rows.filter((row) => row.part === part).map(({ name, total }) => [name, total]),
    )
  }

  const append = async (rows: readonly Parameters<typeof rowOf>[0][]): Promise<void> =>
    storeNow().append(rows.map((columns, index) => rowOf({ occurredAt: t0 + index, ...columns })))

  const phases = (
    tenant: string,
    id: string,
    all: readonly (readonly [object, EventRow['outcome']?])[],
  ) =>
    all.map(
      ([data, outcome = 'unknown']) =>
        ({
          tenant,
          kind: 'process',
          action: 'product.create',
          outcome,
          targetType: 'process',
          targetId: id,
          record: JSON.stringify({ data }),
        }) as const,
    )

  it('counts what a slow count in memory counts, of any history', async () => {
    // A store keeps everything, so each history comes after the one before, and finds it there.
    const events: EventRow[] = []
    let start = t0 + 1_000 * day
    await fc.assert(
      fc.asyncProperty(
        history,
        fc.array(asked, { minLength: 3, maxLength: 3 }),
        fc.nat(),
        async (columns, queries, turn) => {
          start += 10 * day
          const rows = columns.map((each) => {
            const occurredAt = start + (each.occurredAt ?? 0)
            // A process of its own each time: one that has all of its past would hardly change.
            const targetId = each.targetId ? `${each.targetId} ${start}` : null
            return rowOf({ ...each, occurredAt, id: idAt(occurredAt), targetId })
          })
          events.push(...rows)
          const at = turn % rows.length
          await storeNow().append([...rows.slice(at), ...rows.slice(0, at)])
          for (const { from, to, ...query } of queries) {
            const moved = { ...query, from: start + from, to: start + to }
            const found = await storeNow().summary(moved)
            expect(inOrder(found)).toEqual(inOrder(expectedSummary(events, moved)))
          }
        },
      ),
      { numRuns: 30, endOnFailure: true },
    )
  }, 120_000)

  it('says that there was nothing, and no more, of a span without events', async () => {
    const none = { detail: null, total: 0, success: 0, failure: 0, denied: 0, unknown: 0 }
    const timeless = { ...none, p50: null, p95: null }
    expect(inOrder(await ask({ tenant: unique('none') }))).toEqual([
      { ...timeless, part: 'all', name: null },
      { ...timeless, part: 'issue', name: 'open' },
      { ...timeless, part: 'request', name: null },
    ])
  })

  it('includes the time it counts from and leaves out the time it counts to', async () => {
    const tenant = unique('bounds')
    await append(Array.from({ length: 5 }, () => ({ tenant })))
    expect(await totals('all', { tenant, from: t0 + 1, to: t0 + 3 })).toEqual({ null: 2 })
  })

  it('begins a day at midnight UTC, also before 1970', async () => {
    const tenant = unique('days')
    const times = [-day - 1, -day, -1, 0, day - 1, day]
    await append(times.map((occurredAt) => ({ tenant, occurredAt })))
    const days = await totals('day', { tenant, from: -2 * day, to: 2 * day })
    expect(days).toEqual({ '-2': 1, '-1': 2, '0': 2, '1': 1 })
  })

  it('gives the nearest rank of the durations, of all requests and of each route', async () => {
    const tenant = unique('ranks')
    const request = (method: string, route: string, durationMs: unknown) => {
      const record = JSON.stringify({ data: { durationMs } })
      return { tenant, kind: 'request', method, route, record } as const
    }
    await append([
      ...Array.from({ length: 20 }, (_, index) => request('GET', '/a', 20 - index)),
      request('POST', '/a', 9.5),
      request('GET', '/b', 0.125),
      request('GET', '/b', 'slow'),
      request('GET', '/c', null),
    ])
    const rows = await ask({ tenant })
    const ranks = rows
      .filter(({ part }) => part === 'route' || part === 'request')
      .map(({ name, detail, p50, p95 }) => [name, detail, p50, p95])
    expect(ranks).toHaveLength(5)
    expect(ranks).toEqual(
      expect.arrayContaining([
        [null, null, 9.5, 19],
        ['/a', 'GET', 10, 19],
        ['/a', 'POST', 9.5, 9.5],
        ['/b', 'GET', 0.125, 0.125],
        ['/c', 'GET', null, null],
      ]),
    )
  })

  it('names those with most events, and of as many those whose bytes come first', async () => {
    const tenant = unique('top')
    const actors = ['\uffee', '𝒳', 'b', 'c', 'c', 'a']
    await append(actors.map((actorId) => ({ tenant, actorId })))
    expect(await totals('actor', { tenant, top: 3 })).toEqual({ c: 2, a: 1, b: 1 })
    expect(await totals('actor', { tenant, top: 4 })).toEqual({ c: 2, a: 1, b: 1, '\uffee': 1 })
  })

  it('tells the state of a process that began before the span, as it was at its end', async () => {
    const tenant = unique('process')
    await append(
      phases(tenant, 'p', [
        [{ phase: 'started', steps: [{ name: 's', expects: 2 }] }],
        [{ phase: 'registered', step: 's' }, 'failure'],
        [{ phase: 'registered', step: 's' }, 'success'],
        [{ phase: 'registered', step: 's' }, 'success'],
        [{ phase: 'registered', step: 'other', name: 'x' }, 'failure'],
      ]),
    )
    const at = (from: number, to: number) =>
      totals('process', { tenant, from: t0 + from, to: t0 + to })
    expect(await at(0, 1)).toEqual({ pending: 1 })
    expect(await at(1, 2)).toEqual({ failed: 1 })
    expect(await at(2, 3)).toEqual({ pending: 1 })
    expect(await at(3, 4)).toEqual({ succeeded: 1 })
    expect(await at(4, 5)).toEqual({ failed: 1 })
    expect(await at(5, 9)).toEqual({})
  })

  it('takes the first declaration of a step, and from later ones only new steps', async () => {
    const tenant = unique('declared')
    const once = [{ phase: 'started', steps: [{ name: 's' }] }] as const
    const twice = [{ phase: 'started', steps: [{ name: 't' }, { name: 's', expects: 2 }] }] as const
    const s = [{ phase: 'registered', step: 's' }, 'success'] as const
    const t = [{ phase: 'registered', step: 't' }, 'success'] as const
    await append([
      ...phases(tenant, 'more', [twice, s, t, once]),
      ...phases(tenant, 'less', [once, s, t, twice]),
      ...phases(tenant, 'new', [once, s, twice]),
    ])
    expect(await totals('process', { tenant })).toEqual({ pending: 2, succeeded: 1 })
  })

  it('calls no process a success in which nothing ran', async () => {
    const tenant = unique('idle')
    await append([
      ...phases(tenant, 'bare', [[{ phase: 'started', steps: [] }]]),
      ...phases(tenant, 'over', [[{ phase: 'started' }], [{ phase: 'ended' }]]),
      ...phases(tenant, 'undecided', [[{ phase: 'registered', step: 's' }, 'unknown']]),
      ...phases(tenant, 'short', [
        [{ phase: 'started', steps: [{ name: 's' }, { name: 't' }] }],
        [{ phase: 'registered', step: 's' }, 'success'],
        [{ phase: 'ended' }],
      ]),
      ...phases(tenant, 'undeclared', [[{ phase: 'registered', step: 's' }, 'success']]),
    ])
    expect(await totals('process', { tenant })).toEqual({ pending: 2, incomplete: 2, succeeded: 1 })
  })

  it('counts the issues that are open at the end, however long ago they occurred', async () => {
    const tenant = unique('issues')
    const done = (targetId: string, action: string, outcome: EventRow['outcome'] = 'success') =>
      ({ tenant, kind: 'system', action, outcome, targetType: 'issue', targetId }) as const
    await append([
      done('a', 'system.error', 'failure'),
      done('b', 'system.warning'),
      done('c', 'system.info'),
      done('a', 'system.resolve', 'denied'),
      done('a', 'system.resolve'),
      done('a', 'system.info'),
      done('a', 'system.error', 'failure'),
      done('b', 'system.resolve'),
      done('b', 'system.reopen'),
    ])
    const open = (to: number) => totals('issue', { tenant, from: t0 - day, to: t0 + to })
    expect(await open(3)).toEqual({ open: 2 })
    expect(await open(4)).toEqual({ open: 2 })
    expect(await open(6)).toEqual({ open: 1 })
    expect(await open(7)).toEqual({ open: 2 })
    expect(await open(8)).toEqual({ open: 1 })
    expect(await totals('issue', { tenant, from: t0 + 8, to: t0 + day })).toEqual({ open: 2 })
    expect(await totals('issue', { tenant, from: t0 + day, to: t0 + 2 * day })).toEqual({ open: 2 })
  })

  it('keeps the processes and issues of tenants apart that have one id', async () => {
    const [one, other] = [unique('one'), unique('other')]
    const [process, issue] = [unique('p'), unique('i')]
    const opened = {
      kind: 'system',
      action: 'system.error',
      targetType: 'issue',
      targetId: issue,
    } as const
    const before = { ...(await totals('issue', {})), ...(await totals('process', {})) }
    await append([
      ...phases(one, process, [[{ phase: 'registered', step: 's' }, 'failure']]),
      ...phases(other, process, [[{ phase: 'registered', step: 's' }, 'success']]),
      { ...opened, tenant: one },
      { ...opened, tenant: null },
      { ...opened, tenant: other },
      { ...opened, tenant: other, action: 'system.resolve' },
    ])
    expect(await totals('process', { tenant: one })).toEqual({ failed: 1 })
    expect(await totals('process', { tenant: other })).toEqual({ succeeded: 1 })
    expect(await totals('issue', { tenant: one })).toEqual({ open: 1 })
    expect(await totals('issue', { tenant: other })).toEqual({ open: 0 })
    const after = { ...(await totals('issue', {})), ...(await totals('process', {})) }
    const more = (name: string): number => (after[name] ?? 0) - (before[name] ?? 0)
    expect([more('open'), more('failed'), more('succeeded')]).toEqual([2, 1, 1])
  })

  it.each([
    ['from', { from: 0.5 }],
    ['to', { to: Infinity }],
    ['to', { to: t0 - day }],
    ['to', { to: t0 + 366 * day }],
    ['top', { top: 0 }],
    ['top', { top: 1.5 }],
    ['top', { top: 1001 }],
  ])('refuses a wrong %s of a summary: %j', async (parameter, query) => {
    const error = await rejection(ask(query))
    expect(error).toMatchObject({ name: 'AuditError', code: 'AUDIT_QUERY_INVALID' })
    expect(error).toHaveProperty('detail', expect.stringContaining(parameter))
  })

  it('counts a full year', async () => {
    const tenant = unique('year')
    await storeNow().append(rowsOf(400, (index) => ({ tenant, occurredAt: t0 + index * day })))
    const days = await totals('day', { tenant, from: t0, to: t0 + 366 * day })
    expect(Object.keys(days)).toHaveLength(366)
  })
}
