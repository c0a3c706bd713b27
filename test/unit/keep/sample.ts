import * as fc from 'fast-check'
import type { StoredRow } from '../../../src/event/row.ts'
import type { Duration } from '../../../src/keep/policy/duration.ts'
import type { Policy } from '../../../src/keep/policy/policy.ts'
import { rowOf } from '../../conformance/rows.ts'

// Few values, so that policies, holds and events meet often.

export const stored = (columns: Parameters<typeof rowOf>[0] = {}): StoredRow => ({
  ...rowOf(columns),
  recordedAt: 0,
})

const tenants = ['a', 'b', null] as const
const kinds = ['request', 'auth', 'change'] as const
const outcomes = ['success', 'failure'] as const
const actions = ['invoice.refund', 'invoice.', 'invoice', 'invoicing', 'order.create'] as const
const types = ['invoice', 'order'] as const
const ids = ['1', '2', 'é'] as const

const oneOrMore = <Value>(...values: readonly Value[]): fc.Arbitrary<Value | Value[]> =>
  fc.oneof(fc.constantFrom(...values), fc.subarray([...values], { minLength: 1 }))

/** The shortest first. */
const durations: readonly Duration[] = [
  '1h',
  '1d',
  86_400_001,
  '30d',
  '1mo',
  '31d',
  '2mo',
  '1y',
  '4y',
]

const duration = fc.constantFrom(...durations)

const occurredAt = fc.oneof(
  fc
    .constantFrom(
      '2024-02-29T12:00:00Z',
      '2024-02-29T23:59:59.999Z',
      '2024-03-01T00:00:00Z',
      '2025-02-28T12:00:00Z',
      '2025-01-31T00:00:00Z',
    )
    .map((text) => Date.parse(text)),
  fc.integer({ min: Date.UTC(2023, 11, 1), max: Date.UTC(2024, 3, 1) }),
)

/** Any policy that is right, its members in any order. */
const policy: fc.Arbitrary<Policy> = fc
  .record(
    {
      tenant: oneOrMore(...tenants),
      kind: oneOrMore(...kinds),
      action: oneOrMore('invoice.*', 'inv*', 'invoice.refund', 'order.create', 'order.*'),
      outcome: oneOrMore(...outcomes),
      archiveAfter: duration,
      deleteAfter: fc.oneof({ weight: 4, arbitrary: duration }, fc.constant('never' as const)),
    },
    { requiredKeys: [] },
  )
  .filter(
    ({ archiveAfter, deleteAfter }) => archiveAfter !== undefined || deleteAfter !== undefined,
  )
  // A policy that deletes before it archives is refused, which is for other tests.
  .map(({ archiveAfter, deleteAfter, ...matchers }) => {
    const [first, last] = [archiveAfter, deleteAfter]
    if (first === undefined)
      return { ...matchers, ...(last !== undefined && { deleteAfter: last }) }
    if (last === undefined) return { ...matchers, archiveAfter: first }
    if (last === 'never' || durations.indexOf(first) <= durations.indexOf(last))
      return { ...matchers, archiveAfter: first, deleteAfter: last }
    return { ...matchers, archiveAfter: last, deleteAfter: first }
  })

export const policies = fc.oneof(
  { weight: 6, arbitrary: fc.array(policy, { maxLength: 6 }) },
  { weight: 1, arbitrary: fc.array(policy, { minLength: 12, maxLength: 24 }) },
)

const party = fc.record({ type: fc.constantFrom(...types), id: fc.constantFrom(...ids) })

export const row: fc.Arbitrary<StoredRow> = fc
  .record({
    occurredAt,
    tenant: fc.constantFrom(...tenants),
    kind: fc.constantFrom(...kinds),
    action: fc.constantFrom(...actions),
    outcome: fc.constantFrom(...outcomes),
    actorId: fc.constantFrom(...ids),
    targets: fc.array(party, { maxLength: 3 }),
  })
  .map(({ targets, ...columns }) =>
    stored({
      ...columns,
      targetType: targets[0]?.type ?? null,
      targetId: targets[0]?.id ?? null,
      record: JSON.stringify({ targets }),
    }),
  )
