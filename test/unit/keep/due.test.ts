import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { meets } from '../../../src/event/meets.ts'
import type { StoredRow } from '../../../src/event/row.ts'
import {
  archivableAt,
  archiveCondition,
  deletableAt,
  deleteCondition,
  type Due,
} from '../../../src/keep/policy/due.ts'
import { checkPolicies, type Policy } from '../../../src/keep/policy/policy.ts'
import { later } from './calendar.ts'
import { policies, row, stored } from './sample.ts'

const day = 86_400_000
const now = Date.UTC(2028, 5, 15, 12)

const isDue = (row: StoredRow, due: Due | undefined): boolean =>
  due !== undefined && row.occurredAt < due.to && meets(row, due.where)

const among = (value: unknown, wanted: unknown): boolean =>
  wanted === undefined || (Array.isArray(wanted) ? wanted.includes(value) : wanted === value)

const applies = (policy: Policy, row: StoredRow): boolean =>
  among(row.tenant, policy.tenant) &&
  among(row.kind, policy.kind) &&
  among(row.outcome, policy.outcome) &&
  (policy.action === undefined ||
    [policy.action].flat().some((one) => {
      const escaped = one.replaceAll('.', String.raw`\.`).replace(/\*$/, '.*')
      return RegExp(`^${escaped}$`, 'u').test(row.action)
    }))

/** What the policies say, word for word: all that apply, and of their durations the longest. */
const expected = (
  row: StoredRow,
  written: readonly Policy[],
  name: 'archiveAfter' | 'deleteAfter',
): number | null => {
  let last: number | null = null
  for (const policy of written) {
    const after = policy[name]
    if (after === undefined || !applies(policy, row)) continue
    if (after === 'never') return null
    last = Math.max(last ?? 0, later(row.occurredAt, after))
  }
  return last
}

const asked = [
  ['archiveAfter', archivableAt, archiveCondition],
  ['deleteAfter', deletableAt, deleteCondition],
] as const

describe.each(asked)('by %s', (name, dueAt, condition) => {
  it('an event is due when the longest policy that applies to it says so', () => {
    fc.assert(
      fc.property(policies, row, (written, row) => {
        expect(dueAt(row, checkPolicies(written))).toBe(expected(row, written, name))
      }),
      { numRuns: 3_000 },
    )
  })

  it('a store is asked for just the events that are due', () => {
    fc.assert(
      fc.property(
        policies,
        fc.array(row, { minLength: 1, maxLength: 5 }),
        fc.nat(4),
        fc.integer({ min: -1, max: 1 }),
        fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2029, 0, 1) }),
        (written, rows, which, off, any) => {
          const checked = checkPolicies(written)
          const dues = rows.map((row) => expected(row, written, name))
          // The moment at which one of them becomes due, and those beside it.
          for (const now of [(dues[which % dues.length] ?? any) + off, any]) {
            const due = condition(checked, now)
            const found = rows.map((row) => isDue(row, due))
            expect(found).toEqual(dues.map((at) => at !== null && at <= now))
          }
        },
      ),
      { numRuns: 3_000 },
    )
  })

  it('the order of the policies means nothing', () => {
    fc.assert(
      fc.property(policies, row, (written, row) => {
        const due = (list: readonly Policy[]): boolean =>
          isDue(row, condition(checkPolicies(list), now))
        expect(due(written.toReversed())).toBe(due(written))
      }),
    )
  })
})

