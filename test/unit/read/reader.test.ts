import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memory } from '../../../adapters/store/memory.ts'
import type { EventRow } from '../../../src/event/row.ts'
import { count } from '../../../src/read/count.ts'
import type { EventFilter } from '../../../src/read/filter.ts'
import { get, page, query } from '../../../src/read/page.ts'
import { type Fence, reader } from '../../../src/read/reader.ts'
import { summary } from '../../../src/read/summary.ts'
import { rowOf, rowsOf } from '../../conformance/rows.ts'

const at = 1_767_225_600_000

const auditOf = async (rows: readonly EventRow[]) => {
  const store = memory()
  await store.append(rows)
  return { store: () => store }
}

/** An event as it is stored, with all that can be asked for. */
const eventRow = (index: number, tenant: string | null, more: object = {}): EventRow => {
  const columns = {
    tenant,
    occurredAt: at + index,
    kind: (['request', 'auth', 'change'] as const)[index % 3] ?? 'custom',
    action: ['invoice.create', 'login', 'invoice.refund'][index % 3] ?? '',
    outcome: (['success', 'failure', 'denied'] as const)[index % 3] ?? 'unknown',
    actorId: `u${index % 4}`,
    actorType: 'user',
    targetType: 'invoice',
    targetId: `${index % 3}`,
    requestId: `r${index % 5}`,
    method: 'GET',
    route: '/a/:id',
    status: [200, 404, 500][index % 3] ?? 0,
    ip: `10.0.0.${index % 3}`,
  } as const
  const { id } = rowOf(columns)
  return rowOf({
    ...columns,
    id,
    record: JSON.stringify({
      v: 1,
      id,
      tenant,
      occurredAt: columns.occurredAt,
      kind: columns.kind,
      action: columns.action,
      outcome: columns.outcome,
      actor: {
        id: columns.actorId,
        name: 'Ada',
        type: 'user',
        onBehalfOf: [{ id: 'u1', type: 'user' }],
      },
      targets: [
        { id: columns.targetId, type: 'invoice', name: 'Seven' },
        { id: '9', type: 'order' },
      ],
      request: {
        id: columns.requestId,
        ip: columns.ip,
        method: 'GET',
        path: '/a/1',
        route: '/a/:id',
        traceId: 't1',
        userAgent: 'curl',
      },
      data: { status: columns.status, durationMs: index },
      changes: { status: { old: 1, new: 2 } },
      metadata: {
        plan: 'pro',
        batchId: 'b1',
        secretive: 'hush',
        'a.b': 'dotted',
        a: { b: 'nested' },
      },
      ...more,
    }),
  })
}

const text = fc.constantFrom('mine', 'theirs', 'u1', 'pro', '1', '', '%', "' or 1=1 --", '*')
const oneOrMore = <Value>(value: fc.Arbitrary<Value>) =>
  fc.oneof(value, fc.array(value, { maxLength: 3 }))
const words = <Word extends string>(...all: readonly Word[]) => oneOrMore(fc.constantFrom(...all))
const party = oneOrMore(
  fc.oneof(text, fc.record({ id: text }), fc.record({ type: fc.constant('user') })),
)

/** Every member of a filter, with values that are found and such that are not. */
const members: { readonly [Name in keyof Required<EventFilter>]: fc.Arbitrary<unknown> } = {
  from: fc.integer({ min: at - 2, max: at + 40 }),
  to: fc.integer({ min: at - 2, max: at + 40 }),
  tenant: oneOrMore(fc.constantFrom('mine', 'theirs', null)),
  kind: words('request', 'auth', 'change'),
  action: words('invoice.*', '*', 'login', 'l*'),
  outcome: words('success', 'failure', 'denied'),
  actor: party,
  onBehalfOf: party,
  target: oneOrMore(
    fc.record(
      { type: fc.constantFrom('invoice', 'order'), id: oneOrMore(fc.constantFrom('1', '9')) },
      { requiredKeys: ['type'] },
    ),
  ),
  requestId: oneOrMore(fc.constantFrom('r1', 'r2', null)),
  traceId: words('t1', 't2'),
  batchId: words('b1', 'b2'),
  method: oneOrMore(fc.constantFrom('GET', null)),
  route: oneOrMore(fc.constantFrom('/a/:id', null)),
  path: words('/a/*', '/a/1', '*'),
  status: oneOrMore(fc.constantFrom(200, 404, '5xx', '2xx', null)),
  ip: oneOrMore(fc.constantFrom('10.0.0.1', '10.0.0.0/8', '::/0', null)),
  userAgent: fc.constantFrom('CURL', 'wget'),
  minDurationMs: fc.constantFrom(0, 10),
  changed: words('status', 'amount'),
  metadata: fc.constantFrom({ plan: 'pro' }, { plan: 'free' }, {}),
  text: fc.constantFrom('ada', 'theirs', '"pro" ada', 'tenant'),
  and: fc.constant([]),
  or: fc.constant([{}]),
  not: fc.constant({ text: 'nowhere' }),
}

