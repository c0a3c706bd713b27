import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { glob } from '../../../src/capture/glob.ts'

/** What the stars mean, without any thought of cost. */
const segment = (pattern: string, text: string): boolean => {
  if (pattern === '') return text === ''
  const [first = ''] = pattern
  const rest = pattern.slice(first.length)
  if (first === '*')
    return (
      segment(rest, text) || (text !== '' && segment(pattern, Array.from(text).slice(1).join('')))
    )
  const [unit] = text
  return (
    unit !== undefined &&
    (first === '?' || first === unit) &&
    segment(rest, text.slice(unit.length))
  )
}
const path = (patterns: readonly string[], segments: readonly string[]): boolean => {
  const [pattern, ...rest] = patterns
  const [first, ...others] = segments
  if (pattern === undefined) return first === undefined
  if (pattern === '**')
    return path(rest, segments) || (first !== undefined && path(patterns, others))
  return first !== undefined && segment(pattern, first) && path(rest, others)
}
const naive = (pattern: string, text: string): boolean => path(pattern.split('/'), text.split('/'))

describe('glob', () => {
  it.each([
    ['/api/users', '/api/users', true],
    ['/api/users', '/api/users/', false],
    ['/api/*', '/api/users', true],
    ['/api/*', '/api/users/7', false],
    ['/api/**', '/api/users/7', true],
    ['/api/**', '/api', true],
    ['/api/**', '/apis', false],
    ['/**', '/', true],
    ['**', '/anything/at/all', true],
    ['/**/admin', '/admin', true],
    ['/**/admin', '/a/b/admin', true],
    ['/**/admin', '/a/badmin', false],
    ['/a/**/b/**', '/a/x/b', true],
    ['/files/*.pdf', '/files/a.pdf', true],
    ['/files/*.pdf', '/files/a/b.pdf', false],
    ['/v?/x', '/v1/x', true],
    ['/v?/x', '/v/x', false],
    ['/v?', '/v\u{1f600}', true],
    ['/a.c', '/abc', false],
    ['/[a-z]+/*', '/abc/d', false],
    ['/(a|b)/*', '/(a|b)/c', true],
  ])('%s on %s: %s', (pattern, text, expected) => {
    expect(glob(pattern)(text)).toBe(expected)
  })

  it('means what its stars promise, on any path', () => {
    const unit = fc.constantFrom('a', 'b', '.', '\u{1f600}')
    const part = fc.oneof(
      {
        weight: 2,
        arbitrary: fc.string({ unit: fc.oneof(unit, fc.constantFrom('*', '?')), maxLength: 5 }),
      },
      fc.constantFrom('**', '*', ''),
    )
    // `a**` within a segment is `a*`, which the naive matcher says too.
    const patterns = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/'))
    const paths = fc
      .array(fc.string({ unit, maxLength: 4 }), { minLength: 1, maxLength: 7 })
      .map((parts) => parts.join('/'))
    fc.assert(
      fc.property(patterns, paths, (pattern, text) => {
        // The one thing added: `/api/**` is also `/api` itself, as no segment at all would be.
        expect(glob(pattern)(text)).toBe(naive(pattern, text))
      }),
      { numRuns: 5_000 },
    )
  })

  it('takes no character of a pattern for anything but itself', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !/[*?]/.test(text)),
        fc.string(),
        (pattern, text) => {
          expect(glob(pattern)(pattern)).toBe(true)
          expect(glob(pattern)(text)).toBe(pattern === text)
          expect(glob(`${pattern}/*`)(`${pattern}/x`)).toBe(true)
        },
      ),
    )
  })

  // No time is asserted: a RegExp made of these patterns would keep the run from ending.
  it.each([
    ['/**/a/**/a/**/a/**/a/**/b', '/a'.repeat(100_000)],
    ['/*a*a*a*a*a*a*a*b', `/${'a'.repeat(100_000)}`],
    ['/**/*a*a*a*b/**/c', `/${'a'.repeat(300)}`.repeat(300)],
    ['/?*?*?*?*?*b', `/${'a'.repeat(100_000)}`],
    ['**/**/**/**/**/x', '/'.repeat(100_000)],
  ])('%s ends on a path made to make it try everything', (pattern, text) => {
    expect(glob(pattern)(text)).toBe(false)
  })
})
