import * as fc from 'fast-check'
import type { EventRow } from '../../src/event/row.ts'
import type { Condition, MemberPath } from '../../src/event/condition.ts'
import type { PageQuery } from '../../src/ports/store.ts'

// Events and questions that meet often: few values, and those that databases stumble over.

type Columns = Partial<Omit<EventRow, symbol>>

const words = [
  'ada',
  'Ada',
  'ad%',
  'ad_',
  '%',
  'İ',
  'é',
  'É',
  '𝒳',
  '"',
  '\\',
  "'",
  'K',
  '\ud7ff',
  '',
] as const
const word = fc.constantFrom<string[]>(...words)
const ids = ['1', '2', 'é'] as const
const types = ['invoice', 'order'] as const
const kinds = ['request', 'auth', 'change'] as const
const outcomes = ['success', 'failure', 'denied'] as const
const actions = [
  'invoice.create',
  'invoice.refund',
  'invoicing',
  'invoice',
  'order.create',
  'é.\ud7ff',
  'é.\ue000',
] as const
const addresses = [
  '10.1.16.1',
  '10.1.31.255',
  '10.1.32.0',
  '10.10.0.1',
  '2001:db8::1',
  '2001:db8:0:1::2',
  '2001:db8:1::',
  '::1',
  'no-address',
] as const
const networks = [
  '10.1.16.0/20',
  '10.1.0.0/16',
  '10.0.0.0/7',
  '10.1.16.1',
  '2001:db8::/32',
  '2001:db8::/47',
  '2001:db8:0:1::/64',
  '::/0',
  '2001:db8::1/128',
] as const
const statuses = [200, 404, 500] as const

const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> =>
  fc.option(value, { freq: 4 })

const party = fc.record({ id: fc.constantFrom(...ids), type: fc.constantFrom(...types) })

const scalar = fc.oneof(word, fc.constantFrom(0, 1, 12.5, -1), fc.boolean(), fc.constant(null))

const metadata = fc.record(
  {
    plan: scalar,
    deep: fc.record({ er: scalar }),
    '0': scalar,
    list: fc.array(scalar, { maxLength: 2 }),
  },
  { requiredKeys: [] },
)

const record = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .record({
        actor: fc.record(
          { id: word, onBehalfOf: fc.array(party, { maxLength: 2 }), type: word },
          { requiredKeys: ['id'] },
        ),
        changes: fc.dictionary(word, fc.record({ new: scalar }), { maxKeys: 2 }),
        data: fc.record(
          { durationMs: fc.oneof(fc.constantFrom(0, 99.5, 100, 101), word) },
          { requiredKeys: [] },
        ),
        metadata,
        request: fc.record({ path: word, userAgent: word }, { requiredKeys: [] }),
        targets: fc.array(party, { maxLength: 4 }),
      })
      .map((event) => JSON.stringify(event)),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'no json ada},{"id":',
      '',
      'null',
      '[{"id":"1"},{"id":"2","type":"order"}]',
      '{"targets":{"0":1,"a":{"id":"1","type":"order"}},"x":[{},{"id":"1"}]}',
      '{"targets":[null,7,["order"],{"id":"1"},{"id":"2","type":7},{"id":"1","type":"order"}]}',
      '{"actor":{"onBehalfOf":"ada"},"changes":["ada"],"metadata":"plan","data":7}',
      '{"actor":{"onBehalfOf":[null,"1",{"id":1,"type":"order"},{"id":{}},[]]},"changes":7}',
      `${'['.repeat(400)}${']'.repeat(400)}`,
    ),
  },
)

/** The columns of an event; times are from 0 to 20. */
export const event: fc.Arbitrary<Columns & { readonly record: string }> = fc
  .record({
    occurredAt: fc.nat(20),
    tenant: maybe(fc.constantFrom('a', 'b')),
    kind: fc.constantFrom<EventRow['kind'][]>(...kinds),
    action: fc.constantFrom(...actions),
    outcome: fc.constantFrom<EventRow['outcome'][]>(...outcomes),
    actorId: fc.constantFrom(...ids),
    actorType: fc.constantFrom<EventRow['actorType'][]>('user', 'system'),
    target: maybe(party),
    requestId: maybe(fc.constantFrom(...ids)),
    status: maybe(fc.constantFrom(...statuses)),
    ip: maybe(fc.constantFrom(...addresses)),
    record,
  })
  .map(({ target, ...columns }) => ({
    ...columns,
    targetType: target?.type ?? null,
    targetId: target?.id ?? null,
  }))

