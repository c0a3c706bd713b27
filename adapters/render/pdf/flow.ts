import type { Said } from '../../../src/read/report/document.ts'
import { at, type PdfFile, type Ref, textIn } from './file.ts'
import type { SetLine } from './font/line.ts'
import type { Setter } from './font/setter.ts'
import { type Colour, colourOf, colours, leadingOf, margin, page } from './look.ts'
import type { Element, Tags } from './tags.ts'

// The pages, one after another, and where on the page we are. Of a page that is full its compressed bytes
// stay.

/** A number as a page holds it. */
export const n = (value: number): string => String(Math.round(value * 100) / 100)

/** A page that is full. */
export interface Sheet {
  readonly ref: Ref
  readonly content: Ref
  readonly key: number
  readonly annotations: Ref[]
}

/** A place that can be gone to. */
export interface Place {
  readonly sheet: Sheet
  readonly y: number
}

export interface Flow {
  readonly sheets: Sheet[]
  /** The sheet that is being written, and how high on it: from the bottom. */
  readonly place: () => Place
  /** Up to where there is room. */
  readonly room: () => number
  readonly down: (by: number) => void
  /** Begins a new page unless there is room for so much. */
  readonly need: (height: number) => void
  readonly turn: () => void
  /** What is called at the top of each page that begins, until somebody else asks for it. */
  readonly onTurn: (draw: (() => void) | undefined) => void
  readonly write: (operators: string) => void
  /** Content that is no part of what the page says. */
  readonly artifact: (operators: string) => void
  /** Writes a line at a place, in a mark of an element. */
  readonly text: (
    element: Element,
    x: number,
    y: number,
    size: number,
    lines: readonly Styled[],
  ) => void
  /** Makes an area of the current page lead somewhere. */
  readonly link: (element: Element, area: readonly number[], action: string, words: string) => void
  readonly end: () => void
}

/** A line, and how it is taken. */
export interface Styled extends Pick<Said, 'tone' | 'bold' | 'event'> {
  readonly line: SetLine
}

/** Smaller letters run together where a screen has no line thinner than a pixel. */
const BOLD = 8.5

/** Operators that show a line; what is bold is drawn around as well. */
export const shown = ({ line, bold }: Styled, size: number): string => {
  let operators = ''
  let [face, rise] = [0, 0]
  const turnTo = (next: number, up: number): void => {
    if (next !== face) operators += `/F${next} ${n(size)} Tf`
    if (up !== rise) operators += ` ${n((up * size) / 1_000)} Ts`
    ;[face, rise] = [next, up]
  }
  for (const piece of line.pieces) {
    turnTo(piece.face, piece.rise)
    operators += piece.string
  }
  turnTo(0, 0)
  return bold === true && size >= BOLD ? `2 Tr ${n(size / 28)} w ${operators} 0 Tr` : operators
}

export const flowIn = (file: PdfFile, tags: Tags): Flow => {
  const sheets: Sheet[] = []
  let operators: string[] = []
  let artifacts: string[] = []
  let sheet: Sheet | undefined
  let y = 0
  let top: (() => void) | undefined
  let [size, colour, stroke]: [number, Colour, Colour] = [0, '', '']

  const close = (): void => {
    if (sheet === undefined) return
    const rules = artifacts.length === 0 ? '' : `/Artifact BMC\n${artifacts.join('')}EMC\n`
    file.stream(sheet.content, {}, new TextEncoder().encode(rules + operators.join('')))
    operators = []
    artifacts = []
  }
  const turn = (): void => {
    close()
    const ref = file.reserve()
    sheet = { ref, content: file.reserve(), key: tags.turn(ref), annotations: [] }
    sheets.push(sheet)
    y = page.height - margin.top
    ;[size, colour, stroke] = [0, '', '']
    top?.()
  }
  const current = (): Sheet => {
    if (sheet === undefined) turn()
    // oxlint-disable-next-line typescript/no-non-null-assertion -- `turn` made one
    return sheet!
  }
  return {
    sheets,
    place: () => ({ sheet: current(), y }),
    room: () => {
      current()
      return y - margin.bottom
    },
    down: (by) => {
      y -= by
    },
    need: (height) => {
      current()
      if (y - margin.bottom < height) turn()
    },
    turn,
    onTurn: (draw) => {
      top = draw
    },
    write: (some) => {
      operators.push(some)
    },
    artifact: (some) => {
      artifacts.push(some)
    },
    text: (element, x, from, wanted, lines) => {
      const leading = leadingOf(wanted)
      let some = `${tags.mark(element)}BT\n`
      if (size !== wanted) some += `/F0 ${n(wanted)} Tf\n`
      size = wanted
      for (const [index, styled] of lines.entries()) {
        const ink = styled.event === undefined ? colourOf(styled.tone) : colours.muted
        if (ink !== colour) some += `${ink} rg\n`
        // What is bold is drawn around, too.
        if (styled.bold === true && wanted >= BOLD && ink !== stroke) {
          some += `${ink} RG\n`
          stroke = ink
        }
        colour = ink
        some += index === 0 ? `${n(x)} ${n(from)} Td` : `0 ${n(-leading)} Td`
        some += ` ${shown(styled, wanted)}\n`
      }
      operators.push(`${some}ET EMC\n`)
    },
    link: (element, area, action, words) => {
      const { annotations } = current()
      const ref = file.reserve()
      annotations.push(ref)
      const key = tags.annotate(element, ref)
      const rect = area.map(n).join(' ')
      file.put(
        ref,
        `<</Type/Annot/Subtype/Link/Rect[${rect}]/Border[0 0 0]/F 4/StructParent ${key}/Contents ${textIn(words)}${action}>>`,
      )
    },
    end: close,
  }
}

/** Sets a text that may be more than characters. */
export const styled = (setter: Setter, said: string | Said, most: number): readonly Styled[] => {
  if (typeof said === 'string') return setter.lines(said, most).map((line) => ({ line }))
  const { text, tone, bold, event } = said
  return setter.lines(text, most).map((line) => ({ line, tone, bold, event }))
}

/** The action of a link to a place. */
export const going = ({ sheet, y }: Place): string =>
  `/Dest[${at(sheet.ref)}/XYZ ${n(margin.left)} ${n(y)} null]`
