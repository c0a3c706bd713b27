import { describe, expect, it } from 'vitest'
import { memory } from '../../../adapters/store/memory.ts'
import { type SpanQuery, summary } from '../../../src/read/summary.ts'
import { rowOf } from '../../conformance/rows.ts'

const t0 = 1_767_225_600_000
const day = 86_400_000
const span = { from: t0, to: t0 + 10 * day }

const auditOf = async (rows: readonly Parameters<typeof rowOf>[0][]) => {
  const store = memory()
  await store.append(rows.map((columns) => rowOf({ occurredAt: t0, ...columns })))
  return { store: () => store }
}

const request = (route: string, outcome: 'success' | 'failure', durationMs?: number) =>
  ({
    kind: 'request',
    action: 'http.get',
    method: 'GET',
    route,
    outcome,
    record: JSON.stringify({ data: { durationMs } }),
  }) as const

const tally = (total: number, outcomes: object = { success: total }) => ({
  total,
  success: 0,
  failure: 0,
  denied: 0,
  unknown: 0,
  ...outcomes,
})

const asProcess = (targetId: string, phase: string) =>
  ({
    kind: 'process',
    action: 'product.create',
    targetType: 'process',
    targetId,
    record: JSON.stringify({ data: { phase, step: 's' } }),
  }) as const

const asIssue = (targetId: string, action: string) =>
  ({ kind: 'system', action, targetType: 'issue', targetId }) as const

