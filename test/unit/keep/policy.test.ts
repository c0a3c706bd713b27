import { describe, expect, it } from 'vitest'
import { checkPolicies, type Policy } from '../../../src/keep/policy/policy.ts'
import { told } from './told.ts'

const check = (policies: unknown): string | undefined =>
  told(() => checkPolicies(policies as readonly Policy[]))

const ofOne = (policy: object): string | undefined =>
  check([{ archiveAfter: '1d' }, { deleteAfter: '1y', ...policy }])

/** A list that has a hole in its middle, which is not undefined. */
const holed = (value: unknown): readonly unknown[] => {
  const list = Array.from({ length: 3 }, () => value)
  Reflect.deleteProperty(list, 1)
  return list
}

describe('policies that are right', () => {
  it.each<[string, readonly Policy[]]>([
    ['none', []],
    ['one for all', [{ archiveAfter: '90d', deleteAfter: '7y' }]],
    ['one that only keeps', [{ kind: 'auth', deleteAfter: 'never' }]],
    ['one of as long', [{ archiveAfter: '1y', deleteAfter: '12mo' }]],
    [
      'one with everything',
      [
        {
          tenant: ['acme', null],
          kind: ['auth', 'change'],
          action: ['invoice.*', 'login', 'a'.repeat(100)],
          outcome: ['success', 'failure', 'denied', 'unknown'],
          archiveAfter: 86_400_000,
          deleteAfter: '1000y',
          source: 'our handbook, 4.2',
        },
      ],
    ],
    [
      'a hundred, of two members each',
      Array.from({ length: 100 }, () => ({ tenant: 'a', action: 'a.*', deleteAfter: '1d' })),
    ],
  ])('%s', (_, policies) => {
    expect(check(policies)).toBeUndefined()
  })

  it('do not change with what they were made of', () => {
    const tenant = ['a']
    const written: Policy[] = [{ tenant, deleteAfter: '1y' }]
    const checked = checkPolicies(written)
    const before = JSON.stringify(checked)
    tenant.push('b')
    written.push({ deleteAfter: '1d' })
    expect(JSON.stringify(checked)).toBe(before)
  })
})

describe('policies that are wrong', () => {
  it.each<[string, unknown, string]>([
    ['no list', { deleteAfter: '1y' }, 'policies must be a list'],
    ['nothing', undefined, 'policies must be a list'],
    ['a text in the list', ['1y'], 'policies[0] must be an object'],
    ['a hole in the list', holed({ deleteAfter: '1y' }), 'policies[1] must be an object'],
    [
      'too many',
      Array.from({ length: 101 }, () => ({ deleteAfter: '1y' })),
      'policies must be no more than 100',
    ],
    [
      'more than a store can be asked',
      [
        { action: Array.from({ length: 100 }, (_, at) => `a${at}.*`), deleteAfter: '1y' },
        {
          tenant: 'a',
          action: [...Array.from({ length: 98 }, (_, at) => `a${at}.*`), 'a', 'b'],
          kind: 'auth',
          deleteAfter: '1y',
        },
      ],
      'policies must say to what they apply by no more than 200 members and actions with *',
    ],
  ])('%s', (_, policies, expected) => {
    expect(check(policies)).toBe(expected)
  })

  const duration = `a duration such as '12h', '90d', '6w', '18mo' or '7y', or a number of ms, from an hour to 1,000 years`
  const values = 'must have from 1 to 1000 values'
  it.each<[object, string]>([
    [
      { tenants: 'a' },
      'tenants is not an option; known are tenant, kind, action, outcome, archiveAfter, deleteAfter, source',
    ],
    [
      { deleteafter: '1d' },
      'deleteafter is not an option; known are tenant, kind, action, outcome, archiveAfter, deleteAfter, source',
    ],
    [{ tenant: undefined }, 'tenant must be left out, or have a value'],
    [{ kind: undefined }, 'kind must be left out, or have a value'],
    [{ deleteAfter: undefined }, 'deleteAfter must be left out, or have a value'],
    [{ tenant: [] }, `tenant ${values}`],
    [{ kind: [] }, `kind ${values}`],
    [{ action: Array.from({ length: 1_001 }, () => 'a') }, `action ${values}`],
    [
      { tenant: '' },
      'tenant must be a text of 1 to 255 characters, without NUL and lone surrogates, or null for none',
    ],
    [
      { tenant: ['a', undefined] },
      'tenant[1] must be a text of 1 to 255 characters, without NUL and lone surrogates, or null for none',
    ],
    [
      { kind: holed('auth') },
      `kind[1] must be one of 'request', 'auth', 'process', 'change', 'access', 'export', 'system', 'security', 'custom'`,
    ],
    [{ outcome: 'ok' }, `outcome must be one of 'success', 'failure', 'denied', 'unknown'`],
    ...['', '*', '*.refund', 'a*b', 'a.**', 'a\0', '\ud800', 'a'.repeat(101), null, 7].map(
      (action): [object, string] => [
        { action },
        'action must be an action of 1 to 100 characters, or how it begins with * behind it',
      ],
    ),
    ...['90', 'never', '0d', '-1d', 0, -1, 90, null].map((archiveAfter): [object, string] => [
      { archiveAfter },
      `archiveAfter must be ${duration}`,
    ]),
    ...['90', 'Never', '0d', 0, 90, false, null].map((deleteAfter): [object, string] => [
      { deleteAfter },
      `deleteAfter must be 'never', or ${duration}`,
    ]),
    [{ archiveAfter: '13mo' }, 'deleteAfter must be no shorter than archiveAfter'],
    [{ archiveAfter: '366d' }, 'deleteAfter must be no shorter than archiveAfter'],
    [
      { source: '' },
      'source must be a text of 1 to 500 characters, without NUL and lone surrogates',
    ],
  ])('%j: %s', (policy, expected) => {
    expect(ofOne(policy)).toBe(`policies[1].${expected}`)
  })

  it('say nothing of either', () => {
    expect(check([{ kind: 'auth' }])).toBe('policies[0] must have archiveAfter or deleteAfter')
  })
})
