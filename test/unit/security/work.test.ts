import * as fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  bodyFields,
  caps,
  type Field,
  headerFields,
  pathFields,
  queryFields,
} from '../../../src/capture/security/facts.ts'
import { judgeOf } from '../../../src/capture/security/judge.ts'
import { securityRules } from '../../../src/capture/security/rules.ts'

// Hostile input costs bounded work. Work is counted, not timed: how many texts are judged, how long
// they are, how often a pattern is tried; and no pattern can do more than its length allows.

afterEach(() => vi.restoreAllMocks())

const judge = judgeOf(securityRules)
/** Readings of one text: as it is, shown, by lines, without quotes. */
const READINGS = 4
/** Unhiding adds a space on both sides of a comment at most. */
const LONGEST = 2 * Math.max(caps.path, caps.value, caps.header)

const hostile = fc.oneof(
  fc.constantFrom(
    '%',
    '%25',
    "'",
    '<',
    '../',
    '/*',
    '&#',
    '(',
    '{{',
    'a=',
    '&',
    '\\u',
    ';',
    '\n',
    '[',
    ' on',
    '%c0',
  ),
  fc.string({ maxLength: 8 }),
)
/** Pieces, and then as often as it takes to be far beyond every cap. */
const long = fc
  .tuple(fc.array(hostile, { minLength: 1, maxLength: 6 }), fc.constantFrom(1, 500, 20_000))
  .map(([parts, times]) => parts.join('').repeat(times))

const sizes = (fields: readonly Field[]): readonly number[] =>
  fields.flatMap(({ texts }) => texts.map((text) => text.length))

/** What the judge does with these: how many tests, on how many characters in all. */
const workOf = (fields: readonly Field[]): { tests: number; longest: number } => {
  let tests = 0
  let longest = 0
  const { test } = RegExp.prototype
  const spy = vi.spyOn(RegExp.prototype, 'test').mockImplementation(function (this: RegExp, text) {
    tests++
    longest = Math.max(longest, text.length)
    return test.call(this, text)
  })
  judge(fields)
  spy.mockRestore()
  return { tests, longest }
}

const check = (fields: readonly Field[], most: number): void => {
  expect(fields.length).toBeLessThanOrEqual(most)
  for (const size of sizes(fields)) expect(size).toBeLessThanOrEqual(LONGEST)
  for (const { texts } of fields) expect(texts.length).toBeLessThanOrEqual(READINGS)
  const { tests, longest } = workOf(fields)
  expect(tests).toBeLessThanOrEqual(most * READINGS * securityRules.length)
  expect(longest).toBeLessThanOrEqual(LONGEST)
}

describe('whatever is sent', () => {
  it('a path is judged in bounded work', () => {
    fc.assert(
      fc.property(long, (text) => check(pathFields(`/${text}`), caps.segments + 1)),
      { numRuns: 40 },
    )
  })

  it('a query is judged in bounded work', () => {
    fc.assert(
      fc.property(long, (text) => check(queryFields(text), 2 * caps.entries)),
      { numRuns: 40 },
    )
  })

  it('a header is judged in bounded work', () => {
    fc.assert(
      fc.property(long, (text) => {
        check(headerFields('referer', text), 1)
        check(headerFields('referer', `https://a/?${text}`), 2 * caps.entries + 1)
      }),
      { numRuns: 40 },
    )
  })

  it('a body is judged in bounded work', () => {
    const body = fc.oneof(
      long,
      fc.array(long, { maxLength: 200 }),
      fc.dictionary(long, long),
      fc.object(),
    )
    fc.assert(
      fc.property(body, (value) => check(bodyFields(value), 2 * caps.entries)),
      { numRuns: 40 },
    )
    let deep: unknown = "' or '1'='1"
    for (let i = 0; i < 10_000; i++) deep = [deep]
    expect(bodyFields(deep)).toEqual([])
  })
})

describe('a long value', () => {
  it('is judged at both ends', () => {
    expect(judge(queryFields(`a=${'x'.repeat(9_000)}' or '1'='1`))).toHaveLength(1)
    expect(judge(queryFields(`a=<script>alert(1)</script>${'x'.repeat(9_000)}`))).toHaveLength(1)
    expect(judge(pathFields(`/${'x'.repeat(9_000)}/../etc/passwd`))).toHaveLength(1)
    expect(judge(queryFields(`${'a=1&'.repeat(5_000)}b={{7*7}}`))).toHaveLength(0)
  })
})

/** A part of a pattern: how often it may repeat, and what is in it. */
interface Part {
  readonly most: number
  readonly inner: readonly Part[]
}

/** Reads the repetitions of a pattern: enough of its grammar for the question that is asked. */
const partsOf = (source: string): readonly Part[] => {
  let at = 0
  const quantifier = (): number => {
    const [written = '', from, comma, to] =
      /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(source.slice(at)) ?? []
    at += written.length
    if (written === '') return 1
    if (written.startsWith('?')) return 1
    if (!written.startsWith('{')) return Number.POSITIVE_INFINITY
    if (comma === '') return Number(from)
    return to === '' ? Number.POSITIVE_INFINITY : Number(to)
  }
  const sequence = (): Part[] => {
    const parts: Part[] = []
    while (at < source.length && source[at] !== ')') {
      const unit = source[at]
      let inner: Part[] = []
      if (unit === '\\') at += 2
      else if (unit === '[') {
        while (source[at] !== ']') at += source[at] === '\\' ? 2 : 1
        at++
      } else if (unit === '(') {
        at += /^\((?:\?(?:[:=!]|<[=!]))?/.exec(source.slice(at))?.[0].length ?? 1
        inner = sequence()
        at++
      } else at++
      parts.push({ most: quantifier(), inner })
    }
    return parts
  }
  return sequence()
}

const depthOf = (parts: readonly Part[], most = 1): number =>
  Math.max(
    most,
    ...parts.map((part) => depthOf(part.inner, most * (part.most > 1 ? part.most : 1))),
  )

const endless = (parts: readonly Part[]): boolean =>
  parts.some(({ inner, most }) => most === Number.POSITIVE_INFINITY || endless(inner))

describe('every pattern', () => {
  it.each(securityRules)('of $id repeats nothing without an end', ({ pattern }) => {
    expect(endless(partsOf(pattern.source))).toBe(false)
  })

  it.each(securityRules)('of $id repeats a repetition a few times at most', ({ pattern }) => {
    expect(depthOf(partsOf(pattern.source))).toBeLessThanOrEqual(400)
  })

  it('is read rightly by this test', () => {
    expect(endless(partsOf('a{1,3}(?:b|c[*+]\\+){2}'))).toBe(false)
    for (const source of ['a+', '(a*)b', '(?:x(?=a{2,}))?'])
      expect(endless(partsOf(source))).toBe(true)
    expect(depthOf(partsOf('(?:a{1,20}b){3}'))).toBe(60)
  })
})