describe('which events are due', () => {
  const archive = (...written: readonly Policy[]) => archiveCondition(checkPolicies(written), now)
  const del = (...written: readonly Policy[]) => deleteCondition(checkPolicies(written), now)

  it('none without policies', () => {
    expect(archive()).toBeUndefined()
    expect(del()).toBeUndefined()
    expect(deletableAt(stored(), [])).toBeNull()
  })

  it('none by policies that only keep or only archive', () => {
    expect(del({ archiveAfter: '90d' }, { kind: 'auth', deleteAfter: 'never' })).toBeUndefined()
    expect(archive({ deleteAfter: '90d' })).toBeUndefined()
  })

  it('all of an age, without a condition, by one policy for all', () => {
    expect(archive({ archiveAfter: '90d' })).toEqual({ where: { and: [] }, to: now - 90 * day + 1 })
  })

  it('those of exactly the age, and none that is a millisecond younger', () => {
    const due = archive({ archiveAfter: '90d' })
    expect(isDue(stored({ occurredAt: now - 90 * day }), due)).toBe(true)
    expect(isDue(stored({ occurredAt: now - 90 * day + 1 }), due)).toBe(false)
  })

  it('by the longest of several for all, in one bound', () => {
    const due = archive({ archiveAfter: '90d' }, { archiveAfter: '1y' }, { archiveAfter: '30d' })
    expect(due).toEqual({ where: { and: [] }, to: Date.UTC(2027, 5, 15, 12) + 1 })
  })

  it('by what one policy names, which an index can find', () => {
    expect(del({ tenant: 'a', kind: ['change', 'auth'], deleteAfter: '1d' })).toEqual({
      where: {
        and: [
          { column: 'tenant', in: ['a'] },
          { column: 'kind', in: ['auth', 'change'] },
        ],
      },
      to: now - day + 1,
    })
  })

  it('without those that a longer policy keeps, and without a word on shorter ones', () => {
    const due = del(
      { deleteAfter: '30d' },
      { kind: 'auth', deleteAfter: '1y' },
      { kind: 'request', deleteAfter: '1d' },
      { tenant: 'a', deleteAfter: 'never' },
    )
    const year = Date.UTC(2027, 5, 15, 12) + 1
    expect(due).toEqual({
      where: {
        not: {
          or: [
            {
              and: [
                { column: 'kind', in: ['auth'] },
                { column: 'occurredAt', from: year },
              ],
            },
            { column: 'tenant', in: ['a'] },
          ],
        },
      },
      to: now - 30 * day + 1,
    })
  })

  it('of what is never deleted by what keeps it alone', () => {
    const due = del({ tenant: 'a', deleteAfter: 'never' }, { kind: 'auth', deleteAfter: '1d' })
    expect(due?.where).toEqual({
      and: [{ column: 'kind', in: ['auth'] }, { not: { column: 'tenant', in: ['a'] } }],
    })
  })

  it('none at all where one policy for all says never', () => {
    expect(del({ deleteAfter: 'never' }, { kind: 'request', deleteAfter: '1d' })).toBeUndefined()
  })

  it('none where no Date reaches', () => {
    const checked = checkPolicies([{ deleteAfter: '1000y' }])
    expect(deleteCondition(checked, -8.64e15)).toBeUndefined()
    expect(deleteCondition(checked, Number.NaN)).toBeUndefined()
    expect(deletableAt(stored({ occurredAt: 8.64e15 }), checked)).toBeNull()
  })

  it('in a condition that stays flat, however many policies there are', () => {
    const depth = (value: unknown): number =>
      typeof value === 'object' && value !== null
        ? 1 + Math.max(0, ...Object.values(value).map(depth))
        : 0
    const widest = (value: unknown): number =>
      typeof value === 'object' && value !== null
        ? Math.max(Array.isArray(value) ? value.length : 0, ...Object.values(value).map(widest))
        : 0
    const many = Array.from({ length: 100 }, (_, at) => ({
      tenant: `t${at}`,
      deleteAfter: `${at + 1}d` as const,
    }))
    const due = del(...many)
    expect(widest(due)).toBeLessThanOrEqual(10)
    expect(depth(due)).toBeLessThan(20)
    expect(isDue(stored({ tenant: 't99', occurredAt: now - 100 * day }), due)).toBe(true)
    expect(isDue(stored({ tenant: 't99', occurredAt: now - 100 * day + 1 }), due)).toBe(false)
  })
})
