import { PDFHexString } from 'pdf-lib'
import type { Face } from './face.ts'
import type { Piece, SetLine } from './line.ts'
import type { Placed, ScriptFonts } from './scripts.ts'

/** What a reader takes for one character, in one face and one direction. */
export interface Grapheme {
  readonly text: string
  /** 0 is the shipped one. */
  readonly face: number
  readonly level: number
  /** As it is when it stands alone, in thousandths of the size. */
  readonly width: number
  /** A line may end behind it. */
  readonly mayEnd: boolean
}

type Shown = Pick<Piece, 'string' | 'rise'>

const SPACE = 32

interface Run {
  readonly face: number
  readonly level: number
  readonly texts: string[]
}

/** Neighbours of one face and one direction are set together. */
const runsOf = (graphemes: readonly Grapheme[]): readonly Run[] => {
  const runs: Run[] = []
  for (const { text, face, level } of graphemes) {
    const last = runs.at(-1)
    if (last?.face === face && last.level === level) last.texts.push(text)
    else runs.push({ face, level, texts: [text] })
  }
  return runs
}

/** From the order in which they are read to that in which they stand (UAX 9, L2). */
const inPlace = (runs: readonly Run[]): readonly Run[] => {
  const placed = [...runs]
  for (let level = Math.max(0, ...runs.map((run) => run.level)); level > 0; level -= 1) {
    for (let from = 0; from < placed.length; from += 1) {
      let to = from
      while (to < placed.length && (placed[to]?.level ?? 0) >= level) to += 1
      if (to > from + 1) placed.splice(from, to - from, ...placed.slice(from, to).toReversed())
      from = to
    }
  }
  return placed
}

/** Glyphs, each of which stands for one character: a viewer turns those of a ligature around one by one. */
const singly = (glyphs: readonly Placed[], empty: number): readonly Placed[] =>
  glyphs.flatMap((glyph): readonly Placed[] => {
    const [first = '', ...others] = glyph.text
    const hidden = others
      .toReversed()
      .map((text) => ({ glyph: empty, text, advance: 0, dx: 0, dy: 0 }))
    return [...hidden, { ...glyph, text: first }]
  })

/** Operands of `TJ`: codes, and how far the next one is moved from where the font would have it. */
const shownGlyphs = (face: Face, glyphs: readonly Placed[]): readonly Shown[] => {
  const parts: Shown[] = []
  let [operands, rise] = ['', 0]
  const flush = (): void => {
    if (operands !== '') parts.push({ string: `[${operands}]TJ`, rise })
    operands = ''
  }
  for (const { glyph, text, advance, dx, dy } of glyphs) {
    if (dy !== rise) flush()
    rise = dy
    const { code, width } = face.glyph(glyph, text)
    const before = dx === 0 ? '' : `${-dx}`
    const behind = width - advance + dx
    operands += `${before}<${code}>${behind === 0 ? '' : behind}`
  }
  flush()
  return parts
}

/** What is copied is the text as it was written, where its glyphs stand in another order, or for other parts. */
const meaning = (text: string, parts: readonly Shown[]): readonly Shown[] =>
  parts.map(({ string, rise }, index) => {
    const begin =
      index === 0 ? `/Span<</ActualText ${PDFHexString.fromText(text).toString()}>>BDC ` : ''
    return { string: `${begin}${string}${index === parts.length - 1 ? ' EMC' : ''}`, rise }
  })

/** Sets graphemes of one line. */
export const setRuns = (
  graphemes: readonly Grapheme[],
  faces: readonly Face[],
  { fonts, mirrored }: ScriptFonts,
): SetLine => {
  const pieces: Piece[] = []
  let width = 0
  for (const { face: index, level, texts } of inPlace(runsOf(graphemes))) {
    const [face, base] = [faces[index], faces[0]]
    if (face === undefined || base === undefined) continue
    const isBack = level % 2 === 1
    if (index === 0) {
      const text = (isBack ? texts.toReversed().map(mirrored) : texts).join('')
      for (const character of text) width += base.widthOf(character.codePointAt(0) ?? 0)
      pieces.push({ face: 0, string: `${base.stringOf(text, 0, text.length)}Tj`, rise: 0 })
      continue
    }
    const text = texts.join('')
    const glyphs = fonts[index - 1]?.shape(text, isBack) ?? []
    for (const { advance } of glyphs) width += advance
    const isPlain = isBack || glyphs.map((glyph) => glyph.text).join('') === text
    const parts = shownGlyphs(face, isBack ? singly(glyphs, face.font.glyphOf(SPACE)) : glyphs)
    for (const part of isPlain ? parts : meaning(text, parts)) pieces.push({ face: index, ...part })
  }
  return { pieces, width }
}
