import { amountOf } from '../../event/data.ts'
import { valueAt } from '../export/columns.ts'
import { jsonOf, lineOf, linesOf, type Told } from './cells.ts'
import type { Cell } from './document.ts'
import { byColumns } from './recipe.ts'
import type { Speech } from './speech.ts'
import { action, actor, details, outcome, targets, time } from './timeline.ts'

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
export const access = byColumns(
  ['access', 'export'],
  [
    time,
    actor,
    { ...action, width: 2 },
    { ...targets, label: 'what' },
    { label: 'extent', width: 3, cell: extentCell },
    outcome,
    { ...details, width: 3 },
  ],
)
