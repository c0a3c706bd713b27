/**
 * Fonts for reports in scripts that the shipped font does not have, shaped by fontkit.
 * @module
 */
import * as bidiModule from 'bidi-js'
import { create } from 'fontkit'
import { AuditError } from '../../../src/errors.ts'
import type { ScriptFont, ScriptFonts } from './font/scripts.ts'
import { type Bytes, trueType } from './font/truetype.ts'

/** What is used of it. */
interface Bidi {
  getEmbeddingLevels(text: string): { readonly levels: Uint8Array }
  getMirroredCharacter(character: string): string | null
}

interface Shaped {
  readonly codePoints: readonly number[]
}

/**
 * What each glyph stands for. fontkit remembers of a glyph the characters for which it came first, and so
 * only how many there are is to be believed; they are taken from the text, where that adds up.
 */
const textsOf = (
  glyphs: readonly Shaped[],
  text: string,
  rightToLeft: boolean,
): readonly string[] => {
  const characters = Array.from(text)
  const inOrder = rightToLeft ? glyphs.toReversed() : glyphs
  const taken = inOrder.map(({ codePoints }) => characters.splice(0, codePoints.length).join(''))
  const all = rightToLeft ? taken.toReversed() : taken
  const isWhole = characters.length === 0 && taken.join('') === text
  return isWhole ? all : glyphs.map(({ codePoints }) => String.fromCodePoint(...codePoints))
}

const SPACE = 0x20

const scriptFont = (file: Bytes): ScriptFont => {
  const font = trueType(file)
  // What has no glyphs by their characters is refused now.
  font.glyphOf(SPACE)
  // Its types ask for a buffer of Node, which it does not.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  const shaper = create(file as Buffer)
  if (!('layout' in shaper)) throw new AuditError('AUDIT_OPTION_INVALID', 'fonts: a single font')
  const scale = 1_000 / font.unitsPerEm
  return {
    font,
    shape: (text, rightToLeft) => {
      const direction = rightToLeft ? 'rtl' : 'ltr'
      const { glyphs, positions } = shaper.layout(text, undefined, undefined, undefined, direction)
      const texts = textsOf(glyphs, text, rightToLeft)
      return glyphs.map(({ id }, index) => {
        const { xAdvance, xOffset, yOffset } = positions[index] ?? {
          xAdvance: 0,
          xOffset: 0,
          yOffset: 0,
        }
        return {
          glyph: id,
          text: texts[index] ?? '',
          advance: Math.round(xAdvance * scale),
          dx: Math.round(xOffset * scale),
          dy: Math.round(yOffset * scale),
        }
      })
    },
  }
}

/** It is CommonJS to Node and a module to bundlers, and each hands its function over in another place. */
const bidiOf = (): Bidi => {
  const { default: found }: { readonly default: unknown } = bidiModule
  const factory = typeof found === 'function' ? found : Reflect.get(Object(found), 'default')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it has no type that both agree on
  return (factory as () => Bidi)()
}

/**
 * Makes fonts ready for reports: Chinese, Japanese, Korean, Arabic, Hebrew, Thai, Devanagari, emoji without
 * colours, and whatever else has a TrueType font. Texts are shaped and set from right to left where
 * their script is. Of a character the first font that has it is taken; the shipped one comes before all.
 * In a file are the glyphs that it uses.
 * @throws {AuditError} AUDIT_OPTION_INVALID for what is no TrueType font: one with CFF outlines (`.otf`), a
 * collection (`.ttc`), or WOFF.
 * @example
 * import { readFile } from 'node:fs/promises'
 * import { fonts } from 'edge-audit/pdf-fonts'
 * const scripts = fonts(await readFile('NotoSansJP-Regular.ttf'), await readFile('NotoSansArabic-Regular.ttf'))
 */
export const fonts = (...files: readonly Uint8Array[]): ScriptFonts => {
  const bidi = bidiOf()
  return {
    // A copy: a buffer of Node is a part of a larger one.
    fonts: files.map((file) => scriptFont(new Uint8Array(file))),
    levels: (text) => bidi.getEmbeddingLevels(text).levels,
    mirrored: (character) => bidi.getMirroredCharacter(character) ?? character,
  }
}
