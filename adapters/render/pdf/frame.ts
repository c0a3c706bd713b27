import type { Report } from '../../../src/read/report/document.ts'
import { at, type PdfFile, type Ref } from './file.ts'
import { n, type Sheet, shown } from './flow.ts'
import type { Setter } from './font/setter.ts'
import type { Bytes } from './font/truetype.ts'
import { colours, inner, margin, page, sizes } from './look.ts'

// What stands on every page, and so is written when their number is known.

const size = sizes.small

interface Where {
  readonly y: number
  readonly end?: boolean
}

const one = (setter: Setter, text: string, { y, end = false }: Where): string => {
  const [line] = setter.lines(text, (inner / 2 / size) * 1_000)
  if (line === undefined) return ''
  const width = (line.width * size) / 1_000
  const x = end ? margin.left + inner - width : margin.left
  return `BT /F0 ${size} Tf ${n(x)} ${n(y)} Td ${shown({ line }, size)} ET\n`
}

const rule = (y: number): string =>
  `${colours.rule} RG .5 w ${n(margin.left)} ${n(y)} m ${n(margin.left + inner)} ${n(y)} l S\n`

/** What is no part of what a page says. */
const marked = (operators: string): Bytes =>
  new TextEncoder().encode(
    `/Artifact<</Type/Pagination>>BDC q ${colours.muted} rg\n${operators}Q EMC\n`,
  )

/** Writes the pages: their frames, and what joins frame and content. */
export const putPages = (
  file: PdfFile,
  sheets: readonly Sheet[],
  { title, period, id, words }: Report,
  setter: Setter,
): Ref => {
  const pages = file.reserve()
  const head =
    one(setter, title, { y: page.height - 36 }) +
    one(setter, period, { y: page.height - 36, end: true }) +
    rule(page.height - 43) +
    rule(40) +
    one(setter, id, { y: 28 })
  const shared = file.reserve()
  file.stream(shared, {}, marked(head))
  for (const [index, { ref, content, key, annotations }] of sheets.entries()) {
    const frame = file.reserve()
    const number = one(setter, words.page(index + 1, sheets.length), { y: 28, end: true })
    // Too short to be compressed.
    file.stream(frame, {}, marked(number), 'plain')
    const notes =
      annotations.length === 0 ? '' : `/Annots[${annotations.map((one) => at(one)).join(' ')}]`
    file.put(
      ref,
      `<</Type/Page/Parent ${at(pages)}/Contents[${at(content)} ${at(shared)} ${at(frame)}]/StructParents ${key}/Tabs/S${notes}>>`,
    )
  }
  return pages
}

/** Writes the tree of the pages, with what all of them share. */
export const putPageTree = (
  file: PdfFile,
  pages: Ref,
  sheets: readonly Sheet[],
  fonts: readonly Ref[],
): void => {
  const listed = fonts.map((ref, index) => `/F${index} ${at(ref)}`).join('')
  file.put(
    pages,
    `<</Type/Pages/Count ${sheets.length}/Kids[${sheets.map(({ ref }) => at(ref)).join(' ')}]/MediaBox[0 0 ${page.width} ${page.height}]/Resources<</Font<<${listed}>>>>>>`,
  )
}
