import * as fc from 'fast-check'
import type { AuditEvent } from '../../../../src/event/schema.ts'
import { idAt } from '../../../conformance/rows.ts'

export const t0 = 1_767_225_600_000

/** An event as `page` gives it: a second after the one that was made before, unless it says when. */
export const eventsOf = (
  common: Partial<AuditEvent>,
  all: readonly Partial<AuditEvent>[],
): readonly AuditEvent[] =>
  all.map((one, index) => {
    const occurredAt = one.occurredAt ?? t0 + index * 1_000
    return {
      v: 1,
      id: idAt(occurredAt),
      tenant: null,
      occurredAt,
      kind: 'custom',
      action: 'x',
      outcome: 'unknown',
      actor: { id: 'u1', type: 'user' },
      targets: [],
      ...common,
      ...one,
    }
  })

/** A few events that happen almost at once, and the same events in another order. */
export const inTwoOrders = (
  common: Partial<AuditEvent>,
  any: fc.Arbitrary<Partial<AuditEvent>>,
): fc.Arbitrary<readonly [readonly AuditEvent[], readonly AuditEvent[]]> =>
  fc
    .array(fc.tuple(any, fc.nat(2)), { minLength: 1, maxLength: 12 })
    .map((all) =>
      eventsOf(
        common,
        all.map(([event, at]) => ({ ...event, occurredAt: t0 + at })),
      ),
    )
    .chain((events) =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray([...events], { minLength: events.length })),
    )
