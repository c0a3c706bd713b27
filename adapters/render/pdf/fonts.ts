import { PDFString } from 'pdf-lib'
import { at, nameIn, type PdfFile, type Ref } from './file.ts'
import { ascii, type Face, FIXED, TWO_BYTES } from './font/face.ts'

// How a font stands in a file: glyphs by number, and what each means (ISO 32000-1, 9.7 and 9.10).

const utf16 = (text: string): string => {
  let digits = ''
  for (let index = 0; index < text.length; index += 1)
    digits += text.charCodeAt(index).toString(16).padStart(4, '0')
  return digits
}

const hex = (code: number): string => `<${code.toString(16).padStart(2, '0')}>`

/** How a page writes a character: ASCII in one byte, others in two. */
const codeOf = (number: number): number =>
  number < FIXED ? number - 1 + ascii.first : number - FIXED + TWO_BYTES

const one = `${hex(ascii.first)} ${hex(ascii.last)}`
const two = `${hex(TWO_BYTES)} <ffff>`

/** Entries of one block of a CMap, by its rules. */
const BLOCK = 100

const cmap = (
  name: string,
  ordering: string,
  body: string,
): string => `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo 3 dict dup begin /Registry (Adobe) def /Ordering (${ordering}) def /Supplement 0 def end def
/CMapName /${name} def
2 begincodespacerange
${one}
${two}
endcodespacerange
${body}endcmap
CMapName currentdict /CMap defineresource pop
end
end
`

/** Tells a viewer which glyphs are meant. */
const NAME = 'Edge-Audit-H'
const encoding = cmap(
  NAME,
  'Identity',
  `/WMode 0 def /CMapType 1 def\n2 begincidrange\n${one} 1\n${two} ${FIXED}\nendcidrange\n`,
)

/** Tells a viewer which characters it copies. */
const toUnicode = ({ drawn }: Face): string => {
  const lines = drawn.map(({ text }, index) => `${hex(codeOf(index))} <${utf16(text)}>`).slice(1)
  let blocks = '/CMapType 2 def\n'
  for (let from = 0; from < lines.length; from += BLOCK) {
    const some = lines.slice(from, from + BLOCK)
    blocks += `${some.length} beginbfchar\n${some.join('\n')}\nendbfchar\n`
  }
  return cmap('Edge-Audit-UCS', 'UCS', blocks)
}

const nameOf = (index: number): string =>
  nameIn(`AAAAA${String.fromCharCode(65 + index)}+Report${index}`)

/** Writes the glyphs of a face that were drawn, and what they mean. */
export const putFace = (file: PdfFile, face: Face, index: number): Ref => {
  const { font, drawn } = face
  const [whole, descendant, descriptor, program, meaning, codes] = [
    file.reserve(),
    file.reserve(),
    file.reserve(),
    file.reserve(),
    file.reserve(),
    file.reserve(),
  ]
  const name = nameOf(index)
  const scale = 1_000 / font.unitsPerEm
  const round = (units: number): number => Math.round(units * scale)
  const bytes = face.subset()
  file.stream(program, { Length1: bytes.length }, bytes)
  file.stream(meaning, {}, new TextEncoder().encode(toUnicode(face)))
  const system = {
    Registry: PDFString.of('Adobe'),
    Ordering: PDFString.of('Identity'),
    Supplement: 0,
  }
  file.stream(
    codes,
    { Type: 'CMap', CMapName: NAME, WMode: 0, CIDSystemInfo: system },
    new TextEncoder().encode(encoding),
  )
  file.put(
    descriptor,
    `<</Type/FontDescriptor/FontName ${name}/Flags 4/FontBBox[${font.box.map(round).join(' ')}]/ItalicAngle 0/Ascent ${round(font.ascent)}/Descent ${round(font.descent)}/CapHeight ${round(font.ascent * 0.7)}/StemV 80/FontFile2 ${at(program)}>>`,
  )
  file.put(
    descendant,
    `<</Type/Font/Subtype/CIDFontType2/BaseFont ${name}/CIDSystemInfo<</Registry (Adobe)/Ordering (Identity)/Supplement 0>>/FontDescriptor ${at(descriptor)}/DW 1000/W[0[${drawn.map(({ width }) => width).join(' ')}]]/CIDToGIDMap/Identity>>`,
  )
  file.put(
    whole,
    `<</Type/Font/Subtype/Type0/BaseFont ${name}/Encoding ${at(codes)}/DescendantFonts[${at(descendant)}]/ToUnicode ${at(meaning)}>>`,
  )
  return whole
}
