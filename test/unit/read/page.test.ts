import { describe, expect, it } from 'vitest'
import { memory } from '../../../adapters/store/memory.ts'
import type { EventQuery } from '../../../src/read/filter.ts'
import { get, page } from '../../../src/read/page.ts'
import { rowOf, rowsOf } from '../../conformance/rows.ts'

const at = 1_767_225_600_000

/** An audit with these rows, whose store knows when it took them. */
const auditOf = async (rows: Parameters<ReturnType<typeof memory>['append']>[0]) => {
  const store = memory({ now: () => at + 5 })
  await store.append(rows)
  return { store: () => store }
}

const event = {
  v: 1,
  action: 'invoice.refund',
  actor: { type: 'user', id: 'u1', name: 'Ada' },
  targets: [{ type: 'invoice', id: '7' }],
}

describe('page', () => {
  it('gives events as they were recorded, with the time at which the store took them', async () => {
    const row = rowOf({ record: JSON.stringify(event) })
    const { events, next } = await page(await auditOf([row]))
    expect(events).toEqual([{ ...event, recordedAt: at + 5 }])
    expect(next).toBeNull()
  })

  it('keeps what a later version has added to the record', async () => {
    const later = {
      ...event,
      v: 1,
      mood: 'good',
      actor: { ...event.actor, badge: [1, { a: null }] },
    }
    const { events } = await page(await auditOf([rowOf({ record: JSON.stringify(later) })]))
    expect(events).toEqual([{ ...later, recordedAt: at + 5 }])
  })

  it('keeps a name that V8 takes for another', async () => {
    JSON.parse('{"rent":[],"a\\\\":0}')
    // As text: of an object that was made here V8 would know the name.
    const data = String.raw`{"rent":1,"a\n":2}`
    const record = `${JSON.stringify(event).slice(0, -1)},"data":${data}}`
    const { events } = await page(await auditOf([rowOf({ record })]))
    expect(Object.keys(events[0]?.data ?? {})).toEqual(['rent', 'a\n'])
  })

  it.each(['no json', 'null', '[]', '7', '', '{}', '{"actor":null,"targets":[]}', '{"actor":{}}'])(
    'shows what the columns say of a record that is no event: %j',
    async (record) => {
      const broken = rowOf({
        record,
        tenant: 'acme',
        targetType: 'invoice',
        targetId: '7',
        requestId: 'r1',
      })
      const whole = rowOf({ record: JSON.stringify(event), occurredAt: at - 1 })
      const { events } = await page(await auditOf([broken, whole]))
      expect(events).toHaveLength(2)
      expect(events[0]).toEqual({
        v: 1,
        id: broken.id,
        tenant: 'acme',
        occurredAt: at,
        kind: 'custom',
        action: 'invoice.refund',
        outcome: 'success',
        actor: { type: 'user', id: 'u1' },
        targets: [{ type: 'invoice', id: '7' }],
        request: { id: 'r1' },
        recordedAt: at + 5,
        unreadable: true,
      })
    },
  )

  it('goes through all events by `next`, newest first, fifty at a time', async () => {
    const rows = rowsOf(120, (index) => {
      const row = rowOf({ occurredAt: at + Math.floor(index / 7) })
      return { ...row, record: JSON.stringify({ ...event, id: row.id }) }
    })
    const audit = await auditOf(rows)
    const sizes: number[] = []
    const ids: string[] = []
    let next: string | null | undefined
    while (next !== null) {
      const found = await page(audit, { next })
      sizes.push(found.events.length)
      ids.push(...found.events.map(({ id }) => id))
      next = found.next
    }
    expect(sizes).toEqual([50, 50, 20])
    expect(ids).toEqual(rows.map(({ id }) => id).toReversed())
  })

  it('gives a `next` that needs no escaping in a URL', async () => {
    const rows = rowsOf(2, () => ({ record: '{}' }))
    const { next } = await page(await auditOf(rows), { limit: 1 })
    expect(next).not.toBeNull()
    expect(encodeURIComponent(next ?? '')).toBe(next)
  })

  it('filters by column, by absence and by time, and takes dates', async () => {
    const names = ['early', 'mine', 'late']
    const rows = names.map((name, index) =>
      rowOf({
        occurredAt: at + index,
        tenant: name === 'late' ? null : 'acme',
        status: 200 + index,
        record: JSON.stringify({ ...event, name }),
      }),
    )
    const audit = await auditOf(rows)
    const namesOf = async (query: EventQuery): Promise<unknown[]> =>
      (await page(audit, query)).events.map((found) => Reflect.get(found, 'name'))
    expect(await namesOf({ tenant: 'acme' })).toEqual(['mine', 'early'])
    expect(await namesOf({ tenant: null })).toEqual(['late'])
    expect(await namesOf({ tenant: undefined, order: 'oldest' })).toEqual(names)
    expect(await namesOf({ status: 201 })).toEqual(['mine'])
    expect(await namesOf({ from: at + 1, to: new Date(at + 2) })).toEqual(['mine'])
    expect(await namesOf({ next: null, limit: 1_000 })).toHaveLength(3)
  })

  it('asks for the store of the bindings that it was given', async () => {
    const store = memory()
    const asked: unknown[] = []
    const audit = {
      store: (env?: unknown) => {
        asked.push(env)
        return store
      },
    }
    const env = { AUDIT_DB: 'a binding' }
    await page(audit, {}, env)
    await get(audit, 'unknown', env)
    expect(asked).toEqual([env, env])
  })

  const wrong: readonly (readonly [parameter: string, query: object | null])[] = [
    ...[0, 1_001, 1.5, Number.NaN, '50', null].map((limit) => ['limit', { limit }] as const),
    ...['', 'x', '1.', '.a', '01.a', '9999999999999999.a', '1.a b', '1.%00', 7].map(
      (next) => ['next', { next }] as const,
    ),
    ...[Number.NaN, 1.5, 8.64e15 + 2, '2026-01-01', null, new Date('no')].map(
      (from) => ['from', { from }] as const,
    ),
    ['to', { to: Infinity }],
    ['order', { order: 'up' }],
    ['kind', { kind: 'requests' }],
    ['kind', { kind: null }],
    ['outcome', { outcome: 'toString' }],
    ['actor', { actor: { type: 'admin' } }],
    ['actor', { actor: 7 }],
    ['actor', { actor: 'a\0' }],
    ['actor', { actor: {} }],
    ['target', { target: 'invoice' }],
    ['target.id', { target: { type: 'invoice', id: [7] } }],
    ['ip', { ip: '10.0.0.0/99' }],
    ['metadata', { metadata: { 'a"b': 1 } }],
    ['metadata.a', { metadata: { a: {} } }],
    ['or[1].status', { or: [{}, { status: '7xx' }] }],
    ['not.kind', { not: { kind: 'x' } }],
    ['text', { text: ' ' }],
    ['requestId', { requestId: 'a'.repeat(1_001) }],
    ['actor', { actor: Array.from({ length: 1_001 }, () => 'a') }],
    ['scan', { scan: 0 }],
    ['tenant', { tenant: '\ud800' }],
    ['tenant', { tenant: {} }],
    ['status', { status: '200' }],
    ['every parameter', { actors: 'ada' }],
    ['every parameter', { or: [{ limit: 1 }] }],
    ['the query', { or: Array.from({ length: 21 }, () => ({ text: 'a' })) }],
    ['the query', null],
  ]
  it.each(wrong)('refuses a wrong %s: %j', async (parameter, query) => {
    const audit = await auditOf([])
    // As JavaScript may call it.
    const refused = page(audit, query as EventQuery)
    await expect(refused).rejects.toMatchObject({ code: 'AUDIT_QUERY_INVALID' })
    await expect(refused).rejects.toHaveProperty(
      'detail',
      expect.stringContaining(`${parameter} must be `),
    )
  })

  it('tells no value of the query in its error', async () => {
    const audit = await auditOf([])
    const query = { outcome: 'a-secret', next: 'a-secret' } as unknown as EventQuery
    await expect(page(audit, query)).rejects.toThrow(/^(?!.*a-secret)/)
  })
})

describe('get', () => {
  it('gives the event of an id, and nothing when there is none', async () => {
    const row = rowOf({ record: JSON.stringify(event) })
    const audit = await auditOf([row])
    expect(await get(audit, row.id)).toEqual({ ...event, recordedAt: at + 5 })
    expect(await get(audit, 'unknown')).toBeUndefined()
  })

  it.each([undefined, null, 7, 'a\0', '\udfff'])('refuses a wrong id: %j', async (id) => {
    await expect(get(await auditOf([]), id as string)).rejects.toMatchObject({
      code: 'AUDIT_QUERY_INVALID',
      detail: 'id must be a text',
    })
  })
})
