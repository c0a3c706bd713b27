import * as fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { AuditEvent } from '../../../src/event/schema.ts'
import type { Reading } from '../../../src/read/reading.ts'
import {
  exports,
  issues,
  type IssuesOptions,
  type ListOptions,
  processes,
  type ProcessesOptions,
} from '../../../src/read/views.ts'
import { expectedExports, expectedIssues, expectedProcesses } from './expected-views.ts'
import { auditOf, type Entry, rowsOf, storedOf, t0, trail } from '../../support/trail.ts'

const entriesOf = (
  common: Partial<AuditEvent>,
  all: readonly Partial<AuditEvent>[],
): readonly Entry[] =>
  all.map((one, index) => ({
    broken: false,
    event: {
      v: 1,
      tenant: 'a',
      occurredAt: t0 + index,
      kind: 'custom',
      action: 'x',
      outcome: 'success',
      actor: { id: 'u1', type: 'user' },
      targets: [],
      ...common,
      ...one,
    },
  }))

const ofProcess = (id: string, ...all: readonly Partial<AuditEvent>[]) =>
  entriesOf({ kind: 'process', action: 'import', targets: [{ type: 'process', id }] }, all)

const ofIssue = (id: string, ...all: readonly Partial<AuditEvent>[]) =>
  entriesOf({ kind: 'system', targets: [{ type: 'issue', id }] }, all)

const ofExport = (id: string, ...all: readonly Partial<AuditEvent>[]) =>
  entriesOf({ kind: 'export', targets: [{ type: 'export', id }] }, all)

const data = { phase: 'registered', step: 's' }
const ok = { outcome: 'success', data } as const
const failed = { outcome: 'failure', data } as const
const error = { action: 'system.error', outcome: 'failure' } as const
const resolved = { action: 'system.resolve' } as const
const at = (ms: number) => ({ occurredAt: t0 + ms })

const to = t0 + 1_000

type Listing<Options> = (
  audit: Reading,
  options: Options,
) => Promise<{ readonly views: readonly object[]; readonly next: string | null }>

const lists = {
  processes: async (audit: Reading, options: ProcessesOptions) => {
    const found = await processes(audit, options)
    return { views: found.processes, next: found.next }
  },
  issues: async (audit: Reading, options: IssuesOptions) => {
    const found = await issues(audit, options)
    return { views: found.issues, next: found.next }
  },
  exports: async (audit: Reading, options: ListOptions) => {
    const found = await exports(audit, options)
    return { views: found.exports, next: found.next }
  },
}

/** All pages of a list; what happens between two of them may change what is there. */
const allOf = async <Options extends ListOptions>(
  list: Listing<Options>,
  audit: Reading,
  options: Options,
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<readonly object[]> => {
  const found: object[] = []
  let next: string | null | undefined
  do {
    const page = await list(audit, { ...options, next })
    expect(page.views.length).toBeLessThanOrEqual(options.limit ?? 20)
    found.push(...page.views)
    next = page.next
    await between()
  } while (next !== null)
  return found
}

const idsOf = (views: readonly object[]): readonly unknown[] =>
  views.map((view) => Reflect.get(view, 'id'))

/** Mostly left out: what asks for much at once finds nothing, and tells nothing apart. */
const seldom = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value })

const paging = fc.record({
  tenant: seldom(fc.constantFrom('a', 'b', null, 'nobody')),
  from: seldom(fc.nat(9).map((ms) => t0 + ms)),
  order: fc.constantFrom('newest' as const, 'oldest' as const, undefined),
  limit: seldom(fc.integer({ min: 1, max: 4 })),
})
const until = fc.integer({ min: 3, max: 12 }).map((ms) => t0 + ms)

const processState = fc.constantFrom<NonNullable<ProcessesOptions['state']>[]>(
  'failed',
  'pending',
  ['succeeded', 'incomplete'],
)
const chosenIssues: fc.Arbitrary<IssuesOptions> = fc.record({
  state: fc.constantFrom('open' as const, 'resolved' as const, 'noted' as const, undefined),
  type: seldom(
    fc.constantFrom<NonNullable<IssuesOptions['type']>[]>('error', ['warning', 'error'], 'info'),
  ),
  severity: seldom(fc.constantFrom<NonNullable<IssuesOptions['severity']>[]>('low', ['high'])),
})