const { filter } = fc.letrec<{ filter: EventFilter }>((tie) => {
  const inner = { maxDepth: 2, depthSize: 'small' } as const
  return {
    filter: fc.record(
      {
        ...members,
        and: fc.oneof(inner, members.and, fc.array(tie('filter'), { maxLength: 2 })),
        or: fc.oneof(inner, members.or, fc.array(tie('filter'), { minLength: 1, maxLength: 2 })),
        not: fc.oneof(inner, members.not, tie('filter')),
      },
      { requiredKeys: [] },
    ) as fc.Arbitrary<EventFilter>,
  }
})

/** A filter of few members, and so of few conditions, which finds something more often. */
const asked = fc
  .tuple(filter, fc.subarray(Object.keys(members), { maxLength: 3 }))
  .map(([whole, names]): EventFilter =>
    Object.fromEntries(Object.entries(whole).filter(([name]) => names.includes(name))),
  )

const rows = [
  ...Array.from({ length: 12 }, (_, index) => eventRow(index, 'mine')),
  ...Array.from({ length: 12 }, (_, index) => eventRow(index, 'theirs')),
  ...Array.from({ length: 12 }, (_, index) => eventRow(index, null)),
]

const fences: readonly (readonly [string, Fence, (row: EventRow) => boolean])[] = [
  ['a tenant', { tenant: 'mine' }, ({ tenant }) => tenant === 'mine'],
  ['no tenant', { tenant: null }, ({ tenant }) => tenant === null],
  ['some tenants', { tenants: ['mine', null] }, ({ tenant }) => tenant !== 'theirs'],
  ['no tenants at all', { tenants: [] }, () => false],
  [
    'an actor of a tenant',
    { tenant: 'mine', actors: ['u1', 'u9'] },
    ({ tenant, actorId }) => tenant === 'mine' && actorId === 'u1',
  ],
  [
    'some fields of a tenant',
    { tenant: 'mine', fields: ['request.method', 'data', 'metadata.plan'] },
    ({ tenant }) => tenant === 'mine',
  ],
]

