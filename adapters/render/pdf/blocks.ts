import type { Block, Facts, Heading, Note } from '../../../src/read/report/document.ts'
import { isList } from '../said.ts'
import { drawChart } from './chart.ts'
import { styled } from './flow.ts'
import { inner, leadingOf, margin, sizes } from './look.ts'
import { drawTable, type Pen } from './table.ts'
import type { Place } from './flow.ts'

/** A heading that the contents lead to. */
export interface Mark extends Place {
  readonly level: 1 | 2 | 3
  readonly text: string
}

const heading = (pen: Pen, { level, text }: Heading): Mark => {
  const { flow, tags, setter, part } = pen
  const size = sizes.heading[level]
  const leading = leadingOf(size)
  const lines = styled(setter, { text, bold: true }, (inner / size) * 1_000)
  const height = lines.length * leading
  // A part begins a page of its own; any other heading has something below it.
  if (level === 1) flow.turn()
  else flow.need(height + 60)
  if (level !== 1) flow.down(6)
  const { sheet, y } = flow.place()
  const element = tags.open(`H${level}`, part)
  flow.text(element, margin.left, y - size, size, lines)
  tags.close(element)
  flow.down(height + 6)
  return { sheet, y: y + 4, level, text }
}

const paragraph = (pen: Pen, { text, tone }: Note): void => {
  const { flow, tags, setter, part } = pen
  const size = sizes.text
  const leading = leadingOf(size)
  const element = tags.open('P', part)
  for (const line of styled(setter, { text, tone }, (inner / size) * 1_000)) {
    flow.need(leading)
    flow.text(element, margin.left, flow.place().y - size, size, [line])
    flow.down(leading)
  }
  tags.close(element)
  flow.down(6)
}

const NAME = 130

/** Names at the left, what is said of them beside it. */
const facts = (pen: Pen, block: Facts): void => {
  const { flow, tags, setter, part } = pen
  const size = sizes.text - 1
  const leading = leadingOf(size)
  for (const { name, value } of block.facts) {
    const named = styled(setter, { text: name, tone: 'muted' }, ((NAME - 8) / size) * 1_000)
    const said = isList(value) ? value : [value]
    const lines = said.flatMap((one) => styled(setter, one, ((inner - NAME) / size) * 1_000))
    const element = tags.open('P', part)
    const rows = Math.max(named.length, lines.length)
    if (rows * leading < 300) flow.need(rows * leading)
    for (let at = 0; at < rows; at += 1) {
      flow.need(leading)
      const y = flow.place().y - size
      const [left, right] = [named[at], lines[at]]
      if (left !== undefined) flow.text(element, margin.left, y, size, [left])
      if (right !== undefined) flow.text(element, margin.left + NAME, y, size, [right])
      flow.down(leading)
    }
    tags.close(element)
    flow.down(2)
  }
  flow.down(6)
}

/** Draws a block; a heading is given back, for the contents to lead to. */
export const drawBlock = async (pen: Pen, block: Block): Promise<Mark | undefined> => {
  switch (block.type) {
    case 'heading':
      return heading(pen, block)
    case 'note':
      paragraph(pen, block)
      break
    case 'facts':
      facts(pen, block)
      break
    case 'chart':
      drawChart(pen, block)
      break
    case 'table':
      await drawTable(pen, block)
      break
    // no default
  }
  await pen.rest()
  return undefined
}
