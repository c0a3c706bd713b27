import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkOptions } from '../../src/check.ts'
import { AuditError } from '../../src/errors.ts'
import type { AuditOptions } from '../../src/options.ts'
import { anyKey, anyValue } from './event/sample.ts'

const nothing = async (): Promise<never> => {
  throw new TypeError('not called')
}
const store = {
  append: nothing,
  page: nothing,
  count: nothing,
  get: nothing,
  summary: nothing,
  isArchived: nothing,
  ledger: nothing,
  migrate: nothing,
  close: nothing,
}

/** What createAudit() would say of options that come from JavaScript. */
const told = (options: unknown): AuditError | undefined => {
  try {
    checkOptions(options as AuditOptions)
    return undefined
  } catch (error) {
    expect(error).toBeInstanceOf(AuditError)
    return error as AuditError
  }
}
const withStore = (options: object): AuditError | undefined => told({ store, ...options })

/** Beside a store, with `__proto__` as the name that it is in JSON. */
const merge = (options: object): object =>
  Object.fromEntries([['store', store], ...Object.entries(options)])

describe('options that are right', () => {
  it.each<[string, object]>([
    ['none but the store', {}],
    ['a store made from bindings', { store: () => store }],
    [
      'matchers of each kind',
      {
        include: [
          '/api/**',
          /x/,
          () => true,
          { path: '/a', methods: ['GET'] },
          { regexp: '^/a' },
          { path: /a/, when: () => true },
        ],
      },
    ],
    [
      'a rule with everything',
      {
        rules: [
          {
            match: '/a',
            audit: true,
            sample: 0.5,
            delivery: 'await',
            body: { watch: () => 1 },
            action: 'x',
          },
        ],
      },
    ],
    [
      'a rule without a body',
      {
        rules: [
          { match: '/a', body: false, sample: 0 },
          { match: '/b', sample: 1 },
        ],
      },
    ],
    [
      'redaction',
      {
        redact: {
          keys: ['a', /b/, { key: 'c', mask: 'drop' }, { key: /d/, mask: 'hash' }],
          allow: ['e'],
          paths: ['a.*', { path: 'b', mask: 'partial' }],
          mask: 'full',
          hash: () => 'x',
          defaults: false,
          detect: ['jwt'],
        },
      },
    ],
    [
      'limits at their ends',
      { limits: { record: 49_152, text: 1, stack: 8_192, depth: 64, entries: 1 } },
    ],
    ['an address by a function', { address: () => '192.0.2.1' }],
    [
      'the rest',
      {
        enabled: false,
        dryRun: () => 1,
        actor: [() => null],
        tenant: () => null,
        headers: ['user-agent', 'X-Tenant'],
        query: false,
        requestId: { header: 'x-id', accept: false, echo: true },
        stack: false,
        delivery: 'await',
        onFailure: 'closed',
        deadline: 1,
        retry: { attempts: 1, base: 0, max: 0 },
        batch: { events: 1, bytes: 1_024 },
        queue: { events: 1, bytes: 1_024 },
        deadLetter: { put: nothing },
        onLoss: () => 1,
      },
    ],
    [
      'options that are undefined',
      { redact: undefined, limits: { text: undefined }, actor: undefined },
    ],
  ])('are taken: %s', (_, options) => {
    expect(withStore(options)).toBeUndefined()
  })

  it('are given back as they were written', () => {
    const written: AuditOptions = Object.freeze({ store, limits: Object.freeze({ text: 5 }) })
    expect(checkOptions(written)).toBe(written)
  })

  it('may be an instance of a class', () => {
    class Store {
      count(): void {}
      summary(): void {}
      append = nothing
      page(): Promise<never> {
        return nothing()
      }
      get(): Promise<never> {
        return nothing()
      }
      migrate(): Promise<never> {
        return nothing()
      }
      close(): Promise<never> {
        return nothing()
      }
    }
    expect(withStore({ store: new Store() })).toBeUndefined()
  })
})

