import type { Cell, Column, Table } from '../../../src/read/report/document.ts'
import { padded, wrapped } from './lines.ts'
import { saidIn, shown } from '../said.ts'

const GAP = 2

/** In narrower columns nothing can be read: then each cell stands on lines of its own. */
const NARROWEST = 8

/** The columns of a terminal for each of the table's, all of them used. */
const widthsOf = (columns: readonly Column[], page: number): readonly number[] => {
  const room = page - GAP * (columns.length - 1)
  const all = columns.reduce((sum, { width }) => sum + width, 0)
  let [share, used] = [0, 0]
  return columns.map(({ width }) => {
    share += width
    const end = Math.round((room * share) / all)
    const own = end - used
    used = end
    return own
  })
}

const wrappedCell = (cell: Cell, width: number): readonly string[] =>
  saidIn(cell).flatMap(({ text }) => wrapped(shown(text), width))

/** Cells side by side. */
const beside = (cells: readonly (readonly string[])[], widths: readonly number[]): string[] => {
  const height = Math.max(1, ...cells.map(({ length }) => length))
  return Array.from({ length: height }, (_, line) =>
    widths
      .map((width, index) => padded(cells[index]?.[line] ?? '', width))
      .join(' '.repeat(GAP))
      .trimEnd(),
  )
}

/** A row of which each cell stands below its column's name. */
const below = (
  cells: readonly Cell[],
  columns: readonly Column[],
  page: number,
): readonly string[] =>
  columns.flatMap(({ label }, index) => [
    ...wrapped(`${shown(label)}:`, page),
    ...wrappedCell(cells[index] ?? '', page - GAP).map((line) => `  ${line}`.trimEnd()),
  ])

/** A table as lines. Rows that take several are set apart from those around them. */
export const tableLines = async (
  { columns, rows }: Table,
  page: number,
): Promise<readonly string[]> => {
  const widths = widthsOf(columns, page)
  const isNarrow = widths.some((width) => width < NARROWEST)
  const head = columns.map(({ label }, index) => wrapped(shown(label), widths[index] ?? page))
  const rule = isNarrow
    ? ['-'.repeat(page)]
    : beside(
        widths.map((width) => ['-'.repeat(width)]),
        widths,
      )
  const lines = isNarrow ? [...rule] : [...beside(head, widths), ...rule]
  let before = 0
  for await (const cells of rows) {
    const row = isNarrow
      ? [...below(cells, columns, page), ...rule]
      : beside(
          cells.map((cell, index) => wrappedCell(cell, widths[index] ?? page)),
          widths,
        )
    if (!isNarrow && before > 0 && before + row.length > 2) lines.push('')
    before = row.length
    lines.push(...row)
  }
  return lines
}
