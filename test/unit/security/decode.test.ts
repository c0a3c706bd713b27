import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodedPath, percentDecoded, readings } from '../../../src/capture/security/decode.ts'

describe('percent-encoding', () => {
  it.each<[written: string, meant: string]>([
    ['plain', 'plain'],
    ['%41%62', 'Ab'],
    ['%2e%2E%2f', '../'],
    ['%252e%252e%252f', '../'],
    ['%25252e', '.'],
    ['%c0%ae%c0%af', './'],
    ['%e0%80%af', '/'],
    ['%f0%80%80%af', '/'],
    ['%f8%80%80%80%af', '/'],
    ['%fc%80%80%80%80%af', '/'],
    ['%c0%2f', '/'],
    ['%c0.%c0/', './'],
    ['%c1%9c', '\\'],
    ['%u002e%u002F', './'],
    ['%c3%a9', 'é'],
    ['%e2%82%ac', '€'],
    ['%f0%9f%98%80', '😀'],
    ['%e9', 'é'],
    ['100%', '100%'],
    ['%zz%4', '%zz%4'],
    ['%u12', '%u12'],
    ['a%00b', 'a\0b'],
  ])('%s is read as %s', (written, meant) => {
    expect(percentDecoded(written)).toBe(meant)
  })

  it('is undone as the standard does wherever that can', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!text.includes('%'))
        expect(percentDecoded(encodeURIComponent(text))).toBe(text)
        expect(percentDecoded(encodeURIComponent(encodeURIComponent(text)))).toBe(text)
      }),
    )
  })

  it('never makes a text longer, and never throws', () => {
    const units = fc.constantFrom('%', '2', '5', 'c', '0', 'a', 'f', 'u', 'e', '.', '/', '\ud800')
    fc.assert(
      fc.property(fc.array(units, { maxLength: 200 }), (parts) => {
        const text = parts.join('')
        expect(percentDecoded(text).length).toBeLessThanOrEqual(text.length)
      }),
    )
  })
})

describe('a path', () => {
  it.each<[written: string, meant: string]>([
    ['/a/..%5c..%5Cb', '/a/../../b'],
    ['/%uff0e%uff0e%uff0fa', '/../a'],
    ['/..%u2215..%u2216a', '/../../a'],
    ['/a%20%09b', '/a b'],
    ['/a%00.png', '/a\0.png'],
  ])('%s is read as %s', (written, meant) => {
    expect(decodedPath(written)).toBe(meant)
  })
})

describe('a value', () => {
  it.each<[written: string, meant: string]>([
    ['1 /**/ or/*x*/1=1', '1 or 1=1'],
    ['1 /*!50000union*/ /*!select*/ 2', '1 union select 2'],
    ['&lt;script&#62;&#x61;lert', '<script>alert'],
    ['\\u003cscript\\x3e', '<script>'],
    ['a\n\t b', 'a b'],
    ['a\r\nid', 'a;id'],
    [";c'a't /x", ';cat /x'],
    [';c\\at /x', ';cat /x'],
    ['<', '<'],
  ])('%j is read as %s, among others', (written, meant) => {
    expect(readings(written)).toContain(meant)
  })

  it('that hides nothing has one reading', () => {
    expect(readings("it's (a) value")).toEqual(["it's (a) value"])
  })
})
