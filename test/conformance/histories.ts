import * as fc from 'fast-check'
import type { EventRow } from '../../src/event/row.ts'
import type { SummaryQuery } from '../../src/ports/store.ts'

// Histories that collide in every way: few names, few times, other tenants, and records that lie.

const day = 86_400_000

type Columns = Partial<Omit<EventRow, symbol>>

/** One of them, the first in half of the cases: what is to collide must meet often. */
const mostly = <Value>(first: Value, ...others: readonly Value[]): fc.Arbitrary<Value> =>
  fc.oneof(
    { weight: others.length, arbitrary: fc.constant(first) },
    ...others.map(fc.constant<Value>),
  )

const tenant = mostly<string | null>('a', 'b', null)
const outcome = fc.constantFrom<EventRow['outcome'][]>(
  'success',
  'success',
  'failure',
  'failure',
  'denied',
  'unknown',
)
const actor = fc.record({
  actorId: fc.constantFrom('u1', 'u10', 'é', '𝒳', '\uffee'),
  actorType: fc.constantFrom<EventRow['actorType'][]>('user', 'service', 'system', 'anonymous'),
})

const data = (members: unknown): string => JSON.stringify({ v: 1, data: members })

/** What another program may have left in the table. */
const hostile = fc.constantFrom(
  'no json',
  '',
  'null',
  '7',
  '"data"',
  '[{"data":{"phase":"ended"}}]',
  '{"data":"started"}',
  '{"data":[{"phase":"ended"}]}',
  '{"data":{"phase":7,"durationMs":"12"}}',
  '{"data":{"phase":"started","steps":{"name":"s1"}}}',
  '{"data":{"phase":"started","steps":["s1",null,[],{},{"name":7},{"name":"s1","expects":"2"}]}}',
  '{"data":{"phase":"registered","step":["s1"],"name":{}}}',
  '{"data":{"durationMs":1e400}}',
  '{"data":{"durationMs":-1}}',
  '{"data":{"durationMs":null}}',
  `${'['.repeat(500)}${']'.repeat(500)}`,
  '['.repeat(500),
)

const request = fc
  .record({
    method: fc.constantFrom('GET', 'POST', null),
    route: fc.constantFrom('/a', '/a/:id', '/é', null),
    ms: fc.oneof(
      fc.nat(9),
      fc.constantFrom<unknown[]>(0.001, 12.345, 1e15, 1e16, -1, '3', undefined),
    ),
  })
  .map(({ method, route, ms }): Columns => ({
    kind: 'request',
    action: `http.${method ?? 'get'}`.toLowerCase(),
    method,
    route,
    record: data({ durationMs: ms, query: { durationMs: 'x' } }),
  }))

const plain = fc
  .constantFrom<(readonly [EventRow['kind'], string])[]>(
    ['change', 'create'],
    ['change', 'invoice.create'],
    ['change', 'invoice.line.update'],
    ['change', 'delete'],
    ['change', 'recreate'],
    ['change', 'create.invoice'],
    ['change', 'x'],
    ['access', 'view'],
    ['access', 'list'],
    ['auth', 'login'],
    ['auth', 'logout'],
    ['export', 'export'],
    ['export', 'export.download'],
    ['custom', 'create'],
    ['custom', 'system.error'],
  )
  .map(([kind, action]): Columns => ({ kind, action }))

const stepName = mostly('s1', 's2', 's1 ', '')

const step = fc.record(
  { name: stepName, expects: fc.constantFrom<unknown[]>(1, 2, 0, -3, 1.5, '2', null) },
  { requiredKeys: ['name'] },
)

const phase = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      phase: fc.constant('started'),
      steps: fc.array(step, { maxLength: 3 }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record(
      {
        phase: fc.constant('registered'),
        step: stepName,
        name: fc.constantFrom<unknown[]>('a', 'b', 7),
      },
      { requiredKeys: ['phase'] },
    ),
  },
  { weight: 1, arbitrary: fc.constant({ phase: 'ended' }) },
)

const ofProcess = fc
  .record({
    targetId: mostly<string | null>('p1', 'p2', null),
    targetType: fc.constantFrom('process', 'process', 'process', 'process', 'order'),
    kind: fc.constantFrom<EventRow['kind'][]>('process', 'process', 'process', 'custom'),
    record: phase.map(data),
  })
  .map((columns): Columns => ({ action: 'product.create', ...columns }))

const ofIssue = fc.record({
  targetId: mostly<string | null>('i1', 'i2', null),
  targetType: fc.constantFrom('issue', 'issue', 'issue', 'audit'),
  kind: fc.constantFrom<EventRow['kind'][]>('system', 'system', 'system', 'custom'),
  action: fc.constantFrom(
    'system.error',
    'system.warning',
    'system.info',
    'system.resolve',
    'system.resolve',
    'system.reopen',
    'audit.stop',
  ),
})

const common = fc.record({
  tenant,
  outcome,
  actor,
  at: fc.nat(7),
  hostile: fc.option(hostile, { freq: 8 }),
})

/** Events within four days, as columns; `occurredAt` counts from the first of them. */
export const history: fc.Arbitrary<readonly Columns[]> = fc.array(
  fc
    .tuple(
      fc.oneof(
        { weight: 3, arbitrary: request },
        { weight: 2, arbitrary: plain },
        { weight: 4, arbitrary: ofProcess },
        { weight: 3, arbitrary: ofIssue },
      ),
      common,
    )
    .map(([columns, { actor, at, hostile, ...more }]) => ({
      ...more,
      ...actor,
      ...columns,
      // Two at once in half a day: so ids decide, and days begin between them.
      occurredAt: Math.floor(at / 2) * day + (at % 2) * (day - 1),
      ...(hostile !== null && { record: hostile }),
    })),
  { minLength: 1, maxLength: 60, size: 'max' },
)

/** What is asked of a history; times count from its first. */
export const asked: fc.Arbitrary<SummaryQuery> = fc
  .record({
    tenant: fc.option(tenant, { nil: undefined }),
    actorId: fc.option(fc.constantFrom('u1', 'é', 'x'), { nil: undefined, freq: 3 }),
    actorType: fc.option(fc.constantFrom('user', 'service'), { nil: undefined, freq: 3 }),
    start: fc.nat(5),
    days: fc.integer({ min: 1, max: 8 }),
    top: fc.constantFrom(1, 2, 3, 1000),
  })
  .map(({ start, days, ...query }) => ({
    ...query,
    from: (start - 2) * (day / 2),
    to: (start - 2 + days) * (day / 2),
  }))
