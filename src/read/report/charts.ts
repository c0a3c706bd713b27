import type { Outcome } from '../../event/schema.ts'
import { tones } from './cells.ts'
import { DAY } from './clock.ts'
import type { Amount, Block, Chart } from './document.ts'
import type { Speech } from './speech.ts'
import { MOST_NAMES, type Named, type Names, type Outcomes, type Tally } from './tally.ts'
import type { Counted } from './words/words.ts'

/** Bars along the days that can still be told apart on a page. */
const MOST_BARS = 62
const TOP = 10

const outcomes: readonly Outcome[] = ['success', 'failure', 'denied', 'unknown']

type Bars = Chart['bars']

/** The outcomes that there are anywhere: bars are told by the same colours, and no others are explained. */
const partsOf = (all: readonly Readonly<Outcomes>[], { words, number }: Speech) => {
  const used = outcomes.filter((outcome) => all.some((one) => one[outcome] > 0))
  return (one: Readonly<Outcomes>): readonly Amount[] =>
    used.map((outcome) => ({
      label: words.outcomes[outcome],
      value: one[outcome],
      text: number(one[outcome]),
      tone: tones[outcome],
    }))
}

/** All that bars show, in words. */
export const alternativeOf = (title: string, bars: Bars): string => {
  const told = bars.map(({ label, parts }) => {
    const some = parts.filter(({ value }) => value > 0)
    const shown = (some.length > 0 ? some : parts.slice(0, 1)).map(
      (part) => `${part.text} ${part.label}`,
    )
    return `${label}: ${shown.join(', ')}`
  })
  return `${title}. ${told.join('; ')}.`
}

const chart = (title: string, form: Chart['form'], bars: Bars): Chart => ({
  type: 'chart',
  title,
  alternative: alternativeOf(title, bars),
  bars,
  form,
})

/** How days are put together. */
interface Grouping {
  readonly title: string
  readonly of: (day: number) => number
  /** A day of the group, which names it. */
  readonly dayIn: (group: number) => number
  readonly label: (day: number) => string
}

const monthOf = (day: number): number => {
  const date = new Date(day * DAY)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

const firstDayOf = (month: number): number => {
  // `Date.UTC` takes the years of the first century for others.
  const date = new Date(0)
  date.setUTCFullYear(Math.floor(month / 12), month % 12)
  return Math.floor(date.getTime() / DAY)
}

const groupings = (first: number, last: number, speech: Speech): readonly Grouping[] => {
  const { words, clock, counted } = speech
  const { charts } = words
  const yearOf = (day: number): number => Math.floor(monthOf(day) / 12)
  const years = Math.ceil((yearOf(last) - yearOf(first) + 1) / MOST_BARS)
  return [
    { title: charts.perDay, of: (day) => day, dayIn: (day) => day, label: clock.shortDate },
    {
      title: charts.perWeek,
      // Day 0 was a Thursday.
      of: (day) => Math.floor((day + 3) / 7),
      dayIn: (week) => week * 7 - 3,
      label: clock.shortDate,
    },
    { title: charts.perMonth, of: monthOf, dayIn: firstDayOf, label: clock.month },
    {
      title: counted(charts.perYears, years),
      of: (day) => Math.floor((yearOf(day) - yearOf(first)) / years),
      dayIn: (group) => firstDayOf((yearOf(first) + group * years) * 12),
      label: clock.year,
    },
  ]
}

const alongDays = ({ days }: Tally, speech: Speech): Chart | undefined => {
  if (days.size === 0) return undefined
  // No spread: of a million days no call takes as many arguments.
  let [first, last] = [Infinity, -Infinity]
  for (const day of days.keys()) [first, last] = [Math.min(first, day), Math.max(last, day)]
  const fits = ({ of }: Grouping): boolean => of(last) - of(first) < MOST_BARS
  const grouping = groupings(first, last, speech).find(fits)
  if (grouping === undefined) return undefined
  const { of, dayIn, label, title } = grouping
  const groups = Array.from({ length: of(last) - of(first) + 1 }, (_, index) => ({
    label: label(dayIn(of(first) + index)),
    outcomes: { success: 0, failure: 0, denied: 0, unknown: 0 },
  }))
  for (const [day, counts] of days) {
    const group = groups[of(day) - of(first)]
    if (group !== undefined)
      for (const outcome of outcomes) group.outcomes[outcome] += counts[outcome]
  }
  return chart(title, 'columns', barsOf(groups, speech))
}

const barsOf = (groups: readonly Named[], speech: Speech): Bars => {
  const parts = partsOf(
    groups.map(({ outcomes }) => outcomes),
    speech,
  )
  return groups.map(({ label, outcomes }) => ({ label, parts: parts(outcomes) }))
}

const ofNames = (names: Names, title: Counted, speech: Speech): Chart | undefined => {
  const top = names.top(TOP)
  if (top.length === 0) return undefined
  const { words, counted } = speech
  const named = counted(title, top.length)
  const whole = names.isFull() ? `${named}, ${counted(words.charts.bounded, MOST_NAMES)}` : named
  return chart(whole, 'rows', barsOf(top, speech))
}

/** What the counts look like. */
export const chartsOf = (tally: Tally, speech: Speech): readonly Block[] => {
  const { charts } = speech.words
  return [
    alongDays(tally, speech),
    ofNames(tally.actors, charts.actors, speech),
    ofNames(tally.actions, charts.actions, speech),
    ofNames(tally.routes, charts.routes, speech),
  ].filter((one) => one !== undefined)
}
