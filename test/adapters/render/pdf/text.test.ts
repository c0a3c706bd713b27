import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pdf } from '../../../../adapters/render/pdf/pdf.ts'
import { reportOf, tableOf } from './report-of.ts'
import { textOf, wordsOf } from './tools.ts'

/** Without what a line that is broken, or set, does to spaces. */
const squeezed = (text: string): string => text.replaceAll(/\s+/g, '')

const printed = async (...texts: readonly string[]): Promise<string> => {
  const blocks = texts.map((text) => ({ type: 'note', text }) as const)
  // What stands on every page is no part of what is looked for.
  return textOf(await pdf(reportOf(blocks, { title: '', period: '', id: '', author: '' })))
}

/** Between two of them stands what is looked for. */
const between = (text: string): string => /START([^]*)END/.exec(text)?.[1] ?? ''

describe('a text in a PDF', () => {
  it.each([
    ['Latin', 'The quick brown fox jumps over the lazy dog. (1) [2] {3} \\ / | ~ ^ ` " \''],
    [
      'Portuguese',
      'À noite, vovô Kowalsky vê o ímã cair no pé do pinguim queixoso e vovó põe açúcar no chá',
    ],
    ['Polish', 'Zażółć gęślą jaźń'],
    ['Vietnamese', 'Cộng hòa xã hội chủ nghĩa Việt Nam ỔỖỘỚỜỞỠỢ'],
    ['Greek', 'Ξεσκεπάζω τὴν ψυχοφθόρα βδελυγμία'],
    ['Cyrillic', 'Съешь же ещё этих мягких французских булок, да выпей чаю; їжак ґанок ћирилица'],
    ['signs', '€ £ ¥ § © ® ™ – — “quoted” ‘single’ … • ≤ ≥ ≠ ± × ÷ √ ∞ ½ − → ← ↔ ⇒ ✓ ● ■'],
  ])('is copied out as it was written: %s', async (_, text) => {
    expect(squeezed(await printed(`START ${text} END`))).toContain(squeezed(text))
  })

  it('of any characters is printed, and what cannot be seen or drawn stands as its number', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary', maxLength: 30 }), { maxLength: 20 }),
        async (texts) => {
          const text = between(await printed('START', ...texts, 'END'))
          expect(text).not.toMatch(/[\p{Cs}\p{Co}\p{Cn}\u202a-\u202e\u2066-\u2069\u200b-\u200f\0]/u)
          for (const one of texts.flatMap((written) => Array.from(written)))
            if (/[\p{Script=Han}\p{Cc}\p{Co}\p{Cs}]/u.test(one)) {
              const number = (one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
              expect(squeezed(text)).toContain(`\\u{${number}}`)
            }
        },
      ),
      { numRuns: 40 },
    )
  })

  it.each([
    ['a right-to-left override', 'in\u{202e}txt.exe', 'in\\u{202E}txt.exe'],
    ['a line feed', 'one\ntwo', 'one\\u{000A}two'],
    ['NUL', 'a\0b', 'a\\u{0000}b'],
    ['half a character', 'a\u{d83d}b', 'a\\u{D83D}b'],
    ['nothing that is wide', 'a\u{200b}b', 'a\\u{200B}b'],
    ['what looks like such a number', '\\u{202E}', '\\u{5C}u{202E}'],
    ['a mark without a letter', '\u{301}a', '\\u{0301}a'],
  ])('shows %s', async (_, text, expected) => {
    expect(await printed(text)).toContain(expected)
  })

  it('says on the cover when characters stand as their numbers for want of a font', async () => {
    expect(await printed('日本', 'plain')).toContain(
      'In 1 texts some characters are shown by their numbers.',
    )
    expect(await printed('a\u{202e}b', 'plain')).not.toContain('by their numbers')
  })

  it('never leaves its column, nor stands on another line', async () => {
    const cell = fc.oneof(
      fc.string({ maxLength: 80 }),
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.stringMatching(/^[W@M]{0,60}$/),
      fc.stringMatching(/^[\w/.-]{0,60}( [\w/.-]{0,30}){0,4}$/),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell, cell, cell), { minLength: 1, maxLength: 12 }),
        async (rows) => {
          const words = await wordsOf(await pdf(reportOf([tableOf(rows)], { title: '' })))
          const [width, left] = [511.28 / 4, 42]
          const inside = words.filter(
            ({ page, top, bottom }) => page > 1 && top > 50 && bottom < 795,
          )
          for (const word of inside) {
            const column = Math.floor((word.left - left + 0.5) / width)
            expect(word.right).toBeLessThanOrEqual(left + (column + 1) * width + 0.5)
          }
          for (const one of inside)
            for (const other of inside) {
              const isBeside =
                one === other || one.page !== other.page || Math.abs(one.top - other.top) < 1
              const isApart =
                one.bottom - 2.5 <= other.top ||
                other.bottom - 2.5 <= one.top ||
                one.right <= other.left ||
                other.right <= one.left
              expect(isBeside || isApart, `${one.text} on ${other.text}`).toBe(true)
            }
        },
      ),
      { numRuns: 25 },
    )
  })
})