describe('an option that is wrong', () => {
  it.each<[unknown, string]>([
    [undefined, 'the options'],
    [null, 'the options'],
    ['store', 'the options'],
    [[], 'the options'],
    [{}, 'store'],
    [{ store: {} }, 'store'],
    [{ store: { ...store, append: 1 } }, 'store'],
    [{ store: null }, 'store'],
    [{ store: Promise.resolve(store) }, 'store'],
  ])('refuses %o as a whole and names %s', (options, name) => {
    expect(told(options)).toMatchObject({
      code: 'AUDIT_OPTION_INVALID',
      detail: expect.stringContaining(`${name} must be`),
    })
  })

  it.each<[object, string]>([
    [{ stor: 1 }, 'stor'],
    [{ limits: { txt: 1 } }, 'limits.txt'],
    [{ rules: [{ match: '/a', smple: 1 }] }, 'rules[0].smple'],
    [{ redact: { key: ['a'] } }, 'redact.key'],
    [{ include: [{ paths: '/a' }] }, 'include[0].paths'],
    [JSON.parse('{"__proto__":1}') as object, '__proto__'],
    [{ constructor: 1 }, 'constructor'],
    [{ body: { request: true } }, 'body'],
  ])('says that %o holds an option that there is not', (options, name) => {
    const error = told(merge(options))
    expect(error).toMatchObject({
      code: 'AUDIT_OPTION_INVALID',
      detail: expect.stringContaining(`${name} is not an option`),
    })
  })

  it.each<[string, object]>([
    ['enabled', { enabled: 'no' }],
    ['dryRun', { dryRun: 1 }],
    ['include', { include: '/a' }],
    ['include[0]', { include: [7] }],
    ['include[1]', { include: ['/a', null] }],
    ['exclude[0].regexp', { exclude: [{ regexp: '(' }] }],
    ['exclude[0].methods', { exclude: [{ methods: 'GET' }] }],
    ['exclude[0].when', { exclude: [{ when: true }] }],
    ['rules[0].match', { rules: [{}] }],
    ['rules[0].sample', { rules: [{ match: '/a', sample: 1.1 }] }],
    ['rules[0].sample', { rules: [{ match: '/a', sample: Number.NaN }] }],
    ['rules[0].delivery', { rules: [{ match: '/a', delivery: 'later' }] }],
    ['rules[0].body', { rules: [{ match: '/a', body: true }] }],
    ['rules[0].body', { rules: [{ match: '/a', body: { request: true } }] }],
    ['actor', { actor: 'user' }],
    ['actor[0]', { actor: ['user'] }],
    ['tenant', { tenant: 't1' }],
    ['headers[0]', { headers: ['not a name'] }],
    ['headers[0]', { headers: [''] }],
    ['requestId.header', { requestId: { header: 'x id' } }],
    ['address', { address: 'platform' }],
    ['address', { address: { hops: 1 } }],
    ['redact.keys', { redact: new Map() }],
    ['redact.keys[0]', { redact: { keys: [7] } }],
    ['redact.keys[0].mask', { redact: { keys: [{ key: 'a' }] } }],
    ['redact.keys[0].mask', { redact: { keys: [{ key: 'a', mask: 'blur' }] } }],
    ['redact.keys[0]', { redact: { keys: ['_'] } }],
    ['redact.paths[0].path', { redact: { paths: [/a/] } }],
    ['redact.paths[0]', { redact: { paths: [''] } }],
    ['redact.mask', { redact: { mask: 'blur' } }],
    ['redact.hash', { redact: { hash: 'a key of sixteen characters' } }],
    ['redact.hash', { redact: { mask: 'hash' } }],
    ['redact.hash', { redact: { keys: [{ key: 'a', mask: 'hash' }] } }],
    ['redact.hash', { redact: { paths: [{ path: 'a', mask: 'hash' }] } }],
    ['redact.detect[0]', { redact: { detect: ['emails'] } }],
    ['limits', { limits: null }],
    ['limits.record', { limits: { record: -1 } }],
    ['limits.record', { limits: { record: 49_151 } }],
    ['limits.text', { limits: { text: 0 } }],
    ['limits.text', { limits: { text: 1.5 } }],
    ['limits.text', { limits: { text: '8192' } }],
    ['limits.text', { limits: { text: Infinity } }],
    ['limits.stack', { limits: { stack: 8_193 } }],
    ['limits.depth', { limits: { depth: 65 } }],
    ['limits.entries', { limits: { entries: -5 } }],
    ['onTruncate', { onTruncate: true }],
    ['delivery', { delivery: 'transaction' }],
    ['onFailure', { onFailure: 'throw' }],
    ['waitUntil', { waitUntil: {} }],
    ['deadline', { deadline: 0 }],
    ['deadline', { deadline: 2_147_483_648 }],
    ['retry.attempts', { retry: { attempts: 0 } }],
    ['retry.base', { retry: { base: -1 } }],
    ['retry.max', { retry: { max: 3_000_000_000 } }],
    ['batch.events', { batch: { events: 1_001 } }],
    ['queue.bytes', { queue: { bytes: 1 } }],
    ['deadLetter', { deadLetter: {} }],
    ['onLoss', { onLoss: 'log' }],
    ['asyncContext', { asyncContext: { run: () => 1 } }],
    ['ambient.now', { ambient: { now: 0 } }],
  ])('is refused by name: %s in %o', (path, options) => {
    const error = withStore(options)
    expect(error).toMatchObject({ code: 'AUDIT_OPTION_INVALID' })
    expect(error?.detail?.startsWith(`${path} must be`)).toBe(true)
  })

  it('is never told with its value, which may be a secret', () => {
    const secret = 'Zq-a-secret-value'
    for (const options of [
      { redact: { hash: secret } },
      { redact: { mask: secret } },
      { limits: { text: secret } },
      { address: secret },
      { store: secret },
      { exclude: [{ regexp: `(${secret}` }] },
    ]) {
      const error = withStore(options)
      expect(
        `${error?.message} ${error?.detail} ${error?.stack} ${String(error?.cause)}`,
      ).not.toContain(secret)
    }
  })

  it('is the only thing that is ever thrown, whatever the options are', () => {
    const names = [
      'store',
      'rules',
      'redact',
      'limits',
      'address',
      'include',
      'retry',
      'requestId',
      'actor',
    ]
    fc.assert(
      fc.property(
        fc.dictionary(fc.oneof(anyKey, fc.constantFrom(...names)), anyValue),
        anyValue,
        (options, other) => {
          told(options)
          told(other)
          told({ store, ...options })
          told({ store, redact: options, limits: options, address: options })
        },
      ),
      { numRuns: 300 },
    )
  })
})
