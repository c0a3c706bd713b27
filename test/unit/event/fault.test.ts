import { runInNewContext } from 'node:vm'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { faultOf } from '../../../src/event/fault.ts'
import { anyValue } from './sample.ts'

class PaymentError extends Error {}

describe('faultOf', () => {
  it('names an error by its name, or by its class where that says more', () => {
    expect(faultOf(new TypeError('no'), false)).toMatchObject({ type: 'TypeError', message: 'no' })
    expect(faultOf(new PaymentError('no'), false)).toMatchObject({ type: 'PaymentError' })
    expect(faultOf(Object.assign(new Error('no'), { name: 'Named' }), false)).toMatchObject({
      type: 'Named',
    })
  })

  it('keeps the stack only when asked', () => {
    expect(faultOf(new Error('no'), true).stack).toContain('fault.test')
    expect(faultOf(new Error('no'), false).stack).toBeUndefined()
  })

  it('tells an error of another realm as an error', () => {
    expect(faultOf(runInNewContext('new RangeError("far")'), false)).toMatchObject({
      type: 'RangeError',
      message: 'far',
    })
  })

  it('follows causes, four at most, and stops where they come round', () => {
    const chain = (depth: number): Error =>
      new Error(`${depth}`, depth === 0 ? {} : { cause: chain(depth - 1) })
    expect(faultOf(chain(9), false).causes?.map(({ message }) => message)).toEqual([
      '8',
      '7',
      '6',
      '5',
    ])
    const round = new Error('a')
    round.cause = new Error('b', { cause: round })
    expect(faultOf(round, false).causes).toEqual([{ message: 'b', type: 'Error' }])
  })

  it.each<[unknown, string, string]>([
    ['text', 'string', 'text'],
    [7, 'number', '7'],
    [7n, 'bigint', '7'],
    [null, 'null', 'null'],
    [undefined, 'undefined', 'undefined'],
    [Symbol('s'), 'symbol', 'Symbol(s)'],
    [{ code: 7 }, 'object', '{"code":7}'],
    [{ code: 7n }, 'object', '{"code":"7"}'],
  ])('describes %s, which is no error', (thrown, type, message) => {
    expect(faultOf(thrown, true)).toMatchObject({ type, message })
  })

  it('never throws, whatever was thrown', () => {
    fc.assert(
      fc.property(anyValue, (thrown) => {
        const { message, type } = faultOf(thrown, true)
        expect([typeof message, typeof type]).toEqual(['string', 'string'])
        faultOf(new Error('x', { cause: thrown }), true)
      }),
    )
  })

  it('never throws at what refuses to be read', () => {
    const thrower = (): never => {
      throw new TypeError('no')
    }
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    const hostile = [
      proxy,
      new Proxy(new Error('x'), { get: thrower }),
      new Proxy(new Error('x'), { getPrototypeOf: thrower }),
      new Proxy(() => 1, { get: thrower }),
      Object.create(new Error('x'), { name: { get: thrower } }),
      Object.defineProperty(new Error('x'), 'cause', { get: thrower }),
      Object.create(null),
      { toJSON: thrower, toString: thrower },
      Object.setPrototypeOf(
        new Error('x'),
        Object.create(Error.prototype, { constructor: { get: thrower } }),
      ),
    ]
    for (const thrown of hostile) expect(() => faultOf(thrown, true)).not.toThrow()
  })

  it('reads no more of a huge object than a message holds', () => {
    let reads = 0
    const wide = Object.fromEntries(
      Array.from({ length: 100_000 }, (_, index) => [`k${index}`, { toJSON: () => (reads += 1) }]),
    )
    expect(faultOf(wide, false).message.length).toBeLessThanOrEqual(8_192)
    const huge = { list: Array.from({ length: 200 }, () => 'x'.repeat(1_000_000)) }
    expect(faultOf(huge, false).message.length).toBeLessThanOrEqual(8_192)
    expect(faultOf(new Error('x'.repeat(50_000_000)), true).message.length).toBeLessThanOrEqual(
      65_536,
    )
  })
})
