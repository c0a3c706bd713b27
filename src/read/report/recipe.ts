import type { Kind } from '../../event/schema.ts'
import type { Told } from './cells.ts'
import type { Block, Cell, Column } from './document.ts'
import type { Speech } from './speech.ts'
import type { ReportWords } from './words/words.ts'

/** What stands behind the timeline, made of what was seen while it was read. */
export interface Afterwards {
  readonly see: (told: Told) => void
  readonly blocks: () => readonly Block[]
}

/** How the events of a report are shown. */
export interface Recipe {
  /** Of which kinds. @default all */
  readonly kinds: readonly Kind[] | undefined
  readonly columns: (words: ReportWords) => readonly Column[]
  /** The rows of one event. */
  readonly rows: (told: Told, speech: Speech) => readonly (readonly Cell[])[]
  readonly afterwards?: ((speech: Speech) => Afterwards) | undefined
}

/** A column of a timeline, and what stands in it of an event. */
export interface Shown {
  readonly label: keyof ReportWords['columns']
  /** Its share of the width. */
  readonly width: number
  readonly cell: (told: Told, speech: Speech) => Cell
}

/** A recipe of one row for each event. */
export const byColumns = (kinds: Recipe['kinds'], shown: readonly Shown[]): Recipe => ({
  kinds,
  columns: ({ columns }) => shown.map(({ label, width }) => ({ label: columns[label], width })),
  rows: (told, speech) => [shown.map(({ cell }) => cell(told, speech))],
})
