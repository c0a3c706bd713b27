import type { StoredRow } from '../../event/row.ts'
import type { Outcome } from '../../event/schema.ts'
import { eventOf } from '../event.ts'
import { type Facts as EventFacts, factsOf, type Person, type Thing } from '../export/facts.ts'
import type { Cell, Said, Tone } from './document.ts'
import type { Speech } from './speech.ts'

/** An event as its columns and its record tell it. */
export interface Told {
  readonly row: StoredRow
  readonly facts: EventFacts
  readonly unreadable: boolean
  readonly event: { readonly [name: string]: unknown }
}

type Line = string | Said

/** Lines of one cell: a page holds few more. */
const MOST_LINES = 25

export const tones: Readonly<Record<Outcome, Tone>> = {
  success: 'success',
  failure: 'failure',
  denied: 'denied',
  unknown: 'muted',
}

export const toldOf = (row: StoredRow): Told => {
  const event = eventOf(row)
  return { row, facts: factsOf(event), unreadable: event.unreadable === true, event: { ...event } }
}

/** The word for a value; one that is not known is shown as it is. */
export const wordFor = (words: Readonly<Record<string, string>>, value: string): string =>
  (Object.hasOwn(words, value) ? words[value] : undefined) ?? value

/** A text as it is; whatever else somebody wrote in its place, as JSON. */
export const shown = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '')

export const muted = (text: string): Said => ({ text, tone: 'muted' })

/** Lines, of which some may be missing; something stands in every cell. */
export const linesOf = (lines: readonly (Line | undefined)[], { words, counted }: Speech): Cell => {
  const said = lines.filter((line) => line !== undefined)
  const [only, ...more] = said
  if (only === undefined) return words.nothing
  if (more.length === 0) return only
  if (said.length <= MOST_LINES) return said
  const rest = said.length - MOST_LINES + 1
  return [...said.slice(0, MOST_LINES - 1), muted(counted(words.event.more, rest))]
}

/** A line that says something of what there is. */
export const lineOf = <Value>(
  value: Value | undefined,
  say: (value: Value) => Line,
): Line | undefined => (value === undefined ? undefined : say(value))

export const timeCell = (at: number, id: string, { clock }: Speech): Cell => [
  clock.time(at),
  { text: id, tone: 'muted', event: id },
]

const nameOf = ({ name, id }: Thing, { words }: Speech): string => name ?? id ?? words.nothing

/** Whoever has a name has an id too, which tells him from another of that name. */
export const fullNameOf = (thing: Thing, speech: Speech): string =>
  thing.name === undefined || thing.id === undefined
    ? nameOf(thing, speech)
    : `${thing.name} (${thing.id})`

/** A person of a view, which has him as his record does. */
export const personNameOf = (actor: unknown, speech: Speech): string =>
  fullNameOf(factsOf({ actor }).actor, speech)

export const actorCell = ({ row, facts }: Told, speech: Speech): Cell => {
  const { words } = speech
  const { name, role } = facts.actor
  const type = wordFor(words.actorTypes, row.actorType)
  const about = [name === undefined ? undefined : row.actorId, type, role]
  const others = facts.onBehalfOf.map((one: Person) =>
    muted(words.event.onBehalfOf(fullNameOf(one, speech))),
  )
  const what = muted(about.filter((one) => one !== undefined).join(' · '))
  return linesOf([name ?? row.actorId, what, ...others], speech)
}

export const actionLines = ({ row }: Told, { words }: Speech): readonly Line[] => [
  row.action,
  muted(wordFor(words.kinds, row.kind)),
]

export const targetLines = ({ facts }: Told, speech: Speech): readonly Line[] =>
  facts.targets.map((one) => `${one.type ?? ''} ${fullNameOf(one, speech)}`.trim())

export const outcomeLine = ({ row }: Told, { words }: Speech): Said => ({
  text: wordFor(words.outcomes, row.outcome),
  tone: tones[row.outcome],
  bold: true,
})

export const outcomeCell = (told: Told, speech: Speech): Cell => {
  const { status } = told.row
  const said = status === null ? undefined : muted(speech.words.event.status(String(status)))
  return linesOf([outcomeLine(told, speech), said], speech)
}

export const faultLine = (error: EventFacts['error']): Said | undefined => {
  const text = [error.type, error.message].filter((one) => one !== undefined).join(': ')
  return text === '' ? undefined : { text, tone: 'failure' }
}

/** Where it came from, and why. */
export const detailLines = (told: Told, { words }: Speech): readonly (Line | undefined)[] => {
  const { row, facts, unreadable } = told
  const path = facts.request('path')
  const place = [row.method, row.route ?? path].filter((one) => one !== null && one !== undefined)
  return [
    unreadable ? { text: words.event.unreadable, tone: 'failure' } : undefined,
    place.length === 0 ? undefined : place.join(' '),
    row.route === null || path === row.route ? undefined : lineOf(path, muted),
    lineOf(row.ip ?? undefined, words.event.address),
    lineOf(facts.reason, words.event.reason),
    faultLine(facts.error),
  ]
}

/** As it is stored: a text in its quotes is no number. */
export const jsonOf = (value: unknown): string | undefined =>
  value === undefined ? undefined : JSON.stringify(value)
