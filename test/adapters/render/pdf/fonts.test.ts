import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { create, type Font } from 'fontkit'
import { PDFDocument, PDFName, PDFRawStream, decodePDFRawStream } from 'pdf-lib'
import { describe, expect, it } from 'vitest'
import { fonts } from '../../../../adapters/render/pdf/fontkit.ts'
import { notoSans } from '../../../../adapters/render/pdf/font/noto-sans.ts'
import { subsetOf } from '../../../../adapters/render/pdf/font/subset.ts'
import { trueType } from '../../../../adapters/render/pdf/font/truetype.ts'
import { pdf } from '../../../../adapters/render/pdf/pdf.ts'
import { makeNotoSans } from '../../../support/noto-sans.ts'
import { reportOf } from './report-of.ts'
import { textOf, told } from './tools.ts'

const { resolve } = createRequire(import.meta.url)

const fileOf = (name: string): Promise<Buffer> => readFile(resolve(`@expo-google-fonts/${name}`))

const noto = () => fileOf('noto-sans/400Regular/NotoSans_400Regular.ttf')

const isFont = (font: ReturnType<typeof create>): font is Font => 'glyphForCodePoint' in font

const opened = (bytes: Uint8Array): Font => {
  const font = create(Buffer.from(bytes))
  if (!isFont(font)) throw new Error('a collection')
  return font
}

/** As people copy it: in the order in which it is read. */
const copiedFrom = async (bytes: Uint8Array): Promise<string> => {
  const text = await told(bytes, 'pdftotext', '-enc', 'UTF-8', 'FILE', '-')
  return text.replaceAll(/[\u202a-\u202e]/g, '')
}

const scripts = [
  ['Japanese', 'yomogi/400Regular/Yomogi_400Regular.ttf', '日本語のテキストと漢字、カタカナ。'],
  ['Korean', 'gowun-dodum/400Regular/GowunDodum_400Regular.ttf', '한국어 텍스트입니다'],
  ['Chinese', 'zcool-xiaowei/400Regular/ZCOOLXiaoWei_400Regular.ttf', '审计日志记录谁做了什么'],
  ['Arabic', 'noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf', 'السلام عليكم ورحمة الله'],
  ['Hebrew', 'noto-sans-hebrew/400Regular/NotoSansHebrew_400Regular.ttf', 'שלום עולם'],
  ['Thai', 'noto-sans-thai/400Regular/NotoSansThai_400Regular.ttf', 'สวัสดีชาวโลก น้ำ'],
  [
    'Devanagari',
    'noto-sans-devanagari/400Regular/NotoSansDevanagari_400Regular.ttf',
    'नमस्ते दुनिया क्षत्रिय',
  ],
  ['emoji', 'noto-emoji/400Regular/NotoEmoji_400Regular.ttf', '😀👍🏽 👨‍👩‍👧'],
] as const

const noted = (text: string) =>
  reportOf([{ type: 'note', text }], { title: '', period: '', id: '', author: '' })

describe('the font that is shipped', () => {
  it('is what `npm run font` makes', async () => {
    expect(notoSans).toBe(await makeNotoSans())
  })
})

describe('a subset', () => {
  it('has the outlines and widths of the font, those of components too', async () => {
    const file = await noto()
    const font = trueType(new Uint8Array(file))
    const whole = opened(file)
    const codes = Array.from('Aéộ ΐЙ½ﬃ', (one) => one.codePointAt(0) ?? 0)
    const small = opened(subsetOf(font, [0, ...codes.map((code) => font.glyphOf(code))]))
    for (const [index, code] of codes.entries()) {
      const [one, other] = [small.getGlyph(index + 1), whole.glyphForCodePoint(code)]
      expect(one.path.toSVG()).toBe(other.path.toSVG())
      expect(one.advanceWidth).toBe(other.advanceWidth)
    }
  })

  it('is all that a file holds of a font', async () => {
    const arabic = await fileOf(scripts[3][1])
    const bytes = await pdf(noted('سلام'), { fonts: fonts(arabic) })
    const document = await PDFDocument.load(bytes)
    const sizes = document.context.enumerateIndirectObjects().flatMap(([, object]) => {
      const isFile = object instanceof PDFRawStream && object.dict.has(PDFName.of('Length1'))
      return isFile ? [decodePDFRawStream(object).decode().length] : []
    })
    expect(sizes).toHaveLength(2)
    expect(Math.max(...sizes)).toBeLessThan(arabic.length / 10)
  })
})

describe('fonts for other scripts', () => {
  it.each(scripts)('print %s, and it is copied out as it was written', async (_, file, text) => {
    const bytes = await pdf(noted(`before ${text} behind`), { fonts: fonts(await fileOf(file)) })
    await told(bytes, 'qpdf', '--check')
    const copied = await copiedFrom(bytes)
    expect(copied).toContain(text)
    expect(copied).not.toContain('\\u{')
  })

  it('are asked in their order, and what none has stands as its number', async () => {
    const two = fonts(await fileOf(scripts[0][1]), await fileOf(scripts[4][1]))
    const copied = await textOf(await pdf(noted('日本 שלום नम'), { fonts: two }))
    expect(copied).toContain('日本')
    expect(copied).toContain('\\u{0928}\\u{092E}')
  })

  it('let nobody turn a line around, in whatever script', async () => {
    const bytes = await pdf(noted('שלום\u{202e}abc\u{2066}'), {
      fonts: fonts(await fileOf(scripts[4][1])),
    })
    expect(await textOf(bytes)).toContain('\\u{202E}')
    expect(await textOf(bytes)).toContain('\\u{2066}')
  })

  it.each([
    ['no font', Buffer.from('this is no font at all'), 'its first bytes'],
    ['nothing', Buffer.alloc(0), 'too short'],
    ['CFF', Buffer.concat([Buffer.from('OTTO'), Buffer.alloc(60)]), 'CFF'],
    ['a collection', Buffer.concat([Buffer.from('ttcf'), Buffer.alloc(60)]), 'a collection'],
  ])('are refused when they are %s', (_, file, why) => {
    expect(() => fonts(file)).toThrow(
      expect.objectContaining({
        code: 'AUDIT_OPTION_INVALID',
        detail: expect.stringContaining(why),
      }),
    )
  })

  it('are refused when a part of them is cut off', async () => {
    const file = await noto()
    expect(() => fonts(file.subarray(0, 5_000))).toThrow(/is cut off/)
  })
})
