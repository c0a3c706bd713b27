import type { Amount, Chart, Tone } from '../../../src/read/report/document.ts'
import { widthOf } from '../text/lines.ts'
import { shown } from '../said.ts'
import { escaped, safe } from './escape.ts'

// Charts are as wide as the page, whatever that is: what is along it is in hundredths of it, and what is
// upright, and the texts, in pixels.

const n = (value: number): string => String(Math.round(value * 100) / 100)

const sumOf = (parts: readonly Amount[]): number => parts.reduce((sum, { value }) => sum + value, 0)

const mostOf = ({ bars }: Chart): number => Math.max(1, ...bars.map(({ parts }) => sumOf(parts)))

const numbersOf = (parts: readonly Amount[]): string => parts.map(({ text }) => text).join(' / ')

/** Cut to as many letters as there is room for: all of it is in the title. */
const cut = (text: string, most: number): string => {
  const whole = shown(text)
  if (widthOf(whole) <= most) return escaped(whole)
  let [some, width] = ['', 0]
  for (const character of whole) {
    width += widthOf(character)
    if (width >= most) break
    some += character
  }
  return `${escaped(some)}…`
}

const fillOf = (tone: Tone | undefined): string => tone ?? 'accent'

const titled = (label: string, parts: readonly Amount[]): string =>
  `<title>${safe(`${label}: ${parts.map((one) => `${one.text} ${one.label}`).join(', ')}`)}</title>`

const UPRIGHT = { top: 18, height: 110, below: 18 } as const

/** Of the width, what a name below a bar needs. */
const NAME = 9

const columnsOf = (chart: Chart): string => {
  const { bars } = chart
  const most = mostOf(chart)
  const step = 100 / Math.max(1, bars.length)
  const width = Math.min(step * 0.8, 4)
  const every = Math.ceil(NAME / step)
  const { top, height, below } = UPRIGHT
  const bottom = top + height
  const drawn = bars.map(({ label, parts }, index) => {
    const x = index * step
    let y = bottom
    const stack = parts.map(({ value, tone }) => {
      const tall = (value / most) * height
      y -= tall
      return value === 0
        ? ''
        : `<rect class="${fillOf(tone)}" x="${n(x)}%" y="${n(y)}" width="${n(width)}%" height="${n(tall)}"/>`
    })
    const isLast = x > 100 - NAME
    const place = isLast ? `x="${n(x + width)}%" text-anchor="end"` : `x="${n(x)}%"`
    const name =
      index % every === 0 ? `<text ${place} y="${bottom + 14}">${cut(label, 11)}</text>` : ''
    return `<g>${titled(label, parts)}${stack.join('')}${name}</g>`
  })
  // The highest bar says how high all of them are.
  const peak = bars.find(({ parts }) => sumOf(parts) === most)
  const scale =
    peak === undefined
      ? ''
      : `<line class="scale" x1="0" y1="${top}" x2="100%" y2="${top}"/>` +
        `<text x="100%" y="${top - 5}" text-anchor="end">${cut(`${peak.label}: ${numbersOf(peak.parts)}`, 60)}</text>`
  const base = `<line class="base" x1="0" y1="${bottom}" x2="100%" y2="${bottom}"/>`
  return svg(chart, bottom + below, scale + drawn.join('') + base)
}

const LYING = { step: 22, bar: 13, label: 30, room: 54 } as const

const rowsOf = (chart: Chart): string => {
  const most = mostOf(chart)
  const { step, bar, label: left, room } = LYING
  const drawn = chart.bars.map(({ label, parts }, index) => {
    const y = index * step
    let x: number = left
    const row = parts.map(({ value, tone }) => {
      const width = (value / most) * room
      const part = `<rect class="${fillOf(tone)}" x="${n(x)}%" y="${y + 3}" width="${n(width)}%" height="${bar}"/>`
      x += width
      return value === 0 ? '' : part
    })
    // What is within an svg does not leave it, however wide its letters are.
    const name = `<svg width="${left - 1}%" height="${step}" y="${y}"><text x="0" y="14">${cut(label, 34)}</text></svg>`
    const numbers = `<text x="${n(x)}%" dx="6" y="${y + 14}">${cut(numbersOf(parts), 22)}</text>`
    return `<g>${titled(label, parts)}${name}${row.join('')}${numbers}</g>`
  })
  return svg(chart, chart.bars.length * step, drawn.join(''))
}

const svg = ({ title, alternative }: Chart, height: number, drawn: string): string =>
  `<svg role="img" aria-label="${safe(alternative)}" width="100%" height="${height}">` +
  `<title>${safe(title)}</title><desc>${safe(alternative)}</desc>${drawn}</svg>`

/** What the colours stand for, in the order of the numbers. The alternative text says it by itself. */
const legendOf = ({ bars }: Chart): string => {
  const names = new Map<string, Tone | undefined>()
  for (const { parts } of bars) for (const { label, tone } of parts) names.set(label, tone)
  if (bars.every(({ parts }) => parts.length < 2)) return ''
  const keys = [...names].map(
    ([label, tone]) => `<span><i class="${fillOf(tone)}"></i>${safe(label)}</span>`,
  )
  return `<p class="legend" aria-hidden="true">${keys.join(' ')}</p>`
}

export const chartIn = (chart: Chart): string =>
  `<figure><figcaption>${safe(chart.title)}</figcaption>${legendOf(chart)}` +
  `<div class="wide">${chart.form === 'columns' ? columnsOf(chart) : rowsOf(chart)}</div></figure>\n`
