import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { deflateSync } from 'node:zlib'
import { renumbered, sfnt, subsetOf } from '../../adapters/render/pdf/font/subset.ts'
import {
  type Bytes,
  type TrueType,
  trueType,
  viewOf,
} from '../../adapters/render/pdf/font/truetype.ts'

// Makes the font that reports are set in when they name no other: of Noto Sans the scripts that are written
// from left to right without being shaped, and of Noto Sans Math arrows and signs. `npm run font` after
// a new version of either.

const { resolve } = createRequire(import.meta.url)

const sources = {
  letters: '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
  signs: '@expo-google-fonts/noto-sans-math/400Regular/NotoSansMath_400Regular.ttf',
} as const

/** First and last code points: parts of Unicode's blocks. */
const parts = {
  letters: [
    ['Basic Latin', 0x20, 0x7e],
    ['Latin-1 to Extended-B', 0xa0, 0x24f],
    ['Modifiers, combining marks, Greek, Cyrillic', 0x2b0, 0x52f],
    ['Latin Extended Additional: Vietnamese', 0x1e00, 0x1eff],
    ['Greek Extended', 0x1f00, 0x1fff],
    ['Punctuation to currencies', 0x2000, 0x20cf],
    ['Letterlike symbols and number forms', 0x2100, 0x218f],
    ['Ligatures', 0xfb00, 0xfb06],
    ['The replacement character', 0xfffd, 0xfffd],
  ],
  signs: [
    ['Arrows and mathematical operators', 0x2190, 0x22ff],
    ['Geometric shapes', 0x25a0, 0x25ff],
    ['Check marks and crosses', 0x2713, 0x2718],
  ],
} as const

interface Chosen {
  readonly font: TrueType
  readonly codes: readonly number[]
  /** A font of the glyphs of these codes, in their order, behind the one for none. */
  readonly small: Bytes
}

const chosen = async (name: keyof typeof parts): Promise<Chosen> => {
  const font = trueType(new Uint8Array(await readFile(resolve(sources[name]))))
  const codes = parts[name].flatMap(([, first, last]) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index).filter(
      (code) => font.glyphOf(code) !== 0,
    ),
  )
  return { font, codes, small: subsetOf(font, [0, ...codes.map((code) => font.glyphOf(code))]) }
}

/** cmap format 12, a group for each run of codes whose glyphs are a run too. */
const cmapOf = (glyphs: readonly (readonly [code: number, glyph: number])[]): Bytes => {
  const groups: [first: number, last: number, glyph: number][] = []
  for (const [code, glyph] of glyphs.toSorted(([one], [other]) => one - other)) {
    const group = groups.at(-1)
    if (group !== undefined && group[1] === code - 1 && group[2] + code - group[0] === glyph)
      group[1] = code
    else groups.push([code, code, glyph])
  }
  const bytes = new Uint8Array(12 + 16 + 12 * groups.length)
  const view = viewOf(bytes)
  // One table, of platform 3 (Windows) and encoding 10 (all of Unicode).
  for (const [at, value] of [
    [2, 1],
    [4, 3],
    [6, 10],
    [12, 12],
  ] as const)
    view.setUint16(at, value)
  for (const [at, value] of [
    [8, 12],
    [16, 16 + 12 * groups.length],
    [24, groups.length],
  ] as const)
    view.setUint32(at, value)
  for (const [index, group] of groups.entries())
    for (const [part, value] of group.entries()) view.setUint32(28 + 12 * index + 4 * part, value)
  return bytes
}

const joined = (...all: readonly Bytes[]): Bytes => new Uint8Array(Buffer.concat(all))

/** The glyphs of one font, and those of another behind them. */
const merged = (one: Chosen, other: Chosen): Bytes => {
  const [first, second] = [trueType(one.small), trueType(other.small)]
  if (first.unitsPerEm !== second.unitsPerEm) throw new Error('fonts of two scales')
  const table = ({ tables }: TrueType, tag: string): Bytes => tables.get(tag) ?? new Uint8Array()
  const behind = new Uint8Array(table(second, 'glyf'))
  for (let glyph = 0; glyph < second.glyphs; glyph += 1) {
    const outline = second.outlineOf(glyph)
    const moved = renumbered(outline, (component) => component + first.glyphs)
    behind.set(moved, outline.byteOffset - table(second, 'glyf').byteOffset)
  }
  const glyf = joined(table(first, 'glyf'), behind)
  const start = table(first, 'glyf').length
  const loca = joined(table(first, 'loca').subarray(0, -4), table(second, 'loca'))
  const places = viewOf(loca)
  for (let glyph = first.glyphs; glyph <= first.glyphs + second.glyphs; glyph += 1)
    places.setUint32(4 * glyph, places.getUint32(4 * glyph) + start)
  const hmtx = joined(table(first, 'hmtx'), table(second, 'hmtx'))
  const [hhea, maxp] = [new Uint8Array(table(first, 'hhea')), new Uint8Array(table(first, 'maxp'))]
  viewOf(hhea).setUint16(34, first.glyphs + second.glyphs)
  viewOf(maxp).setUint16(4, first.glyphs + second.glyphs)
  // Points and contours at most, which a program may take at their word.
  for (const at of [6, 8, 10, 12])
    viewOf(maxp).setUint16(
      at,
      Math.max(viewOf(maxp).getUint16(at), viewOf(table(second, 'maxp')).getUint16(at)),
    )
  const cmap = cmapOf([
    ...one.codes.map((code, index) => [code, index + 1] as const),
    ...other.codes.map((code, index) => [code, first.glyphs + index + 1] as const),
  ])
  return sfnt([
    ['cmap', cmap],
    ['glyf', glyf],
    ['head', table(first, 'head')],
    ['hhea', hhea],
    ['hmtx', hmtx],
    ['loca', loca],
    ['maxp', maxp],
  ])
}

/** The font, deflated and in base64. */
export const makeNotoSans = async (): Promise<string> => {
  const font = merged(await chosen('letters'), await chosen('signs'))
  return deflateSync(font, { level: 9 }).toString('base64')
}

/** The module that holds it. */
export const moduleOf = (
  font: string,
): string => `// Made by \`npm run font\`. Its type is written, or the declaration would hold it again.

/**
 * Noto Sans and Noto Sans Math, Copyright 2022 The Noto Project Authors, under the SIL Open Font License 1.1:
 * \`OFL.txt\` beside this file. A TrueType font without what a PDF has no use for, deflated, in base64.
 * @see https://github.com/notofonts/latin-greek-cyrillic
 * @see https://github.com/notofonts/math
 */
export const notoSans: string =
  '${font}'
`

if (argv[1] === fileURLToPath(import.meta.url)) {
  const folder = new URL('../../adapters/render/pdf/font/', import.meta.url)
  await writeFile(new URL('noto-sans.ts', folder), moduleOf(await makeNotoSans()))
  await writeFile(
    new URL('OFL.txt', folder),
    await readFile(resolve('@expo-google-fonts/noto-sans/LICENSE_FONT')),
  )
}