describe.each(fences)('a reader of %s', (_, fence, isInside) => {
  const inside = rows.filter(isInside)
  const ids = new Set(inside.map(({ id }) => id))

  it('sees what is inside of its fence', async () => {
    const mine = reader(await auditOf(rows), fence)
    const { events } = await page(mine, { limit: 1_000 })
    expect(new Set(events.map(({ id }) => id))).toEqual(ids)
    expect((await count(mine)).count).toBe(ids.size)
  })

  it('never sees another event, whatever is asked, and sees all that is asked for inside', async () => {
    const audit = await auditOf(rows)
    const mine = reader(audit, fence)
    await fc.assert(
      fc.asyncProperty(asked, async (filter) => {
        const told = await page(mine, { ...filter, limit: 1_000 }).catch((error: unknown) => error)
        if (told instanceof Error) {
          expect(told).toMatchObject({ code: 'AUDIT_QUERY_INVALID' })
          return
        }
        const all = await page(audit, { ...filter, limit: 1_000 })
        const found = (told as typeof all).events.map(({ id }) => id)
        expect(found).toEqual(all.events.map(({ id }) => id).filter((id) => ids.has(id)))
        expect(await count(mine, filter)).toMatchObject({ count: found.length })
        const streamed: string[] = []
        for await (const { id } of query(mine, filter)) streamed.push(id)
        expect(streamed).toEqual(found)
      }),
      { numRuns: 400 },
    )
  })

  it('gets no event by its id that is outside', async () => {
    const mine = reader(await auditOf(rows), fence)
    for (const { id } of rows) expect((await get(mine, id))?.id).toBe(ids.has(id) ? id : undefined)
  })

  it('counts in a summary what is inside, or refuses where that would be another count', async () => {
    const mine = reader(await auditOf(rows), fence)
    const counted = await summary(mine, { from: at, to: at + 100 }).catch((error: unknown) => error)
    if (counted instanceof Error) expect(counted).toMatchObject({ code: 'AUDIT_QUERY_INVALID' })
    else expect(counted).toMatchObject({ actions: { total: ids.size } })
    const other = summary(mine, { from: at, to: at + 100, tenant: 'theirs' })
    await expect(other).rejects.toMatchObject({
      code: 'AUDIT_QUERY_INVALID',
      detail: expect.stringMatching(/^tenant /),
    })
  })

  it('takes no cursor of another reader, and none of another query', async () => {
    const audit = await auditOf(rows)
    const everybody = reader(audit, { tenants: 'all' })
    const { next } = await page(everybody, { limit: 1 })
    const foreign = page(reader(audit, fence), { limit: 1, next })
    await expect(foreign).rejects.toMatchObject({ detail: expect.stringMatching(/^next /) })
    await expect(page(everybody, { limit: 1, next, kind: 'auth' })).rejects.toMatchObject({
      code: 'AUDIT_QUERY_INVALID',
    })
    await expect(page(everybody, { limit: 1, next, order: 'oldest' })).rejects.toMatchObject({
      code: 'AUDIT_QUERY_INVALID',
    })
    expect((await page(everybody, { limit: 5, next })).events).toHaveLength(5)
  })
})

describe('a reader of some fields', () => {
  const fields = ['request.method', 'data.status', 'actor.name', 'metadata.a']

  it('is shown these, and of the others nothing', async () => {
    const mine = reader(await auditOf([eventRow(1, 'mine')]), { tenant: 'mine', fields })
    const [event] = (await page(mine)).events
    expect(event).toEqual({
      v: 1,
      id: expect.any(String),
      tenant: 'mine',
      occurredAt: at + 1,
      recordedAt: expect.any(Number),
      kind: 'auth',
      action: 'login',
      outcome: 'failure',
      actor: { id: 'u1', type: 'user', name: 'Ada' },
      targets: [
        { id: '1', type: 'invoice' },
        { id: '9', type: 'order' },
      ],
      request: { method: 'GET' },
      data: { status: 404 },
      metadata: { a: { b: 'nested' } },
    })
  })

  it('is shown nothing of a record that is no event but what its columns say', async () => {
    const row = rowOf({
      tenant: 'mine',
      record: 'hush',
      requestId: 'r1',
      ip: '10.0.0.1',
      route: '/hush',
    })
    const mine = reader(await auditOf([row]), { tenant: 'mine', fields })
    expect(JSON.stringify((await page(mine)).events)).not.toMatch(/hush|r1|10\.0/)
    const [stored] = (await mine.store().page({ limit: 1 })).rows
    expect(stored).toMatchObject({ record: 'null', requestId: null, ip: null, route: null })
  })

  it.each<EventFilter>([
    { text: 'hush' },
    { ip: '10.0.0.1' },
    { ip: '10.0.0.0/8' },
    { route: '/a/:id' },
    { requestId: 'r1' },
    { traceId: 't1' },
    { path: '/a/*' },
    { userAgent: 'curl' },
    { minDurationMs: 1 },
    { changed: 'status' },
    { metadata: { secretive: 'hush' } },
    { onBehalfOf: 'u1' },
    { not: { or: [{ batchId: 'b1' }] } },
  ])('may not ask for what it is not shown: %j', async (filter) => {
    const mine = reader(await auditOf(rows), { tenant: 'mine', fields })
    await expect(page(mine, filter)).rejects.toMatchObject({ code: 'AUDIT_QUERY_INVALID' })
    await expect(count(mine, filter)).rejects.toMatchObject({ code: 'AUDIT_QUERY_INVALID' })
    await expect(page(mine, { or: [{}, filter] })).rejects.toMatchObject({
      code: 'AUDIT_QUERY_INVALID',
    })
  })

  it.each<EventFilter>([
    { status: 404 },
    { method: 'GET' },
    { metadata: { 'a.b': 'nested' } },
    { actor: 'u1' },
    { target: { type: 'order' } },
  ])('may ask for what it is shown: %j', async (filter) => {
    const mine = reader(await auditOf(rows), { tenant: 'mine', fields })
    expect((await page(mine, filter)).events.length).toBeGreaterThan(0)
  })

  it('is told no durations and no routes by a summary', async () => {
    const mine = reader(await auditOf(rows), { tenant: 'mine', fields })
    const { requests, byRoute } = await summary(mine, { from: at, to: at + 100 })
    expect(requests).toMatchObject({ total: 4, p50: null, p95: null })
    expect(byRoute).toEqual([])
  })
})

