import { isHidden, visible } from '../../visible.ts'
import type { Face } from './face.ts'
import type { SetLine } from './line.ts'
import type { Mixed } from './mixed.ts'

/** Sets texts in lines. */
export interface Setter {
  /** Lines that are no wider than `most`, in thousandths of the size; one at least. */
  readonly lines: (text: string, most: number) => readonly SetLine[]
  /** Texts of which some characters no font has. */
  readonly poor: () => number
}

const UNKNOWN = -2
const NONE = -1

const SPACE = 32

/** Behind these a word that is longer than a line may be broken. */
const breakable = new Uint8Array(0x1_0000)
for (const one of '/-_.,:;=&?@)') breakable[one.charCodeAt(0)] = 1

/** Of a longer text the beginning is drawn, and how long it is. */
const MOST = 4_000

const shortened = (text: string, cut: (characters: number) => string): string => {
  if (text.length <= MOST) return text
  // Not between the halves of a character.
  const end = (text.codePointAt(MOST - 1) ?? 0) > 0xff_ff ? MOST - 1 : MOST
  return text.slice(0, end) + cut(text.length)
}

/**
 * Sets texts in one face, character by character, and what it does not have in others.
 * @param cut What is said of a text that is too long to be drawn.
 */
export const setterOf = (
  face: Face,
  cut: (characters: number) => string,
  others?: Mixed,
): Setter => {
  const widths = new Int16Array(0x1_0000).fill(UNKNOWN)
  let poor = 0

  const widthOf = (code: number): number => {
    const known = widths[code] ?? NONE
    if (known !== UNKNOWN) return known
    return (widths[code] = isHidden(String.fromCharCode(code)) ? NONE : face.widthOf(code))
  }
  /** How wide a text is of which all is seen as it is, as of nearly every one; -1 of another. */
  const plainWidth = (text: string): number => {
    let sum = 0
    for (let at = 0; at < text.length; at += 1) {
      const width = widthOf(text.charCodeAt(at))
      // A mark at the beginning has no width: the slow way tells.
      if (width === NONE || (width === 0 && at === 0)) return NONE
      sum += width
    }
    return text.includes('\\u{') ? NONE : sum
  }
  const canDraw = (code: number): boolean =>
    others === undefined ? code < 0x1_0000 && widthOf(code) >= 0 : others.faceOf(code) >= 0
  const isOurs = (text: string): boolean => {
    for (let at = 0; at < text.length; at += 1) if (widthOf(text.charCodeAt(at)) < 0) return false
    return true
  }
  const lineOf = (text: string, from: number, to: number, width: number): SetLine => ({
    pieces: [{ face: 0, string: `${face.stringOf(text, from, to)}Tj`, rise: 0 }],
    width,
  })

  return {
    poor: () => poor,
    lines: (written, most) => {
      let text = shortened(written, cut)
      const whole = plainWidth(text)
      if (whole !== NONE && whole <= most) return [lineOf(text, 0, text.length, whole)]
      if (whole === NONE) {
        const made = visible(text, canDraw, (code) => (others?.faceOf(code) ?? 0) > 0)
        if (made.isPoor) poor += 1
        if (others !== undefined && !isOurs(made.text)) return others.lines(made.text, most)
        text = made.text
      }
      const lines: SetLine[] = []
      let [start, width] = [0, 0]
      // Where the line may end, and how wide it is up to there.
      let space = { at: 0, width: 0 }
      let inside = { at: 0, width: 0 }
      for (let at = 0; at < text.length; at += 1) {
        const code = text.charCodeAt(at)
        const wide = widthOf(code)
        // Behind the end of a line there may be too much still: then there is another one. Spaces may stand
        // over the end, where they are not seen.
        const seen = code === SPACE || wide === 0 ? -Infinity : wide
        while (width + seen > most && at > start) {
          const end = space.at > start ? space : inside.at > start ? inside : { at, width }
          lines.push(lineOf(text, start, end.at, end.width))
          start = end.at
          width -= end.width
          inside = { at: inside.at, width: inside.width - end.width }
        }
        width += wide
        if (code === SPACE) space = { at: at + 1, width }
        else if (breakable[code] === 1) inside = { at: at + 1, width }
      }
      lines.push(lineOf(text, start, text.length, width))
      return lines
    },
  }
}
