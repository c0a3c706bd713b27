import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { callerOf, frameOf } from '../../../src/capture/kinds/frame.ts'

describe('the first frame of a stack', () => {
  it.each<[string, string, object]>([
    [
      'V8',
      'TypeError: no\n    at pay (file:///app/pay.ts:12:7)\n    at main (file:///app/main.ts:1:1)',
      { function: 'pay', module: 'file:///app/pay.ts', line: 12 },
    ],
    ['V8, no name', 'Error: no\n    at /app/pay.ts:12:7', { module: '/app/pay.ts', line: 12 }],
    [
      'V8, async',
      'Error: no\n    at async Bank.pay (/app/pay.ts:12:7)',
      { function: 'Bank.pay', module: '/app/pay.ts', line: 12 },
    ],
    [
      'V8, async, no name',
      'Error: no\n    at async /app/pay.ts:12:7',
      { module: '/app/pay.ts', line: 12 },
    ],
    [
      'V8, a path with brackets, spaces and a port',
      'Error: no\n    at new Bank (http://localhost:3000/a (copy)/pay.ts:12:7)',
      { function: 'new Bank', module: 'http://localhost:3000/a (copy)/pay.ts', line: 12 },
    ],
    [
      'V8, a drive',
      String.raw`Error: no
    at pay [as run] (C:\app\pay.ts:12:7)`,
      { function: 'pay [as run]', module: String.raw`C:\app\pay.ts`, line: 12 },
    ],
    [
      'V8, built-in functions first',
      'SyntaxError: no\n    at JSON.parse (<anonymous>)\n    at async Promise.all (index 0)\n    at pay (/app/pay.ts:12:7)',
      { function: 'pay', module: '/app/pay.ts', line: 12 },
    ],
    [
      'V8, no column',
      'Error: no\n    at pay (worker.js:12)',
      { function: 'pay', module: 'worker.js', line: 12 },
    ],
    [
      'JavaScriptCore',
      'parse@[native code]\npay@file:///app/pay.ts:12:7\nmain@file:///app/main.ts:1:1',
      { function: 'pay', module: 'file:///app/pay.ts', line: 12 },
    ],
    [
      'SpiderMonkey',
      'async*pay@https://cdn.example/@bank/pay.js:12:7\n',
      { function: 'async*pay', module: 'https://cdn.example/@bank/pay.js', line: 12 },
    ],
    [
      'SpiderMonkey, no name',
      '@https://app.example/pay.js:12:7',
      { module: 'https://app.example/pay.js', line: 12 },
    ],
  ])('is read: %s', (_, stack, expected) => {
    expect(frameOf(stack)).toEqual({ function: undefined, ...expected })
  })

  it.each<[string, string | undefined]>([
    ['none', undefined],
    ['nothing', ''],
    ['a message', 'Error: no'],
    ['frames without a place', 'Error: no\n    at Array.map (<anonymous>)\n    at native'],
    ['a frame behind very many lines', `${'\n'.repeat(1_000)}    at f (/a.ts:1:1)`],
    ['a frame at the end of a very long line', `    at ${'f'.repeat(5_000)} (/a.ts:1:1)`],
    ['no frames, and an address', 'connect someone in db:5432'],
  ])('is nothing where there is none: %s', (_, stack) => {
    expect(frameOf(stack)).toEqual({})
  })

  it('is never an address in the message', () => {
    const stack = 'Error: connect root@db.internal:5432\n    at dial (/app/db.ts:3:1)'
    expect(frameOf(stack)).toMatchObject({ module: '/app/db.ts', function: 'dial' })
  })

  it.each(['Error: ', 'AppError [E_X]: ', ''])(
    'is never one that is written in the message, after %j',
    (before) => {
      const message = 'no such user: x\n    at login (/app/auth.ts:1:1)\n    at y (/b.ts:2:2)'
      const stack = `${before}${message}\n    at real (/app/real.ts:9:9)`
      expect(frameOf(stack, message)).toMatchObject({ module: '/app/real.ts', line: 9 })
    },
  )

  it('comes after a message of any number of lines', () => {
    const message = Array.from({ length: 500 }, (_, n) => `issue ${n}`).join('\n')
    expect(frameOf(`ZodError: ${message}\n    at f (/a.ts:1:1)`, message)).toMatchObject({
      module: '/a.ts',
    })
  })

  it('is that of the function whose name is the message too', () => {
    expect(frameOf('pay@/a.js:1:2\nmain@/b.js:3:4', 'pay')).toMatchObject({
      function: 'pay',
      module: '/a.js',
    })
  })

  it('never throws, and reads a bounded part of any text', () => {
    const piece = fc.oneof(
      fc.constantFrom('\n', '    at ', ' (', ')', '@', ':', ':1', 'async ', 'a', '(eval at '),
      fc.string({ unit: 'binary', maxLength: 20 }),
    )
    const stack = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(stack, fc.oneof(fc.constant(''), stack), (text, message) => {
        const frame = frameOf(text, message)
        expect((frame.module ?? '').length + (frame.function ?? '').length).toBeLessThan(2_048)
        expect(frame.line ?? 0).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['one line of a megabyte', ':1'.repeat(500_000)],
    ['a frame of a megabyte', `Error\n    at ${':1'.repeat(500_000)}`],
    ['a million lines', '\n'.repeat(1_000_000)],
    ['a million frames', '    at f (<anonymous>)\n'.repeat(50_000)],
    ['brackets', `Error\n    at ${' ('.repeat(500_000)})`],
  ])('takes no time to be looked for in %s', (_, stack) => {
    const start = performance.now()
    frameOf(stack)
    expect(performance.now() - start).toBeLessThan(1_000)
  })
})

describe('the caller of a function', () => {
  it('is read where the runtime can tell', () => {
    const ours = () => callerOf(ours)
    const theCaller = () => ours()
    expect(theCaller()).toMatchObject({
      function: 'theCaller',
      module: expect.stringContaining('frame.test.ts'),
      line: expect.any(Number),
    })
  })

  it.each<[string, () => unknown]>([
    ['frames as objects', () => [{}]],
    ['nothing', () => undefined],
  ])('is nothing where the app has stacks of its own: %s', (_, prepare) => {
    const before = Reflect.get(Error, 'prepareStackTrace')
    Reflect.set(Error, 'prepareStackTrace', prepare)
    try {
      const ours = () => callerOf(ours)
      expect(ours()).toEqual({})
    } finally {
      Reflect.set(Error, 'prepareStackTrace', before)
    }
  })
})
