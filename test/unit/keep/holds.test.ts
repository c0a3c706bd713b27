import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { meets } from '../../../src/event/meets.ts'
import type { StoredRow } from '../../../src/event/row.ts'
import { heldCondition, isHeld } from '../../../src/keep/hold/holds.ts'
import type { Hold } from '../../../src/ports/ledger.ts'
import { row, stored } from './sample.ts'

const placed = { id: 'h', reason: 'case', by: 'legal', placedAt: 0 }

const bound = fc.integer({ min: Date.UTC(2023, 11, 1), max: Date.UTC(2024, 3, 1) })

const hold: fc.Arbitrary<Hold> = fc
  .record(
    {
      tenant: fc.constantFrom('a', 'b', null, undefined),
      actor: fc.constantFrom('1', '2', undefined),
      target: fc.oneof(
        fc.record(
          { type: fc.constantFrom('invoice', 'order'), id: fc.constantFrom('1', '2', 'é') },
          { requiredKeys: ['type'] },
        ),
        fc.constant(undefined),
      ),
      from: bound,
      to: bound,
      released: fc.constantFrom(undefined, undefined, { by: 'legal', at: 1 }),
    },
    { requiredKeys: [] },
  )
  .map((scope) => ({ ...placed, ...scope }))

const isTarget = (value: unknown, { type, id }: NonNullable<Hold['target']>): boolean => {
  const one = Object(value) as { readonly type?: unknown; readonly id?: unknown }
  return one.type === type && (id === undefined || one.id === id)
}

/** What a hold says, word for word. */
const covers = (hold: Hold, row: StoredRow): boolean => {
  const { targets } = JSON.parse(row.record) as { readonly targets: readonly unknown[] }
  const { tenant, actor, target, from, to, released } = hold
  if (released !== undefined) return false
  if (tenant !== undefined && row.tenant !== tenant) return false
  if (actor !== undefined && row.actorId !== actor) return false
  if (from !== undefined && row.occurredAt < from) return false
  if (to !== undefined && row.occurredAt >= to) return false
  return target === undefined || targets.some((one) => isTarget(one, target))
}

const several = fc.oneof(
  { weight: 5, arbitrary: fc.array(hold, { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.array(hold, { minLength: 20, maxLength: 60 }) },
)

describe('an event is held', () => {
  it('when a hold covers it, by row and by condition', () => {
    fc.assert(
      fc.property(several, row, (holds, row) => {
        const expected = holds.some((hold) => covers(hold, row))
        expect(isHeld(row, holds)).toBe(expected)
        const condition = heldCondition(holds)
        expect(condition !== undefined && meets(row, condition)).toBe(expected)
      }),
      { numRuns: 5_000 },
    )
  })

  it('by a further target as by its first', () => {
    const targets = [
      { type: 'invoice', id: '1' },
      { type: 'order', id: '7' },
    ]
    const event = stored({
      targetType: 'invoice',
      targetId: '1',
      record: JSON.stringify({ targets }),
    })
    expect(isHeld(event, [{ ...placed, target: { type: 'order', id: '7' } }])).toBe(true)
    expect(isHeld(event, [{ ...placed, target: { type: 'order' } }])).toBe(true)
    expect(isHeld(event, [{ ...placed, target: { type: 'order', id: '1' } }])).toBe(false)
  })

  it('without a tenant only by a hold on any, or on none', () => {
    const event = stored({ tenant: null })
    expect(isHeld(event, [placed])).toBe(true)
    expect(isHeld(event, [{ ...placed, tenant: undefined }])).toBe(true)
    expect(isHeld(event, [{ ...placed, tenant: null }])).toBe(true)
    expect(isHeld(event, [{ ...placed, tenant: 'a' }])).toBe(false)
  })

  it('from the first moment of a hold, and not at its end', () => {
    const hold = { ...placed, from: 1_000, to: 2_000 }
    const held = (occurredAt: number) => isHeld(stored({ occurredAt }), [hold])
    expect([999, 1_000, 1_999, 2_000].map(held)).toEqual([false, true, true, false])
  })

  it('by nothing once the hold is released', () => {
    const released = { ...placed, released: { by: 'legal', at: 1 } }
    expect(isHeld(stored(), [released])).toBe(false)
    expect(heldCondition([released])).toBeUndefined()
    expect(heldCondition([])).toBeUndefined()
  })
})

describe('the condition of holds', () => {
  it('names the targets of many holds in one list', () => {
    const holds = Array.from({ length: 1_000 }, (_, at) => ({
      ...placed,
      target: { type: 'case', id: String(at) },
    }))
    expect(heldCondition(holds)).toEqual({
      and: [
        { and: [] },
        { some: 'targets', type: 'case', ids: holds.map(({ target }) => target.id) },
      ],
    })
  })

  it('keeps a hold on all of a type beside one on some', () => {
    const type = 'case'
    const all = { ...placed, target: { type } }
    const some = { ...placed, target: { type, id: '1' } }
    const event = stored({ targetType: type, targetId: '2' })
    for (const holds of [
      [all, some],
      [some, all],
    ]) {
      const condition = heldCondition(holds)
      expect(condition !== undefined && meets(event, condition)).toBe(true)
    }
  })

  it('is true of all for a hold on everything', () => {
    expect(heldCondition([placed])).toEqual({ and: [] })
  })
})
