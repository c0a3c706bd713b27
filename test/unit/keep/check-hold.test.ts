import { describe, expect, it } from 'vitest'
import { checkHold, type HoldTerms } from '../../../src/keep/hold/check-hold.ts'
import { told } from './told.ts'

const said = { reason: 'Case 26-117', by: 'legal@example.com' }

const check = (terms: unknown): string | undefined => told(() => checkHold(terms as HoldTerms))

describe('the terms of a hold', () => {
  it('become the hold that is placed, with times in ms', () => {
    const from = new Date('2026-01-01')
    const target = { type: 'invoice', id: '7' }
    expect(
      checkHold({ tenant: null, actor: 'u1', target, from, to: 1_800_000_000_000, ...said }),
    ).toEqual({
      tenant: null,
      actor: 'u1',
      target,
      from: from.getTime(),
      to: 1_800_000_000_000,
      ...said,
    })
  })

  it('do not change with what they were made of', () => {
    const target = { type: 'invoice', id: '7' }
    const hold = checkHold({ target, ...said })
    target.id = '8'
    expect(hold.target).toEqual({ type: 'invoice', id: '7' })
  })

  it.each<object>([
    { tenant: 'acme' },
    { tenant: null },
    { tenant: undefined, actor: 'u1' },
    { target: { type: 'invoice' } },
    { everything: true },
    { everything: true, from: 0, to: 1 },
    { actor: 'a'.repeat(255), reason: 'r'.repeat(1_000), by: 'b'.repeat(200) },
  ])('are right: %j', (terms) => {
    expect(check({ ...said, ...terms })).toBeUndefined()
  })

  const text = (most: number): string =>
    `must be a text of 1 to ${most} characters, without NUL and lone surrogates`
  const scope = 'hold must name a tenant, an actor or a target, or say everything: true'
  const time = 'must be whole milliseconds since 1970, or a Date'
  it.each<[object, string]>([
    [{}, scope],
    [{ from: 0, to: 1 }, scope],
    [{ tenant: undefined, everything: undefined }, scope],
    [{ tenant: 'a', everything: true }, scope],
    [{ everything: false }, 'hold.everything must be true, or left out'],
    [{ tenant: '' }, `hold.tenant ${text(255)}, or null for none`],
    [
      { tenants: 'a' },
      'hold.tenants is not an option; known are tenant, actor, target, from, to, everything, reason, by',
    ],
    [{ actor: null }, `hold.actor ${text(255)}`],
    [{ actor: { id: 'u1' } }, `hold.actor ${text(255)}`],
    [{ target: 'invoice' }, 'hold.target must be an object'],
    [{ target: {} }, 'hold.target.type must be given'],
    [{ target: { id: '7' } }, 'hold.target.type must be given'],
    [
      { target: { type: 'invoice', ids: '7' } },
      'hold.target.ids is not an option; known are type, id',
    ],
    [{ target: { type: 'a'.repeat(101) } }, `hold.target.type ${text(100)}`],
    [{ target: { type: 'invoice', id: 7 } }, `hold.target.id ${text(255)}`],
    [{ tenant: 'a', from: '2026-01-01' }, `hold.from ${time}`],
    [{ tenant: 'a', from: new Date('no date') }, `hold.from ${time}`],
    [{ tenant: 'a', from: 1.5 }, `hold.from ${time}`],
    [{ tenant: 'a', from: -1 }, `hold.from ${time}`],
    [{ tenant: 'a', to: 8.64e15 + 1 }, `hold.to ${time}`],
    [{ tenant: 'a', from: 2, to: 1 }, 'hold.to must be after hold.from'],
    [{ tenant: 'a', from: 2, to: new Date(2) }, 'hold.to must be after hold.from'],
    [{ tenant: 'a', reason: undefined }, 'hold.reason must be given'],
    [{ tenant: 'a', by: undefined }, 'hold.by must be given'],
    [{ tenant: 'a', reason: '' }, `hold.reason ${text(1_000)}`],
    [{ tenant: 'a', reason: ' \n' }, `hold.reason ${text(1_000)}`],
    [{ tenant: 'a', reason: 'a\0' }, `hold.reason ${text(1_000)}`],
    [{ tenant: 'a', reason: '\ud800' }, `hold.reason ${text(1_000)}`],
    [{ tenant: 'a', reason: 'r'.repeat(1_001) }, `hold.reason ${text(1_000)}`],
    [{ tenant: 'a', by: 'b'.repeat(201) }, `hold.by ${text(200)}`],
  ])('are wrong: %j: %s', (terms, expected) => {
    expect(check({ ...said, ...terms })).toBe(expected)
  })

  it('are an object', () => {
    expect(check(undefined)).toBe('hold must be an object')
  })
})
