import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hmac } from '../../../src/capture/hash.ts'
import { createRedactor } from '../../../src/event/redact.ts'
import { eventSchema } from '../../../src/event/schema.ts'
import { anyKey, eventOf, readBack, rowOf, stored, storedAll, utf8 } from './sample.ts'

const thrower = (): never => {
  throw new TypeError('no')
}
const revoked = (target: object): object => {
  const { proxy, revoke } = Proxy.revocable(target, {})
  revoke()
  return proxy
}
/** Throws at whatever is asked of it. */
const refusing = (target: object): object =>
  new Proxy(
    target,
    Object.fromEntries(
      ['get', 'has', 'ownKeys', 'getPrototypeOf', 'getOwnPropertyDescriptor', 'set', 'apply'].map(
        (trap) => [trap, thrower],
      ),
    ),
  )

describe('a value of JavaScript', () => {
  it.each<[string, unknown, unknown]>([
    ['a Date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['an invalid Date', new Date(Number.NaN), 'Invalid Date'],
    ['a bigint', 12345678901234567890n, '12345678901234567890'],
    [
      'a Map',
      new Map<unknown, unknown>([
        ['a', 1],
        [2, new Map([['b', 3]])],
      ]),
      { 2: { b: 3 }, a: 1 },
    ],
    ['a Set', new Set([1, new Set(['a'])]), [1, ['a']]],
    ['bytes', new Uint8Array(3), '[3 bytes]'],
    ['a buffer', new ArrayBuffer(4), '[4 bytes]'],
    ['a DataView', new DataView(new ArrayBuffer(5)), '[5 bytes]'],
    ['a RegExp', /a+/g, '/a+/g'],
    ['a URL', new URL('https://h.example/a?b=c'), 'https://h.example/a?b=c'],
    ['an Error', new TypeError('no'), { message: 'no', type: 'TypeError' }],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
    ['a function', () => 1, '[function]'],
    ['NaN', Number.NaN, 'NaN'],
    ['Infinity', -Infinity, '-Infinity'],
    ['-0', -0, 0],
    ['1e21', 1e21, 1e21],
    [
      'a class',
      new (class {
        a = 1
        #hidden = 2
        get sum() {
          return this.#hidden
        }
      })(),
      { a: 1 },
    ],
    ['an object with toJSON', { toJSON: () => ({ a: 1 }) }, { a: 1 }],
    ['URLSearchParams', new URLSearchParams('a=1&a=2&b=3'), { a: ['1', '2'], b: ['3'] }],
    ['an array with holes', Object.assign([], { 1: 1, 3: null }), [null, 1, null, null]],
    [
      'a File',
      new File(['abc'], 'a.txt', { type: 'text/plain' }),
      { name: 'a.txt', size: 3, type: 'text/plain' },
    ],
    ['a promise', Promise.resolve(1), {}],
    ['a WeakMap', new WeakMap(), {}],
    ['symbol names', { [Symbol('s')]: 1, a: 2 }, { a: 2 }],
    ['undefined members', { a: undefined, b: 1 }, { b: 1 }],
  ])('%s is stored as what it says', (_, value, expected) => {
    expect(stored(value)).toEqual(expected)
  })

  it('keeps the names of a prototype as names', () => {
    const value: unknown = JSON.parse('{"__proto__":{"admin":true},"constructor":1,"toString":2}')
    const { record } = rowOf({ metadata: value })
    expect(record).toContain('"metadata":{"__proto__":{"admin":true},"constructor":1,"toString":2}')
    expect(({} as { admin?: unknown }).admin).toBeUndefined()
  })
})

describe('a value that resists', () => {
  const cycle: Record<string, unknown> = { a: 1 }
  cycle['self'] = cycle
  cycle['list'] = [cycle]
  const mapCycle = new Map<string, unknown>()
  mapCycle.set('self', mapCycle)

  it('says where it comes round to itself', () => {
    expect(storedAll(cycle)).toEqual({ a: 1, list: ['[circular]'], self: '[circular]' })
    expect(JSON.stringify(stored(mapCycle))).toContain('[circular]')
  })

  it('is told as often as it is used, when it only appears twice', () => {
    const shared = { x: 1 }
    expect(stored([shared, shared])).toEqual([{ x: 1 }, { x: 1 }])
  })

  it('loses the member whose getter throws, and no other', () => {
    expect(
      stored({
        a: 1,
        get b() {
          return thrower()
        },
        c: 3,
      }),
    ).toEqual({ a: 1, b: '[unreadable]', c: 3 })
  })

  it('loses the member that cannot be read, and no other', () => {
    const value = {
      a: 1,
      b: revoked({}),
      c: { toJSON: thrower },
      d: refusing({}),
      e: [revoked([])],
      z: 2,
    }
    expect(stored(value)).toMatchObject({
      a: 1,
      b: '[unreadable]',
      c: '[unreadable]',
      d: '[unreadable]',
      z: 2,
    })
  })

  it('loses the side of a secret change that cannot be read, and no other change', () => {
    const changes = {
      password: {
        get old() {
          return thrower()
        },
        new: 'x',
      },
      name: { old: 'a', new: 'b' },
    }
    expect(readBack(rowOf({ changes }))['changes']).toMatchObject({ name: { old: 'a', new: 'b' } })
  })

  it.each<[string, unknown]>([
    ['a revoked Proxy', revoked({})],
    ['a revoked Proxy of an array', revoked([])],
    ['a revoked Proxy of a function', revoked(() => 1)],
    ['a Proxy that refuses everything', refusing({})],
    ['a Proxy of an array that refuses everything', refusing([])],
    ['a cycle', cycle],
    ['an object whose toJSON throws', { toJSON: thrower }],
    [
      'an object whose toJSON is a getter that throws',
      {
        get toJSON() {
          return thrower()
        },
      },
    ],
    ['an object whose toString throws', { toString: thrower }],
    ['a Map with a name that cannot be told', new Map([[{ toString: thrower }, 1]])],
    [
      'a Date whose methods throw',
      Object.assign(new Date(), { getTime: thrower, toISOString: thrower }),
    ],
    [
      'an Error whose message throws',
      Object.defineProperty(new Error(), 'message', { get: thrower }),
    ],
    [
      'an array with a strange length',
      new Proxy([], { get: (_, name) => (name === 'length' ? 2n : undefined) }),
    ],
    ['something between the two', Object.create(revoked({}))],
  ])('%s costs the event nothing but itself, wherever it stands', (_, value) => {
    const { redact, prepare } = createRedactor({})
    const row = redact(
      eventOf({ changes: { a: value }, data: { a: value }, metadata: { a: value, b: 'kept' } }),
    )
    expect(eventSchema.safeParse(readBack(row)).success).toBe(true)
    expect(readBack(row)['metadata']).toMatchObject({ b: 'kept' })
    for (const field of ['changes', 'data', 'metadata']) {
      expect(() => redact(eventOf({ [field]: value }))).not.toThrow()
      expect(() => prepare({ [field]: value })).not.toThrow()
    }
  })

  it('never throws when the app is told of a cut and throws', () => {
    const { redact } = createRedactor({ limits: { text: 5 }, onTruncate: thrower })
    expect(readBack(redact(eventOf({ metadata: { a: 'longer than that' } })))['metadata']).toEqual({
      a: 'longe',
    })
  })
})

describe('a very large value', () => {
  const limits = { record: 65_536 }
  const size = (value: unknown): number => utf8(rowOf({ metadata: { value } }, { limits }).record)
  const nest = (depth: number, wrap: (inner: unknown) => unknown): unknown => {
    let value: unknown = 1
    for (let level = 0; level < depth; level++) value = wrap(value)
    return value
  }

  it.each<[string, unknown]>([
    ['objects 100,000 deep', nest(100_000, (inner) => ({ a: inner }))],
    ['arrays 100,000 deep', nest(100_000, (inner) => [inner])],
    ['Maps 10,000 deep', nest(10_000, (inner) => new Map([['a', inner]]))],
    ['JSON 10,000 deep', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['JSON objects 10,000 deep', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
    ['JSON 4,000 deep in one text', `${'['.repeat(4_000)}${']'.repeat(4_000)}`],
    ['a megabyte of text', 'x'.repeat(1_000_000)],
    ['a megabyte of hostile text', 'password=\u0000"\\'.repeat(80_000)],
    ['a million entries', Array.from({ length: 1_000_000 }, () => 1)],
    ['an array of four billion holes', Object.assign([], { length: 4_294_967_295 })],
    [
      'a million members',
      Object.fromEntries(Array.from({ length: 1_000_000 }, (_, index) => [`k${index}`, 1])),
    ],
    ['a name of a megabyte', { ['n'.repeat(1_000_000)]: 1 }],
    ['a bigint of a hundred thousand digits', 10n ** 100_000n],
    ['a Set of half a million', new Set(Array.from({ length: 500_000 }, (_, index) => index))],
    // 1,000 ** 12 entries, were they all told.
    [
      'the same array a thousand times, twelve levels deep',
      nest(12, (inner) => Array.from({ length: 1_000 }, () => inner)),
    ],
    [
      'the same object a thousand times, twelve levels deep',
      nest(12, (inner) =>
        Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`${index}`, inner])),
      ),
    ],
    [
      'nothing a thousand times, twelve levels deep',
      nest(12, (inner) => (inner === 1 ? {} : Array.from({ length: 1_000 }, () => inner))),
    ],
    [
      'a JSON text a thousand times',
      Array.from({ length: 1_000 }, () => JSON.stringify({ password: 'x'.repeat(8_000) })),
    ],
  ])('of %s stays within the record', (_, value) => {
    expect(size(value)).toBeLessThanOrEqual(limits.record)
  })

  it('is read no further than the record can hold', () => {
    let reads = 0
    const counting: unknown = new Proxy([], {
      get: (_, name) => {
        if (name === 'length') return 1_000_000
        reads += 1
        return counting
      },
    })
    size(nest(6, (inner) => Array.from({ length: 1_000 }, () => inner)))
    size(counting)
    const endless = (): object =>
      new Proxy(
        {},
        {
          ownKeys: () => Array.from({ length: 1_000 }, (_, index) => `k${index}`),
          getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 1 }),
          get: (_, name) => {
            reads += 1
            return name === 'toJSON' ? undefined : endless()
          },
        },
      )
    size(endless())
    expect(reads).toBeLessThan(65_536)
  })

  it('is hashed in bounded work', () => {
    const redact = { mask: 'hash' as const, hash: hmac('a key of sixteen characters') }
    const password = 'x'.repeat(50_000_000)
    expect(
      stored(
        Array.from({ length: 50 }, () => ({ password })),
        { redact },
      ),
    ).toHaveLength(50)
  })
})

