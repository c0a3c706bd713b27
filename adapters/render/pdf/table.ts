import type { Cell, Column, Table } from '../../../src/read/report/document.ts'
import { isList } from '../said.ts'
import { textIn } from './file.ts'
import { type Flow, n, shown, type Styled, styled } from './flow.ts'
import type { Setter } from './font/setter.ts'
import { colours, inner, leadingOf, margin, padding, pageRoom, sizes } from './look.ts'
import type { Element, Tags } from './tags.ts'

/** What draws: shared by all blocks of a report. */
export interface Pen {
  readonly flow: Flow
  readonly tags: Tags
  readonly setter: Setter
  /** The part of the report that is being drawn. */
  readonly part: Element
  /** Resolves when there is room for more pages. */
  readonly rest: () => Promise<void> | undefined
  /** The action of a link to an event; undefined where events cannot be looked at. */
  readonly eventAction: (id: string) => string | undefined
}

interface Place {
  readonly x: number
  readonly width: number
  /** In thousandths of the size of a cell. */
  readonly most: number
}

const leading = leadingOf(sizes.cell)

/** The columns side by side, as wide as the page. */
const placesOf = (columns: readonly Column[]): readonly Place[] => {
  const all = columns.reduce((sum, { width }) => sum + width, 0)
  let x: number = margin.left
  return columns.map(({ width: share }) => {
    const width = (inner * share) / all
    const place = { x, width, most: ((width - 2 * padding.x) / sizes.cell) * 1_000 }
    x += width
    return place
  })
}

const setCell = (setter: Setter, cell: Cell, most: number): readonly Styled[] =>
  isList(cell) ? cell.flatMap((said) => styled(setter, said, most)) : styled(setter, cell, most)

const rule = (y: number, colour: string, width: number): string =>
  `${colour} RG ${n(width)} w ${n(margin.left)} ${n(y)} m ${n(margin.left + inner)} ${n(y)} l S\n`

/** Events that a cell names lead to where they can be looked at. */
const linkEvents = (
  { flow, eventAction }: Pen,
  element: Element,
  { x }: Place,
  y: number,
  lines: readonly Styled[],
): void => {
  for (const [index, { event, line }] of lines.entries()) {
    const action = event === undefined ? undefined : eventAction(event)
    if (action === undefined || event === undefined) continue
    const base = y - index * leading
    const right = x + padding.x + (line.width * sizes.cell) / 1_000
    flow.link(element, [x + padding.x, base - 2, right, base + sizes.cell], action, event)
  }
}

/** Headings again, on a page that the table goes on on: said once, they are no part of what is read out. */
const headAgain = (
  { flow }: Pen,
  places: readonly Place[],
  head: readonly (readonly Styled[])[],
): void => {
  const base = flow.place().y - padding.y - sizes.cell
  for (const [index, lines] of head.entries()) {
    const x = (places[index]?.x ?? 0) + padding.x
    const drawn = lines
      .map(
        (line, at) =>
          `${at === 0 ? `${n(x)} ${n(base)}` : `0 ${n(-leading)}`} Td ${shown(line, sizes.cell)}\n`,
      )
      .join('')
    flow.artifact(`BT ${colours.ink} rg ${colours.ink} RG /F0 ${sizes.cell} Tf\n${drawn}ET\n`)
  }
}

interface Row {
  readonly element: Element
  readonly cells: readonly (readonly Styled[])[]
}

/** Draws a row: what has no room goes on on the next page, however many it takes. */
const drawRow = (
  pen: Pen,
  places: readonly Place[],
  { element, cells }: Row,
  tag: 'TD' | 'TH',
): void => {
  const { flow, tags } = pen
  const most = Math.max(1, ...cells.map(({ length }) => length))
  const opened = cells.map(() =>
    tags.open(tag, element, tag === 'TH' ? '/A<</O/Table/Scope/Column>>' : ''),
  )
  // A row that fits on a page is not broken.
  const height = most * leading + 2 * padding.y
  if (height > flow.room() && height < 600) flow.turn()
  for (let from = 0; from < most;) {
    const fits = Math.floor((flow.room() - 2 * padding.y) / leading)
    if (fits < 1) {
      flow.turn()
      continue
    }
    const count = Math.min(fits, most - from)
    const { y } = flow.place()
    const base = y - padding.y - sizes.cell
    for (const [index, place] of places.entries()) {
      const lines = cells[index]?.slice(from, from + count) ?? []
      const cell = opened[index]
      if (cell === undefined || lines.length === 0) continue
      const link = lines.some(
        ({ event }) => event !== undefined && pen.eventAction(event) !== undefined,
      )
      const within = link ? tags.open('Link', cell) : cell
      flow.text(within, place.x + padding.x, base, sizes.cell, lines)
      if (link) {
        linkEvents(pen, within, place, base, lines)
        tags.close(within)
      }
    }
    flow.down(count * leading + 2 * padding.y)
    from += count
    if (tag === 'TD') flow.artifact(rule(flow.place().y, colours.rule, 0.4))
  }
  for (const cell of opened) tags.close(cell)
}

/** Draws a table; its headings stand on every page that it takes. */
export const drawTable = async (pen: Pen, { caption, columns, rows }: Table): Promise<void> => {
  const { flow, tags, setter, part } = pen
  const places = placesOf(columns)
  const head = columns.map(({ label }, index) =>
    styled(setter, { text: label, bold: true }, places[index]?.most ?? 0),
  )
  const headHeight = Math.max(1, ...head.map(({ length }) => length)) * leading + 2 * padding.y
  const shade = (): void => {
    const { y } = flow.place()
    flow.artifact(
      `${colours.shade} rg ${n(margin.left)} ${n(y - headHeight)} ${n(inner)} ${n(headHeight)} re f\n`,
    )
    flow.artifact(rule(y - headHeight, colours.muted, 0.6))
  }
  const table = tags.open('Table', part, `/A<</O/Table/Summary ${textIn(caption)}>>`)
  flow.need(headHeight + 3 * leading)
  shade()
  const element = tags.open('TR', table)
  drawRow(pen, places, { element, cells: head }, 'TH')
  tags.close(element)
  // Headings that fill a page would leave no room for rows on any.
  const repeats = headHeight < pageRoom / 2
  flow.onTurn(() => {
    if (!repeats) return
    shade()
    headAgain(pen, places, head)
    flow.down(headHeight)
  })
  try {
    for await (const cells of rows) {
      const row = tags.open('TR', table)
      const set = cells.map((cell, index) => setCell(setter, cell, places[index]?.most ?? 0))
      drawRow(pen, places, { element: row, cells: set }, 'TD')
      tags.close(row)
      const resting = pen.rest()
      if (resting !== undefined) await resting
    }
  } finally {
    flow.onTurn(undefined)
  }
  tags.close(table)
  flow.down(8)
}
