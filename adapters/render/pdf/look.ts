import type { Tone } from '../../../src/read/report/document.ts'

// How a report looks: lengths are points, a 72nd of an inch; colours are red, green and blue from 0 to 1.

/** ISO 216 A4, upright. */
export const page = { width: 595.28, height: 841.89 } as const

export const margin = { left: 42, right: 42, top: 62, bottom: 54 } as const

/** Between the frames of a page. */
export const pageRoom = page.height - margin.top - margin.bottom

export const inner = page.width - margin.left - margin.right

export type Colour = string

export const colours = {
  ink: '.11 .13 .17',
  muted: '.43 .46 .51',
  rule: '.85 .87 .9',
  shade: '.95 .96 .97',
  accent: '.12 .33 .59',
  success: '.1 .48 .3',
  failure: '.74 .13 .15',
  denied: '.7 .42 .02',
} as const satisfies Readonly<Record<string, Colour>>

export const colourOf = (tone: Tone | undefined): Colour =>
  tone === undefined ? colours.ink : colours[tone]

/** The fill of a bar: by its tone, or in the accent's colour. */
export const barColourOf = (tone: Tone | undefined): Colour =>
  tone === undefined ? colours.accent : tone === 'muted' ? '.68 .71 .76' : colours[tone]

export const sizes = {
  title: 22,
  heading: { 1: 15, 2: 11, 3: 9 },
  text: 9,
  cell: 7,
  small: 7,
} as const

/** From line to line, of one of these sizes. */
export const leadingOf = (size: number): number => Math.round(size * 13) / 10

/** Within a cell, above and below, and at its sides. */
export const padding = { y: 2.6, x: 3 } as const