describe('a list', () => {
  it('shows each thing once as everything before its end makes it, whatever is appended meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(
        trail,
        trail,
        paging,
        until,
        fc.option(processState, { nil: undefined }),
        chosenIssues,
        async (entries, later, paged, end, state, chosen) => {
          const rows = rowsOf(entries)
          const options = { ...paged, to: end }
          const all = rows.map(storedOf)
          const more = later.map(({ event, broken }) => ({
            broken,
            event: { ...event, occurredAt: event.occurredAt - t0 + end },
          }))
          const found = async <Options extends ListOptions>(
            list: Listing<Options>,
            asked: Options,
          ): Promise<readonly object[]> => {
            const audit = await auditOf(rows)
            const append = () => audit.store().append(rowsOf(more))
            return allOf(list, audit, asked, append)
          }
          expect(await found(lists.processes, { ...options, state })).toEqual(
            expectedProcesses(all, { ...options, state }),
          )
          expect(await found(lists.issues, { ...options, ...chosen })).toEqual(
            expectedIssues(all, { ...options, ...chosen }),
          )
          expect(await found(lists.exports, options)).toEqual(expectedExports(all, options))
        },
      ),
      { numRuns: 300 },
    )
  }, 60_000)

  it('ends where its first page was read, unless it is told where', async () => {
    const now = Date.now()
    const clock = vi.spyOn(Date, 'now').mockReturnValue(now)
    onTestFinished(() => clock.mockRestore())
    const past = (id: string, ms: number) => ofProcess(id, { ...ok, occurredAt: now - ms })
    const audit = await auditOf(rowsOf([past('p1', 30), past('p2', 20), past('p3', 10)].flat()))
    const first = await processes(audit, { limit: 1 })
    expect(idsOf(first.processes)).toEqual(['p3'])
    const moved = ofProcess('p1', { ...failed, occurredAt: now + 10 })
    await audit.store().append(rowsOf(moved))
    clock.mockReturnValue(now + 20)
    const second = await processes(audit, { limit: 5, next: first.next })
    expect(idsOf(second.processes)).toEqual(['p2', 'p1'])
    expect(second.processes.map(({ state }) => state)).toEqual(['succeeded', 'succeeded'])
    expect(second.next).toBeNull()
    expect(idsOf((await processes(audit)).processes)).toEqual(['p1', 'p3', 'p2'])
  })

  it('shows what happened this very millisecond', async () => {
    const audit = await auditOf(rowsOf(ofExport('e1', { occurredAt: Date.now() })))
    expect(idsOf((await exports(audit)).exports)).toEqual(['e1'])
  })

  it('keeps two tenants apart that have things of one id', async () => {
    const rows = rowsOf([
      ...ofProcess('p', { ...ok, tenant: 'a' }),
      ...ofProcess('p', { ...failed, tenant: 'b', ...at(1) }),
      ...ofProcess('p', { ...ok, tenant: null, ...at(2) }),
    ])
    const audit = await auditOf(rows)
    const statesOf = async (options: ProcessesOptions) =>
      (await processes(audit, { to, ...options })).processes.map(
        ({ tenant, state }) => `${tenant} ${state}`,
      )
    expect(await statesOf({ tenant: 'a' })).toEqual(['a succeeded'])
    expect(await statesOf({ tenant: 'b' })).toEqual(['b failed'])
    expect(await statesOf({ tenant: null })).toEqual(['null succeeded'])
    expect(await statesOf({})).toEqual(['null succeeded', 'b failed', 'a succeeded'])
  })

  it('shows a thing whose events straddle the span, from the first of them to the end', async () => {
    const rows = rowsOf([
      ...ofIssue('i', { ...error, ...at(0) }, { ...error, ...at(5) }, { ...resolved, ...at(9) }),
      ...ofIssue('gone', { ...error, ...at(1) }),
    ])
    const audit = await auditOf(rows)
    const span = { from: t0 + 4, to: t0 + 9 }
    const { issues: found } = await issues(audit, span)
    expect(found).toMatchObject([{ id: 'i', state: 'open', count: 2, firstAt: t0, lastAt: t0 + 5 }])
    expect(idsOf((await issues(audit, { from: t0 + 10, to })).issues)).toEqual([])
    expect((await issues(audit, { to })).issues.map(({ state }) => state)).toEqual([
      'resolved',
      'open',
    ])
  })

  it('takes dates', async () => {
    const audit = await auditOf(rowsOf(ofExport('e', at(5))))
    const span = { from: new Date(t0 + 5), to: new Date(t0 + 6) }
    expect(idsOf((await exports(audit, span)).exports)).toEqual(['e'])
    expect(idsOf((await exports(audit, { ...span, to: span.from })).exports)).toEqual([])
  })

  it('says that a thing is partial when it has more events than are read', async () => {
    const many = Array.from({ length: 2_500 }, (_, index) => ({ ...error, ...at(index) }))
    const audit = await auditOf(rowsOf([...ofIssue('loud', ...many), ...ofIssue('quiet', error)]))
    const asked = { tenant: 'a', to: t0 + 10_000 }
    const [loud, quiet] = (await issues(audit, asked)).issues
    expect(loud).toMatchObject({ id: 'loud', count: 1_000, firstAt: t0 + 1_500, partial: true })
    expect(quiet).toMatchObject({ id: 'quiet', count: 1 })
    expect(quiet).not.toHaveProperty('partial')
    const [whole] = (await issues(audit, { ...asked, most: 2_500 })).issues
    expect(whole).toMatchObject({ count: 2_500 })
    expect(whole).not.toHaveProperty('partial')
  }, 30_000)

  it('knows the state of an issue that was decided before all the events that are read', async () => {
    const noted = Array.from({ length: 20 }, (_, index) => ({
      action: 'system.info',
      ...at(index + 2),
    }))
    const audit = await auditOf(rowsOf(ofIssue('i', error, { ...resolved, ...at(1) }, ...noted)))
    const { issues: found } = await issues(audit, { to, state: 'resolved', most: 5 })
    expect(found).toMatchObject([{ id: 'i', state: 'resolved', count: 5, partial: true }])
  })

  it('finds an open issue by what it is now, whatever opened it', async () => {
    const info = { action: 'system.info', ...at(5) }
    const audit = await auditOf(
      rowsOf([
        ...ofIssue('noted since', error, info),
        ...ofIssue(
          'reopened',
          error,
          { ...resolved, ...at(1) },
          { action: 'system.reopen', ...at(2) },
        ),
        ...ofIssue('warned', { ...error, action: 'system.warning' }),
      ]),
    )
    const openOf = async (type: IssuesOptions['type']) =>
      idsOf((await issues(audit, { to, state: 'open', type })).issues)
    expect(await openOf('info')).toEqual(['noted since'])
    expect(await openOf('error')).toEqual(['reopened'])
    expect(await openOf(['warning', 'error'])).toEqual(['reopened', 'warned'])
    expect(await openOf('maintenance')).toEqual([])
  })

  it('may come out short of those of a state, and yet go on', async () => {
    const rows = rowsOf([
      ...ofProcess('old', { ...failed, ...at(0) }),
      ...ofProcess('new', { ...ok, ...at(1) }),
    ])
    const audit = await auditOf(rows)
    const first = await processes(audit, { to, limit: 1, state: 'failed' })
    expect(first.processes).toEqual([])
    const second = await processes(audit, { to, limit: 1, state: 'failed', next: first.next })
    expect(idsOf(second.processes)).toEqual(['old'])
  })

  it('lists things of which a record cannot be read, as far as their columns tell', async () => {
    const entries = [...ofIssue('i', error, { ...resolved, ...at(1) }), ...ofExport('e', at(2))]
    const audit = await auditOf(rowsOf(entries.map((entry) => ({ ...entry, broken: true }))))
    expect((await issues(audit, { to, state: 'resolved' })).issues).toMatchObject([
      { id: 'i', state: 'resolved', tenant: 'a' },
    ])
    expect(idsOf((await exports(audit, { to })).exports)).toEqual(['e'])
  })

  it('counts the downloads of each export', async () => {
    const audit = await auditOf(
      rowsOf([
        ...ofExport(
          'e1',
          { action: 'export', data: { bytes: 10, format: 'csv' } },
          { action: 'export.download', ...at(1) },
          { action: 'export.download', outcome: 'denied', ...at(2) },
          { action: 'export.download', ...at(3) },
        ),
        ...ofExport('e2', { action: 'export', ...at(4) }),
      ]),
    )
    const { exports: found } = await exports(audit, { tenant: 'a', to })
    expect(found).toMatchObject([
      { id: 'e2', downloads: 0 },
      { id: 'e1', downloads: 2, format: 'csv', totalBytes: 20 },
    ])
  })

  it('takes no event of another kind, or about another type, for one of its own', async () => {
    const other = { targets: [{ type: 'order', id: 'p' }], ...at(5) }
    const audit = await auditOf(
      rowsOf([
        ...ofProcess('p', ok, { ...ok, kind: 'custom', ...at(4) }, { ...ok, ...other }),
        ...ofProcess('p', { ...ok, targets: [], ...at(6) }),
        ...ofIssue('i', error, { ...error, kind: 'custom', ...at(4) }, { ...error, ...other }),
      ]),
    )
    const found = await processes(audit, { to })
    expect(found.processes).toMatchObject([{ id: 'p', lastAt: t0 }])
    const open = await issues(audit, { to, state: 'open' })
    expect(open.issues).toMatchObject([{ id: 'i', count: 1 }])
  })

  it('folds no more than four things at once', async () => {
    const all = Array.from({ length: 11 }, (_, index) => ofExport(`e${index}`, at(index)))
    const { store } = await auditOf(rowsOf(all.flat()))
    let [now, most] = [0, 0]
    const counting = {
      ...store(),
      page: async (...asked: Parameters<ReturnType<typeof store>['page']>) => {
        now += 1
        most = Math.max(most, now)
        const page = await store().page(...asked)
        now -= 1
        return page
      },
    }
    const found = await exports({ store: () => counting }, { to })
    expect(found.exports).toHaveLength(11)
    expect(most).toBe(4)
  })

  it('gives a `next` that needs no escaping in a URL, and is of that list alone', async () => {
    const all = Array.from({ length: 3 }, (_, index) => [
      ...ofProcess(`p${index}`, { ...ok, ...at(index) }),
      ...ofExport(`e${index}`, at(index)),
      ...ofIssue(`i${index}`, { ...error, ...at(index) }),
    ])
    const audit = await auditOf(rowsOf(all.flat(2)))
    const { next } = await processes(audit, { tenant: 'a', to, limit: 1 })
    expect(next).toEqual(expect.any(String))
    expect(encodeURIComponent(next ?? '')).toBe(next)
    await expect(processes(audit, { to, tenant: 'a', limit: 2, next })).resolves.toBeDefined()
    const moved = `${to + 1}${next?.slice(String(to).length)}`
    const others: readonly (() => Promise<unknown>)[] = [
      () => processes(audit, { tenant: 'b', to, next }),
      () => processes(audit, { tenant: 'a', to: to + 1, next }),
      () => processes(audit, { tenant: 'a', next: moved }),
      () => processes(audit, { tenant: 'a', to, from: t0, next }),
      () => processes(audit, { tenant: 'a', to, order: 'oldest', next }),
      () => processes(audit, { tenant: 'a', to, state: 'failed', next }),
      () => exports(audit, { tenant: 'a', to, next }),
      () => issues(audit, { tenant: 'a', to, next }),
    ]
    for (const other of others)
      await expect(other()).rejects.toMatchObject({
        code: 'AUDIT_QUERY_INVALID',
        detail: 'next must be what the page before gave, for the same query and reader',
      })
  })

  it('asks for the store of the bindings that it was given', async () => {
    const asked: unknown[] = []
    const { store } = await auditOf([])
    const audit = { store: (env?: unknown) => (asked.push(env), store()) }
    await processes(audit, {}, 'one')
    await issues(audit, {}, 'two')
    await exports(audit, {}, 'three')
    expect(asked).toEqual(['one', 'two', 'three'])
  })

  const wrong: readonly (readonly [string, object | null])[] = [
    ['tenant', { tenant: 7 }],
    ['from', { from: '2026-01-01' }],
    ['to', { to: Number.NaN }],
    ['order', { order: 'up' }],
    ['limit', { limit: 0 }],
    ['limit', { limit: 101 }],
    ['most', { most: 100_001 }],
    ['next', { next: 'x' }],
    ['next', { next: '5.x' }],
    ['next', { next: 7 }],
    ['next', { next: '' }],
    ['every parameter', { tenants: 'acme' }],
    ['the query', null],
  ]
  const ofAll = Object.entries(lists).flatMap(([name, list]) =>
    wrong.map(([parameter, options]) => [parameter, options, name, list] as const),
  )
  const ofSome = [
    ['state', { state: 'open' }, 'processes', lists.processes],
    ['state', { state: ['failed', 'x'] }, 'processes', lists.processes],
    ['state', { state: ['open'] }, 'issues', lists.issues],
    ['type', { type: 'system.error' }, 'issues', lists.issues],
    ['severity', { severity: ['low', 'toString'] }, 'issues', lists.issues],
    ['every parameter', { state: 'open' }, 'exports', lists.exports],
  ] as const
  it.each([...ofAll, ...ofSome])(
    'refuses a wrong %s: %j of %s',
    async (parameter, options, _, list) => {
      // As JavaScript may call it.
      const refused = list(await auditOf([]), options as never)
      await expect(refused).rejects.toMatchObject({
        code: 'AUDIT_QUERY_INVALID',
        detail: expect.stringMatching(`^${parameter} must be `),
      })
    },
  )
})
