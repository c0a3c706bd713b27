import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { fingerprint } from '../../../src/keep/policy/fingerprint.ts'
import { checkPolicies, type Policy } from '../../../src/keep/policy/policy.ts'
import { policies } from './sample.ts'

const of = (...written: readonly Policy[]): string => fingerprint(checkPolicies(written))

it('is the same for the same rules, however they are written', () => {
  expect(of()).toBe('[]')
  expect(of({ archiveAfter: '1y' })).toBe('[]')
  expect(
    of(
      { tenant: ['b', null, 'a', 'b'], deleteAfter: '1y', source: 'somewhere' },
      { kind: 'auth', deleteAfter: 'never' },
    ),
  ).toBe(
    of(
      { deleteAfter: 'never', kind: ['auth'] },
      { archiveAfter: '90d', deleteAfter: '12mo', tenant: [null, 'a', 'b'] },
      { kind: 'auth', deleteAfter: 'never' },
    ),
  )
  expect(of({ deleteAfter: '1w' })).toBe(of({ deleteAfter: 604_800_000 }))
})

it('is another for other rules', () => {
  const all = [
    of(),
    of({ deleteAfter: '1y' }),
    of({ deleteAfter: '365d' }),
    of({ deleteAfter: '366d' }),
    of({ deleteAfter: 'never' }),
    of({ tenant: null, deleteAfter: '1y' }),
    of({ tenant: 'null', deleteAfter: '1y' }),
    of({ tenant: ['a', 'b'], deleteAfter: '1y' }),
    of({ tenant: 'a,b', deleteAfter: '1y' }),
    of({ kind: 'auth', deleteAfter: '1y' }),
    of({ action: 'auth', deleteAfter: '1y' }),
    of({ action: 'auth*', deleteAfter: '1y' }),
    of({ kind: 'auth', action: 'auth', deleteAfter: '1y' }),
    of({ kind: 'auth', deleteAfter: '1y' }, { action: 'auth', deleteAfter: '1y' }),
  ]
  expect(new Set(all).size).toBe(all.length)
})

it('does not hang on the order of any policies', () => {
  fc.assert(
    fc.property(policies, (written) => {
      expect(of(...written.toReversed())).toBe(of(...written))
      expect(() => JSON.parse(of(...written)) as unknown).not.toThrow()
    }),
  )
})