describe('what was handed over', () => {
  const plain = fc.anything({
    key: anyKey,
    withNullPrototype: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withSparseArray: true,
  })

  it('is not changed by being redacted', () => {
    const { redact } = createRedactor({ limits: { text: 10, entries: 3, depth: 3 } })
    fc.assert(
      fc.property(fc.dictionary(anyKey, plain), (value) => {
        const before = structuredClone(value)
        redact(eventOf({ changes: value, data: value, metadata: value }))
        expect(value).toEqual(before)
      }),
      { numRuns: 300 },
    )
  })

  it('may be frozen through and through', () => {
    const freeze = <Value>(value: Value): Value => {
      if (
        typeof value === 'object' &&
        value !== null &&
        !ArrayBuffer.isView(value) &&
        !Object.isFrozen(value)
      ) {
        Object.freeze(value)
        Object.values(value).forEach(freeze)
      }
      return value
    }
    const { redact } = createRedactor({ redact: { paths: ['metadata.a'] } })
    fc.assert(
      fc.property(fc.dictionary(anyKey, plain), (value) => {
        const event = freeze(
          eventOf({ metadata: value, actor: { id: 'u', type: 'user', onBehalfOf: [] } }),
        )
        expect(() => redact(event)).not.toThrow()
      }),
      { numRuns: 300 },
    )
  })

  it('may be changed afterwards without the event noticing', () => {
    const { prepare, redact } = createRedactor({})
    const metadata = { list: [1], a: { b: 1 } }
    const prepared = prepare({ metadata })
    metadata.list.push(2)
    metadata.a.b = 2
    expect(readBack(redact(eventOf(), prepared))['metadata']).toEqual({ list: [1], a: { b: 1 } })
  })
})
