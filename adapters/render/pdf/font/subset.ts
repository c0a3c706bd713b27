import type { Bytes, TrueType } from './truetype.ts'
import { viewOf } from './truetype.ts'

// Of a font just the glyphs that are used, numbered anew, as PDF wants it embedded (ISO 32000-1, 9.9):
// without cmap and layout, `loca` always in its long form. A glyph that stands for two characters is
// there twice, so that each of them can be copied out of the file again.

const COMPOSITE = -1
const WORDS = 0x0001
const SCALE = 0x0008
const MORE = 0x0020
const SCALES = 0x0040
const MATRIX = 0x0080
const INSTRUCTIONS = 0x0100

/** Bytes behind the numbers of a component: its place, and how it is turned. */
const tailOf = (flags: number): number => {
  const place = (flags & WORDS) === 0 ? 2 : 4
  if ((flags & SCALE) !== 0) return place + 2
  if ((flags & SCALES) !== 0) return place + 4
  return (flags & MATRIX) === 0 ? place : place + 8
}

/** A simple outline without its hints, which call functions of tables that are left out. */
const unhinted = (outline: Bytes): Bytes => {
  const view = viewOf(outline)
  const at = 10 + 2 * view.getInt16(0)
  const hints = view.getUint16(at)
  if (hints === 0) return outline
  const copy = new Uint8Array(outline.length - hints)
  copy.set(outline.subarray(0, at))
  copy.set(outline.subarray(at + 2 + hints), at + 2)
  return copy
}

/** An outline with its components under the numbers they get. */
export const renumbered = (outline: Bytes, numberOf: (glyph: number) => number): Bytes => {
  if (outline.length === 0) return outline
  if (viewOf(outline).getInt16(0) !== COMPOSITE) return unhinted(outline)
  const copy = new Uint8Array(outline)
  const view = viewOf(copy)
  for (let at = 10; ;) {
    const flags = view.getUint16(at)
    // Instructions come with hints, which are left out.
    view.setUint16(at, flags & ~INSTRUCTIONS)
    view.setUint16(at + 2, numberOf(view.getUint16(at + 2)))
    at += 4 + tailOf(flags)
    if ((flags & MORE) === 0) return copy.subarray(0, at)
  }
}

const checksum = (bytes: Bytes): number => {
  let sum = 0
  const view = viewOf(bytes)
  for (let at = 0; at + 4 <= bytes.length; at += 4) sum = (sum + view.getUint32(at)) >>> 0
  return sum
}

const padded = (bytes: Bytes): Bytes => {
  const whole = new Uint8Array((bytes.length + 3) & ~3)
  whole.set(bytes)
  return whole
}

/** A font file of these tables. */
export const sfnt = (tables: readonly (readonly [tag: string, table: Bytes])[]): Bytes => {
  const sorted = tables.toSorted(([one], [other]) => (one < other ? -1 : 1))
  const start = 12 + 16 * sorted.length
  const parts = sorted.map(([, table]) => padded(table))
  const file = new Uint8Array(start + parts.reduce((sum, { length }) => sum + length, 0))
  const view = viewOf(file)
  const power = Math.floor(Math.log2(sorted.length))
  view.setUint32(0, 0x0001_0000)
  view.setUint16(4, sorted.length)
  view.setUint16(6, 16 * 2 ** power)
  view.setUint16(8, power)
  view.setUint16(10, 16 * (sorted.length - 2 ** power))
  let offset = start
  for (const [index, [tag, table]] of sorted.entries()) {
    const part = parts[index] ?? table
    const at = 12 + 16 * index
    for (let letter = 0; letter < 4; letter += 1) file[at + letter] = tag.charCodeAt(letter)
    view.setUint32(at + 4, checksum(part))
    view.setUint32(at + 8, offset)
    view.setUint32(at + 12, table.length)
    file.set(part, offset)
    offset += part.length
  }
  return file
}

/**
 * The font of these glyphs: the first of them is glyph 0 there, and so on; components that are not among
 * them follow.
 */
export const subsetOf = (font: TrueType, wanted: readonly number[]): Bytes => {
  const glyphs = [...wanted]
  const known = new Map(wanted.map((glyph, index) => [glyph, index]))
  const numberOf = (glyph: number): number => {
    const number = known.get(glyph) ?? glyphs.push(glyph) - 1
    known.set(glyph, number)
    return number
  }
  const outlines: Bytes[] = []
  // It grows while it is read: components have components.
  for (const glyph of glyphs) outlines.push(padded(renumbered(font.outlineOf(glyph), numberOf)))
  const loca = new Uint8Array(4 * (glyphs.length + 1))
  const glyf = new Uint8Array(outlines.reduce((sum, { length }) => sum + length, 0))
  const hmtx = new Uint8Array(4 * glyphs.length)
  const [places, metrics] = [viewOf(loca), viewOf(hmtx)]
  let offset = 0
  for (const [index, outline] of outlines.entries()) {
    glyf.set(outline, offset)
    offset += outline.length
    places.setUint32(4 * (index + 1), offset)
    const glyph = glyphs[index] ?? 0
    metrics.setUint16(4 * index, font.advanceOf(glyph))
    metrics.setInt16(4 * index + 2, font.bearingOf(glyph))
  }
  const copy = (tag: string): Bytes => new Uint8Array(font.tables.get(tag) ?? [])
  const [head, hhea, maxp] = [copy('head'), copy('hhea'), copy('maxp')]
  viewOf(head).setUint16(50, 1)
  viewOf(hhea).setUint16(34, glyphs.length)
  viewOf(maxp).setUint16(4, glyphs.length)
  return sfnt([
    ['glyf', glyf],
    ['head', head],
    ['hhea', hhea],
    ['hmtx', hmtx],
    ['loca', loca],
    ['maxp', maxp],
  ])
}
