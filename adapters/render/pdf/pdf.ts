/**
 * Draws reports as PDF, by pdf-lib.
 * @module
 */
import { decodePDFRawStream, PDFContext, PDFRawStream } from 'pdf-lib'
import type { Report } from '../../../src/read/report/document.ts'
import { findDeflate } from '../../../src/runtime/deflate.ts'
import { sha256Of } from '../../../src/runtime/hash.ts'
import { attaching } from './attachments.ts'
import { drawBlock, type Mark } from './blocks.ts'
import { at, dateIn, pdfFile, type PdfFile, textIn } from './file.ts'
import { flowIn } from './flow.ts'
import { faceOf, literal } from './font/face.ts'
import { notoSans } from './font/noto-sans.ts'
import { mixedOf } from './font/mixed.ts'
import type { ScriptFonts } from './font/scripts.ts'
import { setterOf } from './font/setter.ts'
import { type Bytes, type TrueType, trueType } from './font/truetype.ts'
import { putFace } from './fonts.ts'
import { putPages, putPageTree } from './frame.ts'
import { drawFront } from './front.ts'
import { metadataOf } from './metadata.ts'
import { putOutline } from './outline.ts'
import { tagsIn } from './tags.ts'

export { report } from '../../../src/read/report/report.ts'

export interface PdfOptions {
  /**
   * Where an event can be looked at: the address of `/audit/events/`, to which its id is added. Ids lead
   * there then. @default no links
   */
  readonly events?: string | undefined
  /**
   * Fonts for scripts that the shipped one, Noto Sans with Latin, Greek and Cyrillic, does not have:
   * `fonts(…)` of `edge-audit/pdf-fonts`. Characters that no font has stand as their numbers,
   * `\\u{65E5}`, and the cover says so. @default none
   */
  readonly fonts?: ScriptFonts | undefined
  /**
   * Puts the events of the report into the file: `events.ndjson`, their records as they are stored, and
   * `manifest.json` with their number and SHA-256. They are in memory until it ends. @default false
   */
  readonly attach?: boolean | undefined
}

/** The font that is there without asking; unpacked once, for it is the same in every report. */
let shipped: TrueType | undefined

const unpacked = (): TrueType => {
  const letters = atob(notoSans)
  const packed = new Uint8Array(letters.length)
  for (let at = 0; at < letters.length; at += 1) packed[at] = letters.charCodeAt(at)
  const dict = PDFContext.create().obj({ Filter: 'FlateDecode' })
  // By pdf-lib: not every platform can.
  return trueType(new Uint8Array(decodePDFRawStream(PDFRawStream.of(dict, packed)).decode()))
}

/** A URI is ASCII (RFC 3986): what else an address has in it is percent-encoded. */
const addressOf = (events: string, id: string): string =>
  literal(
    `${events.toWellFormed()}${encodeURIComponent(id.toWellFormed())}`.replaceAll(
      /[^\x21-\x7e]/gu,
      encodeURIComponent,
    ),
  )

/** Pages that are being compressed at once: what is not yet is some 40 KB each. */
const AHEAD = 4

/** Two of 16 bytes tell files apart (ISO 32000-1, 14.4). */
const idOf = async (id: string): Promise<string> =>
  (await sha256Of(new TextEncoder().encode(id))).slice(0, 32)

const putInfo = (file: PdfFile, { title, author, madeAt }: Report): number => {
  const info = file.reserve()
  const date = dateIn(madeAt)
  file.put(
    info,
    `<</Title ${textIn(title)}/Author ${textIn(author)}/Creator ${textIn('edge-audit')}/Producer ${textIn('edge-audit')}/CreationDate ${date}/ModDate ${date}>>`,
  )
  return info
}

/**
 * Draws a report as a PDF file, tagged, with an outline and a font of its own. The same report at the same
 * time gives the same bytes. In memory are pages that are compressed; their rows are read as they are drawn.
 * @throws what the body of the report does.
 * @example
 * import { createAudit } from 'edge-audit'
 * import { memory } from 'edge-audit/memory'
 * import { pdf } from 'edge-audit/pdf'
 * import { report } from 'edge-audit/report'
 * const audit = createAudit({ store: memory() })
 * const bytes = await pdf(await report(audit, 'activity', { tenant: 'acme', by: 'ada' }))
 */
export const pdf = async (
  report: Report,
  { events, fonts, attach = false }: PdfOptions = {},
): Promise<Bytes> => {
  shipped ??= unpacked()
  const face = faceOf(shipped)
  const faces = [face, ...(fonts?.fonts.map(({ font }) => faceOf(font)) ?? [])]
  const setter = setterOf(face, report.words.cut, fonts && mixedOf(faces, fonts))
  const file = pdfFile(findDeflate())
  const attachments = attach ? attaching(report) : undefined
  const tags = tagsIn(file)
  const flow = flowIn(file, tags)
  const whole = tags.open('Document', undefined)
  const [front, part] = [tags.open('Part', whole), tags.open('Part', whole)]
  let drawn = 0
  const rest = (): Promise<void> | undefined => {
    if (flow.sheets.length < drawn + AHEAD) return undefined
    drawn = flow.sheets.length
    return file.settle()
  }
  const pen = {
    flow,
    tags,
    setter,
    rest,
    eventAction: (id: string) =>
      events === undefined ? undefined : `/A<</S/URI/URI ${addressOf(events, id)}>>`,
  }
  const marks: Mark[] = []
  for await (const block of report.body) {
    const mark = await drawBlock({ ...pen, part }, block)
    if (mark !== undefined) marks.push(mark)
  }
  tags.close(part)
  const poor = setter.poor()
  const notes = poor === 0 ? [] : [report.words.escaped(poor)]
  const body = { sheets: [...flow.sheets], marks }
  const sheets = await drawFront({ ...pen, part: front }, report, body, notes)
  flow.end()
  tags.close(front)
  tags.close(whole)
  const pages = putPages(file, sheets, report, setter)
  putPageTree(
    file,
    pages,
    sheets,
    faces.map((one, index) => putFace(file, one, index)),
  )
  const [outline, tree, root, metadata] = [
    putOutline(file, marks),
    tags.end(whole),
    file.reserve(),
    file.reserve(),
  ]
  file.stream(metadata, { Type: 'Metadata', Subtype: 'XML' }, metadataOf(report), 'plain')
  file.put(
    root,
    `<</Type/Catalog/Pages ${at(pages)}/Outlines ${at(outline)}/PageMode/UseOutlines/Lang ${textIn(report.language)}/MarkInfo<</Marked true>>/StructTreeRoot ${at(tree)}/Metadata ${at(metadata)}/ViewerPreferences<</DisplayDocTitle true>>${attachments?.put(file) ?? ''}>>`,
  )
  return file.end(root, putInfo(file, report), await idOf(report.id))
}
