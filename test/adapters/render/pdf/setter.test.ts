import * as fc from 'fast-check'
import { inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { faceOf } from '../../../../adapters/render/pdf/font/face.ts'
import { notoSans } from '../../../../adapters/render/pdf/font/noto-sans.ts'
import { setterOf } from '../../../../adapters/render/pdf/font/setter.ts'
import { trueType } from '../../../../adapters/render/pdf/font/truetype.ts'

const font = trueType(new Uint8Array(inflateSync(Buffer.from(notoSans, 'base64'))))
const face = faceOf(font)
const setter = setterOf(face, (characters) => `… (${characters})`)

const widthOf = (text: string): number =>
  Array.from(text, (one) => face.widthOf(one.codePointAt(0) ?? 0)).reduce(
    (sum, wide) => sum + wide,
    0,
  )

/** What a line of ASCII shows. */
const textIn = ({ pieces }: ReturnType<typeof setter.lines>[number]): string =>
  pieces.map(({ string }) => string.slice(1, -3).replaceAll(/\\([()\\])/g, '$1')).join('')

const words = fc
  .array(fc.stringMatching(/^[a-zA-Z\d/._-]{0,24}$/), { maxLength: 12 })
  .map((all) => all.join(' '))

describe('lines', () => {
  it('are as wide as they say and no wider than asked, and hold all of the text in its order', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 1_000, max: 20_000 }), (text, most) => {
        const lines = setter.lines(text, most)
        expect(lines.map(textIn).join('')).toBe(text)
        for (const line of lines) {
          const shown = textIn(line)
          expect(line.width).toBe(widthOf(shown))
          expect(widthOf(shown.trimEnd())).toBeLessThanOrEqual(most)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('end behind a word, or within one that is longer than a line', () => {
    const [one, other] = setter.lines('alpha beta', widthOf('alpha bet'))
    expect([one, other].map((line) => line && textIn(line))).toEqual(['alpha ', 'beta'])
    const [first] = setter.lines('/audit/events', widthOf('/audit/even'))
    expect(first && textIn(first)).toBe('/audit/')
  })

  it('are one where there is no text', () => {
    expect(setter.lines('', 100)).toEqual([
      { pieces: [{ face: 0, string: '()Tj', rise: 0 }], width: 0 },
    ])
  })
})
