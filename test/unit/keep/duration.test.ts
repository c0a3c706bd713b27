import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  dueBefore,
  dueFrom,
  earliest,
  isShorter,
  latest,
  type Span,
  spanOf,
} from '../../../src/keep/policy/duration.ts'
import { later } from './calendar.ts'

const span = (duration: unknown): Span => {
  const found = spanOf(duration)
  if (found === undefined) throw new TypeError(`${String(duration)} is no duration`)
  return found
}

/** What comes of a moment and a duration, both ways as people write it. */
const dated = (reckon: typeof dueFrom, moment: string, duration: string): string =>
  new Date(reckon(Date.parse(moment), span(duration))).toISOString()

const month = 30.436_875 * 86_400_000

/** Moments about the ends of months, leap days among them, and any others. */
const moment = fc.oneof(
  fc
    .tuple(
      fc.integer({ min: 1970, max: 2410 }),
      fc.nat(11),
      fc.integer({ min: -90_000_000, max: 90_000_000 }),
    )
    .map(([year, month, off]) => Date.UTC(year, month, 1) + off),
  fc
    .tuple(fc.integer({ min: 1970, max: 2410 }), fc.constantFrom(-1, 0, 1, 86_399_999, 86_400_000))
    .map(([year, off]) => Date.UTC(year, 1, 28) + 86_400_000 + off),
  fc.integer({ min: 0, max: Date.UTC(2400, 0, 1) }),
)

const duration = fc.oneof(
  fc.integer({ min: 1, max: 60 }).map((count) => `${count}mo`),
  fc.integer({ min: 1, max: 900 }).map((count) => `${count}y`),
  fc.integer({ min: 1, max: 500 }).map((count) => `${count}d`),
  fc.constantFrom('1h', '12h', '6w', 3_600_000, 86_400_001),
)

describe('a duration', () => {
  it.each<[string | number, Span]>([
    ['12h', { ms: 43_200_000 }],
    ['90d', { ms: 7_776_000_000 }],
    ['6w', { ms: 3_628_800_000 }],
    ['18mo', { months: 18 }],
    ['7y', { months: 84 }],
    ['1000y', { months: 12_000 }],
    [3_600_000, { ms: 3_600_000 }],
  ])('is read: %s', (written, expected) => {
    expect(spanOf(written)).toEqual(expected)
  })

  it.each([
    '',
    '0d',
    '-1d',
    '+1d',
    '1.5d',
    '01d',
    '1e3d',
    ' 1d',
    '1d ',
    '1d\n',
    '1 d',
    '1D',
    '1m',
    '1s',
    '1min',
    '30',
    '1001y',
    '12001mo',
    '365243d',
    '99999999h',
    '1toString',
    'never',
    0,
    -1,
    1.5,
    90,
    3_599_999,
    Number.NaN,
    Infinity,
    1e15,
    null,
    undefined,
    true,
    ['1d'],
    {},
    new Date(0),
  ])('is refused: %j', (written: unknown) => {
    expect(spanOf(written)).toBeUndefined()
  })

  it.each([
    ['89d', '90d', true],
    ['90d', '90d', false],
    ['11mo', '1y', true],
    ['12mo', '1y', false],
    ['365d', '1y', true],
    ['366d', '1y', false],
    ['1y', '366d', true],
    ['2mo', '9w', true],
  ])('%s shorter than %s: %s', (one, other, expected) => {
    expect(isShorter(span(one), span(other))).toBe(expected)
  })
})

