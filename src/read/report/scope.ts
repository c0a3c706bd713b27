import { amountOf, isObject } from '../../event/data.ts'
import type { Reading } from '../reading.ts'
import { shown, wordFor } from './cells.ts'
import type { Facts } from './document.ts'
import type { Asked } from './query.ts'
import type { Speech } from './speech.ts'

// What a report is of, in words.

type Fact = Facts['facts'][number]

/** The period in words; whole days where it is of whole days. */
export const periodOf = ({ from, to, isOpen, madeAt, speech }: Asked): string => {
  const { clock, words } = speech
  const last = isOpen ? clock.time(madeAt) : clock.time(to)
  const whole = !isOpen && clock.isMidnight(to) && (from === undefined || clock.isMidnight(from))
  if (!whole) return words.cover.period(from === undefined ? undefined : clock.time(from), last)
  const end = clock.date(clock.dayOf(to) - 1)
  const start = from === undefined ? undefined : clock.date(clock.dayOf(from))
  return start === end ? end : words.cover.period(start, end)
}

const exactPeriodOf = ({ from, to, isOpen, madeAt, speech }: Asked): string => {
  const { clock, words } = speech
  const start = from === undefined ? undefined : clock.time(from)
  if (isOpen) return words.cover.period(start, clock.time(madeAt))
  return words.cover.exactPeriod(start, clock.time(to))
}

/** The zone, with its distance from UTC at both ends. */
const zoneOf = ({ from, to, speech }: Asked): string => {
  const { clock, timeZone } = speech
  if (timeZone === 'UTC') return timeZone
  const offsets = [from ?? to, to - 1].map((at) => clock.offset(at))
  return `${timeZone} (${[...new Set(offsets)].join(', ')})`
}

/** Values of one member that are named; nobody reads more of them. */
const MOST_VALUES = 20

/** One value of a member of a filter, which was found to be right before. */
const valueOf = (name: string, value: unknown, speech: Speech): string => {
  const { words, clock, duration } = speech
  if (value === null) return words.cover.noTenant
  if (name === 'kind') return wordFor(words.kinds, shown(value))
  if (name === 'outcome') return wordFor(words.outcomes, shown(value))
  if (name === 'minDurationMs') return words.cover.least(duration(amountOf(value) ?? 0))
  if (name === 'from' || name === 'to') return clock.time(Number(value))
  if (!isObject(value)) return shown(value)
  if (name === 'metadata')
    return Object.entries(value)
      .map(([path, wanted]) => `${path} = ${JSON.stringify(wanted)}`)
      .join(', ')
  if (name === 'and' || name === 'or' || name === 'not') return inWords(value, speech)
  // Somebody, or something.
  const { type, id } = value
  const kind = name === 'target' ? shown(type) : wordFor(words.actorTypes, shown(type ?? ''))
  return `${kind} ${id === undefined ? '' : valuesOf('id', id, speech)}`.trim()
}

const valuesOf = (name: string, value: unknown, speech: Speech): string => {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  const texts = list.map((one) => valueOf(name, one, speech))
  if (texts.length === 0) return speech.words.nothing
  if (name === 'and') return texts.map((one) => `(${one})`).join(' + ')
  if (name === 'or') return speech.any(texts.map((one) => `(${one})`))
  if (texts.length <= MOST_VALUES) return speech.any(texts)
  const rest = speech.counted(speech.words.event.more, texts.length - MOST_VALUES)
  return `${texts.slice(0, MOST_VALUES).join(', ')} ${rest}`
}

const membersOf = (filter: object, speech: Speech): readonly Fact[] =>
  Object.entries(filter).flatMap(([name, value]: [string, unknown]) => {
    if (value === undefined) return []
    const { filters, not } = speech.words.cover
    const text = valuesOf(name, value, speech)
    return [{ name: wordFor(filters, name), value: name === 'not' ? not(text) : text }]
  })

/** A filter inside of another, on one line. */
const inWords = (filter: object, speech: Speech): string =>
  membersOf(filter, speech)
    .map(({ name, value }) => `${name}: ${shown(value)}`)
    .join('; ') || speech.words.nothing

/** Of when, of whom and of what it is. */
export const scopeOf = (asked: Asked, audit: Reading): readonly Fact[] => {
  const { speech, filter, order, processStates, issueStates } = asked
  const { cover, processStates: ofProcesses, issueStates: ofIssues } = speech.words
  const { tenant, ...rest } = filter
  // A fence says what it shows; without one there is nothing else.
  const all = audit.shows === undefined ? cover.allTenants : cover.allSeenTenants
  const states = [
    ...(processStates?.map((one) => ofProcesses[one]) ?? []),
    ...(issueStates?.map((one) => ofIssues[one]) ?? []),
  ]
  return [
    { name: cover.facts.period, value: exactPeriodOf(asked) },
    { name: cover.facts.timeZone, value: zoneOf(asked) },
    {
      name: cover.facts.tenant,
      value: tenant === undefined ? all : valuesOf('tenant', tenant, speech),
    },
    ...(states.length === 0 ? [] : [{ name: cover.facts.state, value: speech.any(states) }]),
    ...membersOf(rest, speech),
    { name: cover.facts.order, value: cover.orders[order] },
  ]
}
