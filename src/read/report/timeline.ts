import {
  actionLines,
  actorCell,
  detailLines,
  linesOf,
  outcomeCell,
  targetLines,
  timeCell,
} from './cells.ts'
import { byColumns, type Shown } from './recipe.ts'

/** The columns that timelines have in common. */
export const time: Shown = {
  label: 'time',
  width: 4,
  cell: ({ row }, speech) => timeCell(row.occurredAt, row.id, speech),
}

export const actor: Shown = { label: 'actor', width: 3, cell: actorCell }

export const action: Shown = {
  label: 'action',
  width: 3,
  cell: (told, speech) => linesOf(actionLines(told, speech), speech),
}

export const targets: Shown = {
  label: 'targets',
  width: 3,
  cell: (told, speech) => linesOf(targetLines(told, speech), speech),
}

export const outcome: Shown = { label: 'outcome', width: 2, cell: outcomeCell }

export const details: Shown = {
  label: 'details',
  width: 4,
  cell: (told, speech) => linesOf(detailLines(told, speech), speech),
}

/** What happened, event by event. */
export const activity = byColumns(undefined, [time, actor, action, targets, outcome, details])