describe('a fence', () => {
  it.each([
    undefined,
    null,
    'mine',
    {},
    { tenant: undefined },
    { tenants: undefined },
    { tenant: 7 },
    { tenant: 'a\0' },
    { tenant: ['mine'] },
    { tenants: 'mine' },
    { tenants: [undefined] },
    { tenant: 'mine', tenants: 'all' },
    { tenant: 'mine', actors: 'u1' },
    { tenant: 'mine', fields: [7] },
    { tenant: 'mine', actor: ['u1'] },
  ])('that does not say whose events may be seen is refused: %j', async (fence) => {
    const audit = await auditOf([])
    expect(() => reader(audit, fence as Fence)).toThrow(
      expect.objectContaining({ code: 'AUDIT_OPTION_INVALID' }),
    )
  })

  it('inside of another is inside of both', async () => {
    const mine = reader(await auditOf(rows), { tenants: ['mine', null] })
    const { events } = await page(reader(mine, { tenants: ['mine', 'theirs'] }), { limit: 1_000 })
    expect(new Set(events.map(({ tenant }) => tenant))).toEqual(new Set(['mine']))
  })
})

describe('a cursor', () => {
  const many = rowsOf(5, (index) => ({ occurredAt: at + index, record: '{}' }))
  const secret = 'of sixteen characters or more'

  it('that was changed in any character is refused', async () => {
    const audit = await auditOf(many)
    const all = reader(audit, { tenants: 'all' }, { secret })
    const next = (await page(all, { limit: 2 })).next ?? ''
    expect((await page(all, { limit: 2, next })).events).toHaveLength(2)
    for (let place = 0; place < next.length; place += 1) {
      const changed =
        next.slice(0, place) + (next[place] === 'a' ? 'b' : 'a') + next.slice(place + 1)
      await expect(page(all, { limit: 2, next: changed })).rejects.toMatchObject({
        code: 'AUDIT_QUERY_INVALID',
      })
    }
  })

  it('of another secret is refused', async () => {
    const audit = await auditOf(many)
    const { next } = await page(reader(audit, { tenants: 'all' }, { secret }), { limit: 2 })
    const others = [undefined, `${secret}!`].map((other) =>
      reader(audit, { tenants: 'all' }, { secret: other }),
    )
    for (const other of others)
      await expect(page(other, { limit: 2, next })).rejects.toMatchObject({
        code: 'AUDIT_QUERY_INVALID',
      })
  })

  it('goes on with another limit and another scan', async () => {
    const audit = await auditOf(many)
    const { next } = await page(audit, { limit: 2 })
    expect((await page(audit, { limit: 1_000, scan: 7, next })).events).toHaveLength(3)
  })

  it('tells nothing of the place in clear text', async () => {
    const { next } = await page(await auditOf(many), { limit: 2 })
    expect(next).not.toContain(String(at))
  })

  it('goes on after an id of any characters', async () => {
    const odd = many.map((row, index) => ({ ...row, id: `é/${index} "?&\n`, occurredAt: at }))
    const audit = await auditOf(odd)
    const { next } = await page(audit, { limit: 2, order: 'oldest' })
    expect(next).toMatch(/^[\w.-]+$/)
    expect((await page(audit, { order: 'oldest', next })).events).toHaveLength(3)
  })

  it.each(['short', 7, ''])('is not signed with a secret that is none: %j', async (wrong) => {
    const audit = await auditOf([])
    const make = () => reader(audit, { tenant: 'a' }, { secret: wrong as string })
    expect(make).toThrow(expect.objectContaining({ code: 'AUDIT_OPTION_INVALID' }))
  })
})