describe('an event is due', () => {
  it.each([
    ['2021-02-28T12:00:00.000Z', '7y', '2028-02-28T12:00:00.000Z'],
    ['2028-02-29T00:00:00.000Z', '1y', '2029-03-01T00:00:00.000Z'],
    ['2028-02-29T23:59:59.999Z', '1y', '2029-03-01T00:00:00.000Z'],
    ['2028-02-29T10:30:00.001Z', '4y', '2032-02-29T10:30:00.001Z'],
    ['2096-02-29T10:30:00.000Z', '4y', '2100-03-01T00:00:00.000Z'],
    ['2028-01-31T10:30:00.000Z', '1mo', '2028-03-01T00:00:00.000Z'],
    ['2028-01-29T10:30:00.000Z', '1mo', '2028-02-29T10:30:00.000Z'],
    ['2027-12-31T10:30:00.000Z', '2mo', '2028-03-01T00:00:00.000Z'],
    ['2028-12-31T23:59:59.999Z', '1mo', '2029-01-31T23:59:59.999Z'],
    ['2028-02-28T10:00:00.000Z', '1d', '2028-02-29T10:00:00.000Z'],
    ['2028-03-25T10:00:00.000Z', '1w', '2028-04-01T10:00:00.000Z'],
  ])('of %s after %s at %s', (occurredAt, duration, expected) => {
    expect(dated(dueFrom, occurredAt, duration)).toBe(expected)
  })

  it.each([
    ['2028-02-29T00:00:00.000Z', '7y', '2021-03-01T00:00:00.000Z'],
    ['2028-02-28T12:00:00.000Z', '7y', '2021-02-28T12:00:00.001Z'],
    ['2029-02-28T23:59:59.999Z', '1y', '2028-02-29T00:00:00.000Z'],
    ['2029-03-01T00:00:00.000Z', '1y', '2028-03-01T00:00:00.001Z'],
    ['2028-03-31T08:00:00.000Z', '1mo', '2028-03-01T00:00:00.000Z'],
    ['2028-03-31T08:00:00.000Z', '90d', '2028-01-01T08:00:00.001Z'],
  ])('at %s by %s when it occurred before %s', (now, duration, expected) => {
    expect(dated(dueBefore, now, duration)).toBe(expected)
  })

  it('at the same moment by either way of asking', () => {
    fc.assert(
      fc.property(
        moment,
        duration,
        fc.integer({ min: -2, max: 2 }),
        moment,
        (at, long, off, any) => {
          const due = dueFrom(at, span(long))
          for (const now of [due + off, any]) {
            const isDue = due <= now
            expect(at < dueBefore(now, span(long))).toBe(isDue)
          }
          // From the other side: about the last event that is due.
          const before = dueBefore(any, span(long))
          expect(dueFrom(before - 1, span(long))).toBeLessThanOrEqual(any)
          expect(dueFrom(before, span(long))).toBeGreaterThan(any)
        },
      ),
      { numRuns: 5_000 },
    )
  })

  it('as a calendar has it', () => {
    fc.assert(
      fc.property(moment, duration, (at, long) => {
        expect(dueFrom(at, span(long))).toBe(later(at, long))
      }),
      { numRuns: 5_000 },
    )
  })

  it('no sooner than one that occurred before it', () => {
    fc.assert(
      fc.property(
        moment,
        fc.integer({ min: 1, max: 3 * 86_400_000 }),
        duration,
        (at, off, long) => {
          expect(dueFrom(at, span(long))).toBeLessThanOrEqual(dueFrom(at + off, span(long)))
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('at a number, however far away it is', () => {
    const far = fc.oneof(
      fc.double(),
      fc.integer({ min: earliest, max: latest }),
      fc.constantFrom(earliest, earliest + 1, latest - 1, latest, 0, -1),
      fc.integer({ min: 0, max: 1e9 }).map((off) => latest - off),
      fc.integer({ min: 0, max: 1e9 }).map((off) => earliest + off),
    )
    fc.assert(
      fc.property(far, duration, (at, long) => {
        const due = dueFrom(at, span(long))
        expect(due === Infinity || due <= latest).toBe(true)
        expect(dueBefore(at, span(long))).toBeGreaterThanOrEqual(earliest)
      }),
      { numRuns: 3_000 },
    )
    expect(dueFrom(latest, { ms: month })).toBe(Infinity)
    expect(dueBefore(earliest, { months: 1 })).toBe(earliest)
  })
})
