import type { Amount, Chart, Tone } from '../../../src/read/report/document.ts'
import { n, shown } from './flow.ts'
import { barColourOf, colours, inner, margin, sizes } from './look.ts'
import type { Pen } from './table.ts'
import { alternative } from './tags.ts'

const HEIGHT = 78
const BAR = 10
const GAP = 5

const rectangle = (fill: string, x: number, y: number, width: number, height: number): string =>
  `${fill} rg ${n(x)} ${n(y)} ${n(width)} ${n(height)} re f\n`

/** One line, cut where it would be too wide. */
const words = (
  { setter }: Pen,
  text: string,
  { x, y, most, end = false }: { x: number; y: number; most: number; end?: boolean },
): string => {
  const size = sizes.small
  const [line, ...more] = setter.lines(text, (most / size) * 1_000)
  if (line === undefined) return ''
  const cut = more.length > 0 ? (setter.lines('…', 1_000)[0]?.pieces ?? []) : []
  const whole = { pieces: [...line.pieces, ...cut], width: line.width }
  const start = end ? x - (line.width * size) / 1_000 : x
  return `BT ${colours.ink} rg /F0 ${size} Tf ${n(start)} ${n(y)} Td ${shown({ line: whole }, size)} ET\n`
}

const sumOf = (parts: readonly Amount[]): number => parts.reduce((sum, { value }) => sum + value, 0)

/** What the colours stand for, for who sees no others. */
const legend = (pen: Pen, { bars }: Chart, y: number): string => {
  const names = new Map<string, Tone | undefined>()
  for (const { parts } of bars) for (const { label, tone } of parts) names.set(label, tone)
  if (names.size < 2) return ''
  let x: number = margin.left
  return [...names]
    .map(([label, tone]) => {
      const drawn =
        rectangle(barColourOf(tone), x, y, 6, 6) +
        words(pen, label, { x: x + 9, y: y + 0.5, most: 90 })
      x += 100
      return drawn
    })
    .join('')
}

const columns = (pen: Pen, { bars }: Chart, bottom: number): string => {
  const most = Math.max(1, ...bars.map(({ parts }) => sumOf(parts)))
  const step = inner / Math.max(1, bars.length)
  // Each label has the room of as many bars as it covers.
  const every = Math.ceil(52 / step)
  const drawn = bars.map(({ label, parts }, index) => {
    const x = margin.left + index * step
    let y = bottom
    const stack = parts.map(({ value, tone }) => {
      const height = (value / most) * HEIGHT
      const part =
        value === 0
          ? ''
          : rectangle(barColourOf(tone), x, y, Math.max(0.6, Math.min(step * 0.8, 26)), height)
      y += height
      return part
    })
    const name =
      index % every === 0 ? words(pen, label, { x, y: bottom - 9, most: step * every }) : ''
    return stack.join('') + name
  })
  const base = `${colours.muted} RG .5 w ${n(margin.left)} ${n(bottom)} m ${n(margin.left + inner)} ${n(bottom)} l S\n`
  return drawn.join('') + base
}

const LABEL = 170
const VALUE = 60

const rows = (pen: Pen, { bars }: Chart, top: number): string => {
  const most = Math.max(1, ...bars.map(({ parts }) => sumOf(parts)))
  const room = inner - LABEL - VALUE
  return bars
    .map(({ label, parts }, index) => {
      const y = top - (index + 1) * (BAR + GAP)
      let x: number = margin.left + LABEL
      const name = words(pen, label, { x: margin.left, y: y + 2.5, most: LABEL - 10 })
      const bar = parts.map(({ value, tone }) => {
        const width = (value / most) * room
        const part =
          value === 0 ? '' : rectangle(barColourOf(tone), x, y, Math.max(0.6, width), BAR)
        x += width
        return part
      })
      const [value, ...others] = parts
      const text =
        others.length === 0 ? (value?.text ?? '') : parts.map((one) => one.text).join(' / ')
      return name + bar.join('') + words(pen, text, { x: x + 5, y: y + 2.5, most: VALUE })
    })
    .join('')
}

/** Draws a chart: one figure, which its alternative text tells. */
export const drawChart = (pen: Pen, chart: Chart): void => {
  const { flow, tags, part } = pen
  const isColumns = chart.form === 'columns'
  const height = isColumns ? HEIGHT + 56 : chart.bars.length * (BAR + GAP) + 32
  flow.need(height)
  const { y } = flow.place()
  const figure = tags.open('Figure', part, alternative(chart.alternative))
  const [title] = pen.setter.lines(chart.title, (inner / sizes.text) * 1_000)
  const heading =
    title === undefined
      ? ''
      : `BT ${colours.ink} rg ${colours.ink} RG /F0 ${sizes.text} Tf ${n(margin.left)} ${n(y - sizes.text)} Td ${shown({ line: title, bold: true }, sizes.text)} ET\n`
  const body = isColumns
    ? legend(pen, chart, y - 24) + columns(pen, chart, y - 30 - HEIGHT)
    : rows(pen, chart, y - 16)
  flow.write(`${tags.mark(figure)}q\n${heading}${body}Q EMC\n`)
  tags.close(figure)
  flow.down(height)
}
