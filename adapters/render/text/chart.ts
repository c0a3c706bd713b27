import type { Amount, Chart } from '../../../src/read/report/document.ts'
import { padded, widthOf, wrapped } from './lines.ts'
import { shown } from '../said.ts'

/** What parts of a bar are made of, one for each, for there are no colours. */
const fills = ['█', '▒', '░', '▓'] as const

const fillOf = (index: number): string => fills[index % fills.length] ?? '█'

const GAP = 2

const numbersOf = (parts: readonly Amount[]): string =>
  parts.map(({ text }) => shown(text)).join(' / ')

/** Ends are rounded and not the parts, so that a bar is as long as its sum. What is there is seen. */
const barOf = (parts: readonly Amount[], most: number, room: number): string => {
  let [sum, bar] = [0, '']
  for (const [index, { value }] of parts.entries()) {
    sum += value
    const end = Math.round((sum / most) * room)
    const length = Math.min(Math.max(end - bar.length, value > 0 ? 1 : 0), room - bar.length)
    bar += fillOf(index).repeat(length)
  }
  return bar
}

/** What the parts are, in the order of their numbers. */
const legendOf = ({ bars }: Chart, page: number): readonly string[] => {
  const names = new Set(bars.flatMap(({ parts }) => parts.map(({ label }) => label)))
  if (names.size < 2 || bars.every(({ parts }) => parts.length < 2)) return []
  const legend = [...names].map((label, index) => `${fillOf(index)} ${shown(label)}`)
  return wrapped(legend.join(' / '), page)
}

/** A chart as lines: a bar in each, with its numbers beside it. */
export const chartLines = (chart: Chart, page: number): readonly string[] => {
  const labels = chart.bars.map(({ label }) => wrapped(shown(label), Math.floor(page / 3)))
  const numbers = chart.bars.map(({ parts }) => wrapped(numbersOf(parts), Math.floor(page / 3)))
  const widest = (texts: readonly (readonly string[])[]): number =>
    Math.max(0, ...texts.flat().map(widthOf))
  const label = widest(labels) + GAP
  const room = page - label - widest(numbers) - GAP
  const most = Math.max(
    1,
    ...chart.bars.map(({ parts }) => parts.reduce((sum, { value }) => sum + value, 0)),
  )
  const bars = chart.bars.flatMap(({ parts }, index) => {
    const [names, texts] = [labels[index] ?? [], numbers[index] ?? []]
    return Array.from({ length: Math.max(names.length, texts.length) }, (_, line) => {
      const bar = line === 0 ? barOf(parts, most, room) : ''
      const space = bar === '' ? '' : ' '
      return `${padded(names[line] ?? '', label)}${bar}${space}${texts[line] ?? ''}`.trimEnd()
    })
  })
  return [...wrapped(shown(chart.title), page), ...legendOf(chart, page), ...bars]
}
