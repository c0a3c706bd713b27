import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { EventRow } from '../../src/event/row.ts'
import type { AuditStore, SummaryRow } from '../../src/ports/store.ts'
import { expectedSummary } from './expected.ts'
import { asked, history } from './histories.ts'
import { counterOf, day } from './counting.ts'
import { statesConformance } from './states.ts'
import { rejection, t0 } from './reading.ts'
import { idAt, rowOf, rowsOf, unique } from './rows.ts'

const place = ({ part, name, detail }: SummaryRow): string => JSON.stringify([part, name, detail])

const inOrder = (rows: readonly SummaryRow[]): readonly SummaryRow[] =>
  rows.toSorted((one, other) => (place(one) < place(other) ? -1 : 1))

/** The part of the contract that is about counting; `storeConformance` calls it. */
export const summaryConformance = (storeNow: () => AuditStore): void => {
  const { ask, totals, append } = counterOf(storeNow)

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

  it('takes for a deed what is one, by its kind and its action', async () => {
    const tenant = unique('deeds')
    const deeds = {
      change: ['create', 'line.create', 'recreate', 'create.line', 'a.b.update', 'delete', 'x'],
      access: ['view', 'list'],
      auth: ['login', 'logout', 'admin.login'],
      export: ['export', 'export.download', 'export.share'],
      system: ['system.error', 'system.warning', 'error'],
      custom: ['create', 'login', 'system.error'],
    } as const
    const rows = Object.entries(deeds).flatMap(([kind, actions]) =>
      actions.map((action) => ({ tenant, kind: kind as keyof typeof deeds, action })),
    )
    await append(rows)
    const once = { update: 1, delete: 1, login: 1, export: 1, download: 1, error: 1 }
    expect(await totals('deed', { tenant })).toEqual({ ...once, create: 2, view: 2 })
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
      ...[null, -1, 1e16, '7', {}].map((ms) => request('GET', '/c', ms)),
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

  statesConformance(storeNow)
}
