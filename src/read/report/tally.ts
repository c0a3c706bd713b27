import { REDACTED } from '../../event/mask.ts'
import type { Outcome } from '../../event/schema.ts'
import { fullNameOf, type Told } from './cells.ts'
import type { Speech } from './speech.ts'

// All that is kept of the events of a report.

/** Names that are counted one by one: whoever sends events can make up as many as he likes. */
export const MOST_NAMES = 10_000

export type Outcomes = Record<Outcome, number>

export interface Named {
  readonly label: string
  readonly outcomes: Outcomes
}

export interface Names {
  /** Those with most events, the first of them; of as many, by name. */
  readonly top: (most: number) => readonly Named[]
  readonly isFull: () => boolean
}

export interface Tally {
  readonly add: (told: Told) => void
  readonly total: () => number
  readonly outcomes: Readonly<Outcomes>
  readonly kinds: ReadonlyMap<string, number>
  /** By day on the wall of the report's zone. */
  readonly days: ReadonlyMap<number, Readonly<Outcomes>>
  readonly actors: Names
  readonly actions: Names
  readonly routes: Names
  /** Events with such values. */
  readonly marks: Readonly<Record<'masked' | 'truncated' | 'unreadable', number>>
}

const none = (): Outcomes => ({ success: 0, failure: 0, denied: 0, unknown: 0 })

const sumOf = ({ success, failure, denied, unknown }: Readonly<Outcomes>): number =>
  success + failure + denied + unknown

const byNumber = (one: Named, other: Named): number =>
  sumOf(other.outcomes) - sumOf(one.outcomes) || (one.label < other.label ? -1 : 1)

type Add = (key: string, label: string, outcome: Outcome) => void

const namesOf = (): Names & { readonly add: Add } => {
  const names = new Map<string, Named>()
  let isFull = false
  return {
    add: (key, label, outcome) => {
      const known = names.get(key)
      if (known !== undefined) known.outcomes[outcome] += 1
      else if (names.size >= MOST_NAMES) isFull = true
      else names.set(key, { label, outcomes: { ...none(), [outcome]: 1 } })
    },
    top: (most) => [...names.values()].toSorted(byNumber).slice(0, most),
    isFull: () => isFull,
  }
}

const routeOf = ({ row }: Told): string | undefined =>
  row.route === null ? undefined : `${row.method ?? ''} ${row.route}`.trim()

export const tallyOf = (speech: Speech): Tally => {
  let total = 0
  const outcomes = none()
  const kinds = new Map<string, number>()
  const days = new Map<number, Outcomes>()
  const [actors, actions, routes] = [namesOf(), namesOf(), namesOf()]
  const marks = { masked: 0, truncated: 0, unreadable: 0 }
  return {
    add: (told) => {
      const { row, facts, event, unreadable } = told
      const { outcome } = row
      total += 1
      outcomes[outcome] += 1
      kinds.set(row.kind, (kinds.get(row.kind) ?? 0) + 1)
      const day = speech.clock.dayOf(row.occurredAt)
      const known = days.get(day) ?? none()
      days.set(day, known)
      known[outcome] += 1
      const { name } = facts.actor
      const who = { type: undefined, id: row.actorId, name }
      actors.add(`${row.actorType} ${row.actorId}`, fullNameOf(who, speech), outcome)
      actions.add(row.action, row.action, outcome)
      const route = routeOf(told)
      if (row.kind === 'request' && route !== undefined) routes.add(route, route, outcome)
      const cut = event['truncated']
      if (row.record.includes(REDACTED)) marks.masked += 1
      if (Array.isArray(cut) && cut.length > 0) marks.truncated += 1
      if (unreadable) marks.unreadable += 1
    },
    total: () => total,
    outcomes,
    kinds,
    days,
    actors,
    actions,
    routes,
    marks,
  }
}
