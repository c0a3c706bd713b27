import { isJoiner } from '../../visible.ts'
import type { Face } from './face.ts'
import { type Grapheme, setRuns } from './runs.ts'
import type { ScriptFonts } from './scripts.ts'
import type { SetLine } from './line.ts'

// Texts that need more than the shipped font: of other scripts, in other directions.

/** Where words have no spaces between them, a line may end anywhere between two characters. */
const breaks =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Emoji_Presentation}\s/\-_.,:;=&?@]$/u

/** What `visible` writes. */
const number = /\\u\{[\dA-F]{4,6}\}/g

export interface Mixed {
  /** The face of a code point: 0 for the shipped one, -1 where none has it. */
  readonly faceOf: (code: number) => number
  readonly lines: (text: string, most: number) => readonly SetLine[]
}

/** Sets texts in several faces; the first of them is the shipped one. */
export const mixedOf = (faces: readonly Face[], scripts: ScriptFonts): Mixed => {
  const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
  const faceOf = (code: number): number => faces.findIndex((face) => face.widthOf(code) >= 0)
  const has = (index: number, text: string): boolean =>
    Array.from(text).every(
      (one) => isJoiner(one) || (faces[index]?.widthOf(one.codePointAt(0) ?? 0) ?? -1) >= 0,
    )
  /** Of one face: marks and joiners stay with what they belong to. */
  const faceOfAll = (text: string): number => faces.findIndex((_, index) => has(index, text))

  const graphemesOf = (text: string): readonly Grapheme[] => {
    // A character's number is read from left to right, whatever is around it.
    const levels = scripts.levels(text.replaceAll(number, (one) => 'a'.repeat(one.length)))
    const made: Grapheme[] = []
    const add = (part: string, at: number, face: number): void => {
      const level = levels[at] ?? 0
      const one = { text: part, face, level, width: 0, mayEnd: breaks.test(part) }
      made.push({ ...one, width: setRuns([one], faces, scripts).width })
    }
    for (const { segment, index } of segmenter.segment(text)) {
      const face = faceOfAll(segment)
      if (face !== -1) {
        add(segment, index, face)
        continue
      }
      // No face has all of it: character by character, each in the face that has it.
      let at = index
      for (const character of segment) {
        add(character, at, Math.max(0, faceOf(character.codePointAt(0) ?? 0)))
        at += character.length
      }
    }
    return made
  }
  const lines = (text: string, most: number): readonly SetLine[] => {
    const set: SetLine[] = []
    const graphemes = graphemesOf(text)
    for (let from = 0; from < graphemes.length;) {
      let [to, width, end] = [from, 0, from]
      while (to < graphemes.length) {
        const {
          width: wide,
          mayEnd,
          text: one,
        } = graphemes[to] ?? { width: 0, mayEnd: false, text: '' }
        if (to > from && width + wide > most && one !== ' ') break
        width += wide
        to += 1
        if (mayEnd) end = to
      }
      if (to < graphemes.length && end > from) to = end
      // A space at the end of a line would stand before it where it is read from right to left.
      let last = to
      while (to < graphemes.length && last > from + 1 && graphemes[last - 1]?.text === ' ')
        last -= 1
      set.push(setRuns(graphemes.slice(from, last), faces, scripts))
      from = to
    }
    return set
  }
  return { faceOf, lines }
}
