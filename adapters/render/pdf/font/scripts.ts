import type { TrueType } from './truetype.ts'

/** A glyph where it stands: in the order from left to right. */
export interface Placed {
  readonly glyph: number
  /** What it stands for. */
  readonly text: string
  /** In thousandths of the size, as all that follow: how far the next one is. */
  readonly advance: number
  /** Where it is drawn, beside and above where it stands. */
  readonly dx: number
  readonly dy: number
}

export interface ScriptFont {
  readonly font: TrueType
  /** The glyphs of a text that is written in one direction. */
  readonly shape: (text: string, rightToLeft: boolean) => readonly Placed[]
}

/** Fonts for scripts that the shipped one does not have, and what it takes to set them. */
export interface ScriptFonts {
  readonly fonts: readonly ScriptFont[]
  /** The embedding level of each UTF-16 unit: odd where it is read from right to left (UAX 9). */
  readonly levels: (text: string) => Uint8Array
  /** `(` for `)`, where it is read from right to left. */
  readonly mirrored: (character: string) => string
}
