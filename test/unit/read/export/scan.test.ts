import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from '../../../../src/event/parse.ts'
import { valueAt } from '../../../../src/read/export/columns.ts'
import { scannerOf } from '../../../../src/read/export/scan.ts'

const parse = (record: string): unknown => {
  try {
    return parseJson(record)
  } catch {
    return undefined
  }
}

const names = ['a', 'b', '0', '1', 'é', 'a.b', '__proto__', 'toString', '"', '\\', 'a\\b', '']
const name = fc.constantFrom(...names)
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\\', '"', '\\"', '{', '}', '[,:]', '\\\\"'),
)

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4 }),
  ),
}))

const paths = fc.uniqueArray(fc.array(name, { minLength: 1, maxLength: 3 }), {
  minLength: 1,
  maxLength: 8,
  selector: (path) => JSON.stringify(path),
})

describe('a scanner', () => {
  it('finds in any JSON what parsing it finds, as it is written there', () => {
    fc.assert(
      fc.property(value, paths, (event, places) => {
        const record = JSON.stringify(event)
        const found = scannerOf(places, parse)(record)
        expect(found).toEqual(
          places.map((path) => JSON.stringify(valueAt(parseJson(record), path))),
        )
      }),
      { numRuns: 1_000 },
    )
  })

  it('finds in any text what parsing it finds, or nothing, and never throws', () => {
    const scan = scannerOf([['a'], ['a', 'b'], ['a', '0']], parse)
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('{', '}', '[', ']', '"', ':', ',', 'a', '\\', ' ', '1', '"a":'), {
          maxLength: 12,
        }),
        (parts) => {
          expect(scan(parts.join(''))).toHaveLength(3)
        },
      ),
      { numRuns: 3_000 },
    )
  })

  it.each([
    ['blanks', '{ "a" : 1 }', '1'],
    ['a name that is written in another way', '{"\\u0061":1}', '1'],
    ['two of one name: the last one', '{"a":1,"a":2}', '2'],
    ['something behind it', '{"a":1} ', '1'],
    ['no JSON', '{"a":1', undefined],
    ['no object', '[1]', undefined],
    ['nothing', '', undefined],
  ])('reads a record with %s as a parser does', (_, record, wanted) => {
    expect(scannerOf([['a']], parse)(record)).toEqual([wanted])
  })

  it('parses no record that is written as ours are', () => {
    let parsed = 0
    const scan = scannerOf([['a', 'b']], () => (parsed += 1))
    expect(scan('{"a":{"b":"\\"x\\\\"},"c":[{"a":[]},{}]}')).toEqual(['"\\"x\\\\"'])
    expect(parsed).toBe(0)
  })
})
