import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { place } from '../../../src/event/places.ts'
import { REDACTED, rowOf, stored } from './sample.ts'

/** What `*` and `**` mean, without any thought of cost. */
const naive = (parts: readonly string[], segments: readonly string[]): boolean => {
  const [part, ...rest] = parts
  const [segment, ...others] = segments
  if (part === undefined) return segment === undefined
  if (part === '**') return naive(rest, segments) || (segment !== undefined && naive(parts, others))
  return segment !== undefined && (part === '*' || part === segment) && naive(rest, others)
}

describe('a path rule', () => {
  it.each([
    ['metadata.value.email', { email: 'x' }, { email: REDACTED }],
    [
      'metadata.value.*.email',
      { a: { email: 'x' }, email: 'y' },
      { a: { email: REDACTED }, email: 'y' },
    ],
    [
      'metadata.**.email',
      { a: { b: { email: 'x' } }, email: 'y' },
      { a: { b: { email: REDACTED } }, email: REDACTED },
    ],
    [
      'metadata.value.items.*.price',
      { items: [{ price: 1 }, { price: 2 }] },
      { items: [{ price: REDACTED }, { price: REDACTED }] },
    ],
    ['metadata.value.items.1', { items: ['a', 'b'] }, { items: ['a', REDACTED] }],
    ['metadata.value.a+b', { 'a+b': 1, aab: 2 }, { 'a+b': REDACTED, aab: 2 }],
  ])('%s masks what it names and nothing else', (path, value, expected) => {
    expect(stored(value, { redact: { paths: [path] } })).toEqual(expected)
  })

  it('masks a whole branch without telling anything of it', () => {
    expect(
      stored({ customer: { name: 'Ada' } }, { redact: { paths: ['metadata.value.customer'] } }),
    ).toEqual({
      customer: REDACTED,
    })
  })

  it('drops the name with the value where that was asked for', () => {
    const redact = { paths: [{ path: 'metadata.value.a', mask: 'drop' as const }] }
    expect(stored({ a: 1, b: 2 }, { redact })).toEqual({ b: 2 })
  })

  it('reaches fixed fields too', () => {
    const row = rowOf(
      { actor: { id: 'u1', name: 'Ada', type: 'user' } },
      { redact: { paths: ['actor.name'] } },
    )
    expect(row.record).not.toContain('Ada')
  })

  it('matches as its two stars promise, whatever the path', () => {
    const segment = fc.constantFrom('a', 'b', '', '0')
    const part = fc.oneof({ weight: 2, arbitrary: segment }, fc.constantFrom('*', '**'))
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 7 }),
        fc.array(segment, { minLength: 1, maxLength: 9 }),
        (parts, segments) => {
          expect(place(parts.join('.'))(segments.join('.'))).toBe(naive(parts, segments))
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('ends on a path of 500,000 segments made to make it try everything', () => {
    const hostile = 'a.'.repeat(500_000)
    expect(place('**.a.**.a.**.a.**.a.**.b')(hostile)).toBe(false)
    expect(place('**.a.**.b.**')(hostile)).toBe(false)
  })
})
