import { subsetOf } from './subset.ts'
import type { Bytes, TrueType } from './truetype.ts'

/** A character in a file: what it is, how it looks, and how wide it is. */
interface Drawn {
  readonly glyph: number
  /** What is copied out of the file where this is selected. */
  readonly text: string
  /** In thousandths of the size. */
  readonly width: number
}

/** Printable ASCII stands for itself, in one byte; all else gets numbers of two as it comes. */
export const ascii = { first: 0x20, last: 0x7e } as const

export const TWO_BYTES = 0x80_00

/** Characters that are there from the start: none, and those of ASCII. */
export const FIXED = 1 + ascii.last - ascii.first + 1

/** Codes of two bytes, but for those that one text may still take. */
const MOST = FIXED + TWO_BYTES - 8_192

/**
 * A font in a file. Its characters are numbered there in the order in which they come, each with a text of
 * its own: two that look the same are two.
 */
export interface Face {
  readonly font: TrueType
  /** In thousandths of the size; -1 where there is no glyph. */
  readonly widthOf: (code: number) => number
  /** How a page writes a glyph that stands for some text in this place, and how wide the font has it. */
  readonly glyph: (glyph: number, text: string) => { readonly code: string; readonly width: number }
  /** A part of a text, as a page holds it. */
  readonly stringOf: (text: string, from: number, to: number) => string
  /** By their numbers. */
  readonly drawn: readonly Drawn[]
  /** The font of what was drawn, and no more. */
  readonly subset: () => Bytes
}

const special = /[()\\]/

/** A text of printable ASCII in the words of PDF (ISO 32000-1, 7.3.4.2). */
export const literal = (text: string): string =>
  special.test(text) ? `(${text.replaceAll(/[()\\]/g, String.raw`\$&`)})` : `(${text})`

export const faceOf = (font: TrueType): Face => {
  const scale = 1_000 / font.unitsPerEm
  // Of a face with so many characters the others have no codes: it has none of them from then on.
  const isFull = (): boolean => drawn.length > MOST
  const widthOf = (code: number): number => {
    const glyph = font.glyphOf(code)
    return glyph === 0 || isFull() ? -1 : Math.round(font.advanceOf(glyph) * scale)
  }
  const drawnOf = (code: number): Drawn => ({
    glyph: font.glyphOf(code),
    text: String.fromCodePoint(code),
    width: Math.max(0, widthOf(code)),
  })
  const drawn: Drawn[] = [{ glyph: 0, text: '\u{fffd}', width: 0 }]
  for (let code: number = ascii.first; code <= ascii.last; code += 1) drawn.push(drawnOf(code))
  const codeOf = (number: number): string => (number - FIXED + TWO_BYTES).toString(16)
  const hexes: (string | undefined)[] = []
  const hexOf = (code: number): string => {
    if (code >= ascii.first && code <= ascii.last) return code.toString(16)
    return (hexes[code] ??= codeOf(drawn.push(drawnOf(code)) - 1))
  }
  const placed = new Map<string, { readonly code: string; readonly width: number }>()
  return {
    font,
    drawn,
    glyph: (glyph, text) => {
      const key = `${glyph} ${text}`
      let known = placed.get(key)
      if (known === undefined) {
        const width = Math.round(font.advanceOf(glyph) * scale)
        known = { code: codeOf(drawn.push({ glyph, text, width }) - 1), width }
        placed.set(key, known)
      }
      return known
    },
    widthOf,
    stringOf: (text, from, to) => {
      let isAscii = true
      for (let at = from; at < to && isAscii; at += 1) isAscii = text.charCodeAt(at) <= ascii.last
      if (isAscii) return literal(text.slice(from, to))
      let hex = ''
      for (let at = from; at < to; at += 1) hex += hexOf(text.charCodeAt(at))
      return `<${hex}>`
    },
    subset: () =>
      subsetOf(
        font,
        drawn.map(({ glyph }) => glyph),
      ),
  }
}