describe('a summary', () => {
  it('counts what was done, and how it ended', async () => {
    const audit = await auditOf([
      { kind: 'change', action: 'invoice.create' },
      { kind: 'change', action: 'update' },
      { kind: 'change', action: 'invoice.line.update', outcome: 'denied' },
      { kind: 'change', action: 'user.delete' },
      { kind: 'access', action: 'view' },
      { kind: 'auth', action: 'login' },
      { kind: 'auth', action: 'login', outcome: 'failure' },
      { kind: 'auth', action: 'login', outcome: 'denied' },
      { kind: 'auth', action: 'logout' },
      { kind: 'export', action: 'export' },
      { kind: 'export', action: 'export.download' },
      { ...asIssue('i1', 'system.error'), outcome: 'failure' },
      { ...asIssue('i1', 'system.resolve') },
      { ...asIssue('i2', 'system.warning'), outcome: 'unknown' },
    ])
    expect(await summary(audit, span)).toMatchObject({
      ...span,
      actions: tally(14, { success: 9, failure: 2, denied: 2, unknown: 1 }),
      creates: tally(1),
      updates: tally(2, { success: 1, denied: 1 }),
      deletes: tally(1),
      views: tally(1),
      logins: tally(3, { success: 1, failure: 1, denied: 1 }),
      exports: tally(1),
      downloads: tally(1),
      systemErrors: tally(1, { failure: 1 }),
      unresolved: 1,
    })
  })

  it('counts processes by their state', async () => {
    const audit = await auditOf([
      { ...asProcess('p1', 'registered') },
      { ...asProcess('p2', 'registered') },
      { ...asProcess('p3', 'registered'), outcome: 'failure' },
      { ...asProcess('p4', 'ended') },
      { ...asProcess('p5', 'started') },
    ])
    const { processes } = await summary(audit, span)
    expect(processes).toEqual({ succeeded: 2, failed: 1, incomplete: 1, pending: 1 })
  })

  it('tells the error rate and the durations of requests, of all and by route', async () => {
    const audit = await auditOf([
      request('/a', 'success', 10),
      request('/a', 'failure', 30),
      request('/a', 'success', 20),
      request('/b', 'success'),
      { kind: 'change', action: 'create', outcome: 'failure' },
    ])
    const { requests, byRoute } = await summary(audit, span)
    const all = tally(4, { success: 3, failure: 1 })
    expect(requests).toEqual({ ...all, errorRate: 0.25, p50: 20, p95: 30 })
    expect(byRoute).toEqual([
      {
        route: '/a',
        method: 'GET',
        ...tally(3, { success: 2, failure: 1 }),
        errorRate: 1 / 3,
        p50: 20,
        p95: 30,
      },
      { route: '/b', method: 'GET', ...tally(1), errorRate: 0, p50: null, p95: null },
    ])
  })

  it('has neither an error rate nor durations without requests', async () => {
    const { requests, byDay, processes } = await summary(await auditOf([]), span)
    expect(requests).toEqual({ ...tally(0), errorRate: null, p50: null, p95: null })
    expect(byDay).toEqual([])
    expect(processes).toEqual({ succeeded: 0, failed: 0, incomplete: 0, pending: 0 })
  })

  it('names the days that have events, in order, as they are called in UTC', async () => {
    const audit = await auditOf(
      [9.5, 1.999, 0, 9].map((days) => ({ occurredAt: t0 + Math.floor(days * day) })),
    )
    const { byDay } = await summary(audit, span)
    expect(byDay).toEqual([
      { day: '2026-01-01', ...tally(1) },
      { day: '2026-01-02', ...tally(1) },
      { day: '2026-01-10', ...tally(2) },
    ])
  })

  it('lists those with most events first, of as many by name, and twenty unless asked', async () => {
    const names = Array.from({ length: 25 }, (_, index) => `u${index + 10}`)
    const audit = await auditOf(['u12', ...names].map((actorId) => ({ actorId, action: actorId })))
    const { byActor, byAction } = await summary(audit, span)
    expect(byActor).toHaveLength(20)
    expect(byAction).toHaveLength(20)
    expect(byActor.slice(0, 3)).toEqual([
      { id: 'u12', type: 'user', ...tally(2) },
      { id: 'u10', type: 'user', ...tally(1) },
      { id: 'u11', type: 'user', ...tally(1) },
    ])
    expect(byAction[0]).toEqual({ action: 'u12', kind: 'custom', ...tally(2) })
    expect((await summary(audit, { ...span, top: 25 })).byActor).toHaveLength(25)
  })

  it('is fenced by tenant and by actor, and takes dates', async () => {
    const audit = await auditOf([
      { tenant: 'acme', actorId: 'u1' },
      { tenant: 'acme', actorId: 'u1', actorType: 'service' },
      { tenant: 'acme', actorId: 'u2' },
      { tenant: null, actorId: 'u1' },
    ])
    const total = async (query: Partial<SpanQuery>) =>
      (await summary(audit, { ...span, ...query })).actions.total
    expect(await total({})).toBe(4)
    expect(await total({ tenant: 'acme' })).toBe(3)
    expect(await total({ tenant: null })).toBe(1)
    expect(await total({ actor: 'u1' })).toBe(3)
    expect(await total({ actor: { id: 'u1', type: 'service' } })).toBe(1)
    expect(await total({ from: new Date(t0 + 1) })).toBe(0)
    expect(await total({ to: new Date(t0 + 1) })).toBe(4)
  })

  it('asks the store of the bindings that it was given, and asks it once', async () => {
    const store = memory()
    const asked: unknown[] = []
    const counted = {
      ...store,
      summary: (query: Parameters<typeof store.summary>[0]) => {
        asked.push(query)
        return store.summary(query)
      },
    }
    const audit = { store: (env?: unknown) => (asked.push(env), counted) }
    await summary(audit, span, { AUDIT_DB: 'a binding' })
    expect(asked).toEqual([{ AUDIT_DB: 'a binding' }, expect.objectContaining(span)])
  })

  it.each([
    ['from', { to: t0 }],
    ['to', { from: t0 }],
    ['from', { ...span, from: '2026-01-01' }],
    ['to', { ...span, to: Number.NaN }],
    ['to', { from: t0, to: t0 }],
    ['to', { from: t0, to: t0 + 366 * day + 1 }],
    ['tenant', { ...span, tenant: 7 }],
    ['actor', { ...span, actor: null }],
    ['actor', { ...span, actor: {} }],
    ['actor', { ...span, actor: { id: 'u1', type: 'admin' } }],
    ['actor', { ...span, actor: 'a\0' }],
    ['top', { ...span, top: 0 }],
    ['top', { ...span, top: 1_001 }],
    ['every parameter', { ...span, tenants: 'acme' }],
    ['the query', undefined],
  ])('refuses a wrong %s: %j', async (parameter, query) => {
    // As JavaScript may call it.
    const refused = summary(await auditOf([]), query as unknown as SpanQuery)
    await expect(refused).rejects.toMatchObject({ code: 'AUDIT_QUERY_INVALID' })
    await expect(refused).rejects.toHaveProperty(
      'detail',
      expect.stringMatching(`^${parameter} must be `),
    )
  })
})
