import {
  actionLines,
  actorCell,
  detailLines,
  linesOf,
  outcomeCell,
  targetLines,
  timeCell,
} from './cells.ts'
import type { Recipe } from './recipe.ts'

/** What happened, event by event. */
export const activity: Recipe = {
  kinds: undefined,
  columns: ({ columns }) => [
    { label: columns.time, width: 4 },
    { label: columns.actor, width: 3 },
    { label: columns.action, width: 3 },
    { label: columns.targets, width: 3 },
    { label: columns.outcome, width: 2 },
    { label: columns.details, width: 4 },
  ],
  rows: (told, speech) => [
    [
      timeCell(told.row.occurredAt, told.row.id, speech),
      actorCell(told, speech),
      linesOf(actionLines(told, speech), speech),
      linesOf(targetLines(told, speech), speech),
      outcomeCell(told, speech),
      linesOf(detailLines(told, speech), speech),
    ],
  ],
}
