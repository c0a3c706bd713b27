import { isObject } from '../../event/data.ts'
import {
  actionLines,
  actorCell,
  jsonOf,
  lineOf,
  linesOf,
  muted,
  outcomeLine,
  targetLines,
  timeCell,
  type Told,
} from './cells.ts'
import type { Cell } from './document.ts'
import type { Recipe } from './recipe.ts'
import type { Speech } from './speech.ts'

type Changed = readonly [field: Cell, before: Cell, after: Cell]

/** A value as it is stored; a side that is not there is one of what was created, or deleted. */
const changedIn = ({ event }: Told, { words }: Speech): readonly [Changed, ...Changed[]] => {
  const { changes } = event
  const all = isObject(changes) ? Object.entries(changes) : []
  const [first, ...more] = all.map(([field, change]): Changed => {
    const side = (name: string): string =>
      jsonOf(isObject(change) ? change[name] : undefined) ?? words.nothing
    return [field, side('old'), side('new')]
  })
  return first === undefined ? [[words.nothing, words.nothing, words.nothing]] : [first, ...more]
}

const deedCell = (told: Told, speech: Speech): Cell => {
  const { row, facts } = told
  const ended = row.outcome === 'success' ? undefined : outcomeLine(told, speech)
  return linesOf(
    [
      actionLines(told, speech)[0],
      ended,
      ...targetLines(told, speech),
      lineOf(facts.reason, speech.words.event.reason),
      lineOf(told.unreadable ? speech.words.event.unreadable : undefined, muted),
    ],
    speech,
  )
}

/** What was changed, field by field. */
export const changes: Recipe = {
  kinds: ['change'],
  columns: ({ columns }) => [
    { label: columns.time, width: 4 },
    { label: columns.actor, width: 3 },
    { label: columns.action, width: 4 },
    { label: columns.field, width: 2 },
    { label: columns.before, width: 4 },
    { label: columns.after, width: 4 },
  ],
  rows: (told, speech) => {
    const { id, occurredAt } = told.row
    const [first, ...more] = changedIn(told, speech)
    const whole = [
      timeCell(occurredAt, id, speech),
      actorCell(told, speech),
      deedCell(told, speech),
      ...first,
    ]
    // By its id each of the others is known, also on another page.
    const again: Cell = { text: id, tone: 'muted', event: id }
    return [whole, ...more.map((changed): readonly Cell[] => [again, '', '', ...changed])]
  },
}
