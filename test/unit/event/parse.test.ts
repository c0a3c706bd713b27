import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from '../../../src/event/parse.ts'
import { anyKey, anyText } from './sample.ts'

/** Objects of the same shape that went on with such a name: V8 tries it first. */
const wentOn = (shape: string, name: string): void => {
  JSON.parse(`${shape}${JSON.stringify(name)}:0}`)
}

const key = fc.oneof(
  anyKey,
  fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', '\u0001', ':'), maxLength: 4 }),
)
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    anyText(),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 5, noNullPrototype: true }),
  ),
}))

/** Names in the order of the text, which JSON.parse is not asked for. */
const told = (value: unknown): unknown =>
  typeof value !== 'object' || value === null
    ? value
    : Array.isArray(value)
      ? value.map(told)
      : Object.entries(value).map(([name, member]) => [name, told(member)])

describe('parseJson', () => {
  it('reads an escaped name where an object of the same shape went on with a backslash', () => {
    wentOn('{"h":[],', '\\')
    expect(Object.keys(parseJson('{"h":1,"\\"":2}') as object)).toStrictEqual(['h', '"'])
    expect(Object.keys(parseJson('{"h":1,"\\n":2,"\\\\":3}') as object)).toStrictEqual([
      'h',
      '\n',
      '\\',
    ])
  })

  it.each([null, 0, 2])('gives back whatever was written, with %s spaces', (space) => {
    fc.assert(
      fc.property(tree, (value) => {
        const json = JSON.stringify(value, undefined, space ?? undefined)
        expect(told(parseJson(json))).toStrictEqual(told(value))
      }),
      { numRuns: 500 },
    )
  })

  it('keeps the last of members of one name, at the place of the first', () => {
    expect(JSON.stringify(parseJson('{"\\"":1,"a":2,"\\"":3}'))).toBe('{"\\"":3,"a":2}')
  })

  it('makes a member of `__proto__`', () => {
    const value = parseJson('{"\\n":1,"__proto__":{"admin":true}}')
    expect(Object.keys(value as object)).toStrictEqual(['\n', '__proto__'])
    expect(Reflect.get(value as object, 'admin')).toBeUndefined()
  })

  it.each(['{"\\n":1', '{"\\n":1}}', '{"\\n" 1}', '["\\n":1]', '{"\\x":1}', ''])(
    'refuses %s',
    (json) => {
      expect(() => parseJson(json)).toThrow(SyntaxError)
    },
  )
})