/** A few values, and sometimes more than an index is asked for. */
const some = <Value>(...values: readonly Value[]): fc.Arbitrary<readonly Value[]> =>
  fc.oneof(
    { weight: 9, arbitrary: fc.subarray([...values]) },
    { weight: 1, arbitrary: fc.constant(values) },
  )

const columns: readonly fc.Arbitrary<Condition>[] = (
  [
    ['tenant', 'a', 'b', null],
    ['kind', ...kinds],
    ['action', ...actions],
    ['outcome', ...outcomes],
    ['actorId', ...ids, ...Array.from({ length: 70 }, (_, number) => `u${number}`)],
    ['targetType', ...types, null],
    ['targetId', ...ids, null],
    ['requestId', ...ids, null],
    ['status', ...statuses, null],
    ['ip', ...addresses, null],
  ] as const
).map(([column, ...values]) =>
  some<string | number | null>(...values).map((chosen) => ({ column, in: chosen })),
)

const member = fc.constantFrom<MemberPath[]>(
  ['metadata', 'plan'],
  ['metadata', 'deep', 'er'],
  ['metadata', '0'],
  ['metadata', 'list', '0'],
  ['metadata', 'list'],
  ['request', 'path'],
  ['data', 'durationMs'],
  ['actor', 'id'],
  ['changes'],
)

const leaf: fc.Arbitrary<Condition> = fc.oneof(
  ...columns,
  fc.constantFrom<Condition[]>(
    { column: 'action', prefix: 'invoice.' },
    { column: 'action', prefix: 'é.\ud7ff' },
    { column: 'action', prefix: '' },
    { column: 'targetId', prefix: '1' },
    { column: 'status', from: 400, to: 500 },
    { column: 'status' },
  ),
  fc.constantFrom(...networks).map((network) => ({ network })),
  fc.record({ member, in: fc.array(scalar, { maxLength: 3 }) }),
  fc.record({ member, prefix: word }),
  fc.record({ member, contains: word }),
  fc.record({ member, least: fc.constantFrom(0, 100, 12.5) }),
  fc.record({
    member: fc.constantFrom<MemberPath[]>(['changes'], ['metadata'], ['metadata', 'list']),
    has: word,
  }),
  fc.record(
    {
      some: fc.constantFrom<('targets' | 'onBehalfOf')[]>('targets', 'onBehalfOf'),
      type: fc.constantFrom(...types),
      ids: fc.subarray([...ids]),
    },
    { requiredKeys: ['some'] },
  ),
  word.map((text) => ({ text })),
)

const small: fc.Arbitrary<Condition> = fc.oneof(...columns.slice(1, 4))

const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 5, arbitrary: leaf },
    { weight: 1, arbitrary: fc.array(tie('condition'), { maxLength: 3 }).map((and) => ({ and })) },
    { weight: 1, arbitrary: fc.array(tie('condition'), { maxLength: 3 }).map((or) => ({ or })) },
    { weight: 1, arbitrary: tie('condition').map((not) => ({ not })) },
  ),
}))

/** What a reader may ask for; times are from 0 to 20. */
export const question: fc.Arbitrary<Omit<PageQuery, 'after'>> = fc.record(
  {
    where: fc.oneof(
      { weight: 4, arbitrary: condition },
      // Later events are looked for where nothing else is in doubt.
      {
        weight: 1,
        arbitrary: fc.tuple(small, small).map(([one, lastOf]) => ({ and: [one, { lastOf }] })),
      },
    ),
    from: fc.nat(20),
    to: fc.nat(20),
    tenant: maybe(fc.constantFrom('a', 'b')),
    action: fc.constantFrom<string[]>(...actions),
    order: fc.constantFrom<('newest' | 'oldest')[]>('newest', 'oldest'),
    scan: fc.constantFrom(3, 8, 50),
    limit: fc.constantFrom(3, 10, 1000),
  },
  { requiredKeys: ['limit'] },
)
