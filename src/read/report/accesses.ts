import { amountOf } from '../../event/data.ts'
import { valueAt } from '../export/columns.ts'
import {
  actionLines,
  actorCell,
  detailLines,
  jsonOf,
  lineOf,
  linesOf,
  outcomeCell,
  targetLines,
  timeCell,
  type Told,
} from './cells.ts'
import type { Cell } from './document.ts'
import type { Recipe } from './recipe.ts'
import type { Speech } from './speech.ts'

const filled = (value: unknown): unknown => (value === null ? undefined : value)

/** How much of it: fields, how many, and which were asked for. */
const extentCell = ({ event, facts }: Told, speech: Speech): Cell => {
  const { words, counted, number } = speech
  const data = (name: string): unknown => filled(valueAt(event, ['data', name]))
  return linesOf(
    [
      lineOf(amountOf(data('count')), (count) => counted(words.event.items, count)),
      lineOf(amountOf(data('records')), (count) => counted(words.event.records, count)),
      lineOf(amountOf(data('bytes')), (bytes) => `${number(bytes)} ${words.units.bytes}`),
      facts.data('format'),
      lineOf(jsonOf(data('fields')), words.event.fields),
      lineOf(jsonOf(data('filter') ?? data('filters')), words.event.filter),
      lineOf(facts.data('purpose'), words.event.purpose),
    ],
    speech,
  )
}

/** Who read what, and who took it out. */
export const access: Recipe = {
  kinds: ['access', 'export'],
  columns: ({ columns }) => [
    { label: columns.time, width: 4 },
    { label: columns.actor, width: 3 },
    { label: columns.action, width: 2 },
    { label: columns.what, width: 3 },
    { label: columns.extent, width: 3 },
    { label: columns.outcome, width: 2 },
    { label: columns.details, width: 3 },
  ],
  rows: (told, speech) => [
    [
      timeCell(told.row.occurredAt, told.row.id, speech),
      actorCell(told, speech),
      linesOf(actionLines(told, speech), speech),
      linesOf(targetLines(told, speech), speech),
      extentCell(told, speech),
      outcomeCell(told, speech),
      linesOf(detailLines(told, speech), speech),
    ],
  ],
}
