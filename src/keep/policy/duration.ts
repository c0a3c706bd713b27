import { farthest } from '../../event/time.ts'

/** Months and years of the calendar. */
export type CalendarDuration = `${number}mo` | `${number}y`

/**
 * How long: hours, days of 24 hours, weeks of 7 days, months, years of 12 months, or a number of ms.
 * From an hour to 1,000 years, in whole numbers: `12h`, `90d`, `6w`, `18mo`, `7y`.
 *
 * Months and years are those of the calendar, in UTC: 7 years after a moment it is the same day and
 * time of day. Where the month lacks the day, they end with that month: a year after any moment of
 * 29 February 2028 is the first of 1 March 2029, so nothing is ever kept for less.
 */
export type Duration = number | `${number}h` | `${number}d` | `${number}w` | CalendarDuration

/** A duration as it is reckoned with. */
export type Span = { readonly ms: number } | { readonly months: number }

export const earliest = -farthest
export const latest = farthest

const hour = 3_600_000
const day = 24 * hour
/** Of a month on average: 400 years of the calendar are 146,097 days. */
const month = (146_097 * day) / 4_800

const lengthOf = (span: Span): number => ('ms' in span ? span.ms : span.months * month)

const units: Readonly<Record<string, Span>> = {
  h: { ms: hour },
  d: { ms: day },
  w: { ms: 7 * day },
  mo: { months: 1 },
  y: { months: 12 },
}

/** Nobody keeps an audit trail for less: a smaller number of ms was meant to be days. */
const shortest = hour
const longest = 12_000 * month

const times = (span: Span, count: number): Span =>
  'ms' in span ? { ms: span.ms * count } : { months: span.months * count }

const written = /^([1-9]\d{0,7})(h|d|w|mo|y)$/

const parse = (value: unknown): Span | undefined => {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? { ms: value } : undefined
  const [, count, name = ''] = (typeof value === 'string' && written.exec(value)) || []
  const unit = units[name]
  return unit && times(unit, Number(count))
}

export const durations = `such as '12h', '90d', '6w', '18mo' or '7y', or a number of ms, from an hour to 1,000 years`

/** What a duration says; undefined when it is none. */
export const spanOf = (value: unknown): Span | undefined => {
  const span = parse(value)
  if (span === undefined) return undefined
  const length = lengthOf(span)
  return length >= shortest && length <= longest ? span : undefined
}

/** Whether one is shorter, a month counted as 30.436875 days where the other has none. */
export const isShorter = (one: Span, other: Span): boolean => lengthOf(one) < lengthOf(other)

/** The first ms of the month so many months after that of a moment. */
const monthStart = (moment: number, months: number): number => {
  const date = new Date(moment)
  date.setUTCDate(1)
  date.setUTCHours(0, 0, 0, 0)
  return date.setUTCMonth(date.getUTCMonth() + months)
}

// The two below agree: `before < dueBefore(now, span)` just when `dueFrom(before, span) <= now`. In a
// month of the calendar both keep the time since its start, and both end with it where it is shorter.

/** The first ms at which an event is so old; Infinity where no Date reaches. */
export const dueFrom = (occurredAt: number, span: Span): number => {
  const due =
    'ms' in span
      ? occurredAt + span.ms
      : Math.min(
          monthStart(occurredAt, span.months) + occurredAt - monthStart(occurredAt, 0),
          monthStart(occurredAt, span.months + 1),
        )
  return due <= latest ? due : Infinity
}

/** Events that occurred before this are so old now; `earliest` where no Date reaches. */
export const dueBefore = (now: number, span: Span): number => {
  const before =
    'ms' in span
      ? now - span.ms + 1
      : Math.min(
          monthStart(now, -span.months) + now - monthStart(now, 0) + 1,
          monthStart(now, 1 - span.months),
        )
  return before > earliest ? before : earliest
}
