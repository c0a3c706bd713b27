import * as fc from 'fast-check'
import { memory } from '../../adapters/store/memory.ts'
import { isObject } from '../../src/event/data.ts'
import { byTime } from '../../src/event/order.ts'
import { columnsOf, type EventRow, type StoredRow } from '../../src/event/row.ts'
import type { AuditEvent } from '../../src/event/schema.ts'
import { eventOf } from '../../src/read/event.ts'
import { idAt, rowOf } from '../conformance/rows.ts'

export const t0 = 1_767_225_600_000

/** What was recorded of an event; one in a few cannot be read any more. */
export interface Entry {
  readonly event: Omit<AuditEvent, 'id'>
  readonly broken: boolean
}

/** A thing of the type; now and then another has its id. */
const about = (type: string, ...ids: readonly string[]) =>
  fc
    .tuple(fc.constantFrom(...ids), fc.constantFrom(type, type, type, type, 'other'))
    .map(([id, which]) => [{ id, type: which }])

const phase = fc.oneof(
  fc.record({
    phase: fc.constant('started'),
    steps: fc.array(fc.constantFrom({ name: 's' }, { name: 't', expects: 2 }), { maxLength: 2 }),
  }),
  fc.record({
    phase: fc.constant('registered'),
    step: fc.constantFrom('s', 't'),
    name: fc.constantFrom('x', 'y'),
  }),
  fc.constant({ phase: 'ended' }),
)

const ofProcess = fc.record({
  kind: fc.constantFrom<AuditEvent['kind'][]>('process', 'process', 'process', 'custom'),
  action: fc.constant('import'),
  targets: about('process', 'p1', 'p2', 'p3'),
  data: phase,
})

const ofIssue = fc.record({
  kind: fc.constantFrom<AuditEvent['kind'][]>('system', 'system', 'system', 'system', 'custom'),
  action: fc.constantFrom(
    'system.error',
    'system.warning',
    'system.info',
    'system.resolve',
    'system.resolve',
    'system.reopen',
    'system.note',
  ),
  targets: about('issue', 'i1', 'i2', 'i3'),
  data: fc.record({ severity: fc.constantFrom('low', 'high'), count: fc.nat(3) }),
})

const ofExport = fc.record({
  kind: fc.constant<AuditEvent['kind']>('export'),
  action: fc.constantFrom('export', 'export.download', 'export.download'),
  targets: about('export', 'e1', 'e2'),
  data: fc.record({ bytes: fc.nat(9) }),
})

const ofLogin = fc
  .record({
    action: fc.constantFrom('login', 'login', 'logout', 'signup'),
    name: fc.constantFrom('ada', 'bob', 'u1', undefined),
    method: fc.constantFrom('password', 'oauth', undefined),
    ip: fc.constantFrom('192.0.2.1', '192.0.2.2', '2001:db8::1', undefined),
  })
  .map(({ action, name, method, ip }) => ({
    kind: 'auth' as const,
    action,
    targets: name === undefined ? [] : [{ id: name, type: 'account' }],
    data: { name, method },
    ...(ip !== undefined && { request: { id: 'r', ip } }),
  }))

const ofInvoice = fc.record({
  kind: fc.constantFrom<AuditEvent['kind'][]>('change', 'custom', 'access'),
  action: fc.constantFrom('create', 'invoice.create', 'invoice.update', 'invoice.delete', 'view'),
  targets: fc.array(fc.constantFrom({ id: 'v1', type: 'invoice' }, { id: 'v2', type: 'invoice' }), {
    minLength: 1,
    maxLength: 2,
  }),
  changes: fc.dictionary(
    fc.constantFrom('status', 'total'),
    fc.record({ new: fc.constantFrom<unknown[]>('paid', 7, null) }),
  ),
})

const common = fc.record({
  v: fc.constant(1 as const),
  tenant: fc.constantFrom('a', 'a', 'b', null),
  at: fc.nat(9),
  outcome: fc.constantFrom<AuditEvent['outcome'][]>('success', 'success', 'failure', 'unknown'),
  actor: fc.record({
    id: fc.constantFrom('u1', 'u2'),
    type: fc.constantFrom<AuditEvent['actor']['type'][]>('user', 'service'),
  }),
})

const entry: fc.Arbitrary<Entry> = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: ofProcess },
      { weight: 4, arbitrary: ofIssue },
      { weight: 2, arbitrary: ofExport },
      { weight: 2, arbitrary: ofLogin },
      { weight: 2, arbitrary: ofInvoice },
    ),
    common,
    fc.option(fc.constant(true), { freq: 9, nil: false }),
  )
  .map(([what, { at, ...more }, broken]) => ({
    event: { ...more, ...what, occurredAt: t0 + at } as Entry['event'],
    broken,
  }))

/** Things of few names, in two tenants and in none, whose events happen almost at once. */
export const trail: fc.Arbitrary<readonly Entry[]> = fc.array(entry, {
  minLength: 1,
  maxLength: 50,
  size: 'max',
})

/** With its members in order, as `redact()` writes a record: triggers rely on it. */
const canonical = (event: AuditEvent): string =>
  JSON.stringify(event, (_, value: unknown) =>
    isObject(value)
      ? Object.fromEntries(
          Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)),
        )
      : value,
  )

/** Rows as they are written, later ids for those that come later here. */
export const rowsOf = (entries: readonly Entry[]): readonly EventRow[] =>
  entries.map(({ event, broken }) => {
    const whole: AuditEvent = { ...event, id: idAt(event.occurredAt) }
    return rowOf({ ...columnsOf(whole), record: broken ? 'no json' : canonical(whole) })
  })

export const auditOf = async (rows: readonly EventRow[]) => {
  const store = memory({ now: () => t0 })
  await store.append(rows)
  return { store: () => store }
}

export const storedOf = (row: EventRow): StoredRow => ({ ...row, recordedAt: 0 })

/** Some of the rows in the order of time, as events. */
export const eventsOf = (rows: readonly StoredRow[]): readonly AuditEvent[] =>
  rows.toSorted(byTime).map(eventOf)

/** Rows by the thing that they are about. */
export const byThing = <Row extends StoredRow>(
  rows: readonly Row[],
): readonly (readonly [Row, ...Row[]])[] => {
  const things = new Map<string, [Row, ...Row[]]>()
  for (const row of rows.toSorted(byTime)) {
    const key = JSON.stringify([row.tenant, row.targetType, row.targetId])
    const known = things.get(key)
    if (known === undefined) things.set(key, [row])
    else known.push(row)
  }
  return [...things.values()]
}
