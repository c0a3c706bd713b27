import { joined } from '../../../src/event/bytes.ts'
import { PDFString } from 'pdf-lib'
import type { Report } from '../../../src/read/report/document.ts'
import { startSha256 } from '../../../src/runtime/hash.ts'
import { at, type PdfFile, type Ref, textIn } from './file.ts'
import type { Bytes } from './font/truetype.ts'

/** What a report is made of, for machines: in the file, beside its pages. */
export interface Attachments {
  /** Writes them, when the report was read; gives back what the catalog says of them. */
  readonly put: (file: PdfFile) => string
}

interface Attached {
  readonly name: string
  readonly mediaType: string
  readonly words: string
  readonly bytes: Bytes
}

const putOne = (
  file: PdfFile,
  { name, mediaType, words, bytes }: Attached,
  madeAt: number,
): Ref => {
  const [spec, embedded] = [file.reserve(), file.reserve()]
  file.stream(
    embedded,
    {
      Type: 'EmbeddedFile',
      Subtype: mediaType,
      Params: { Size: bytes.length, ModDate: PDFString.fromDate(new Date(madeAt)) },
    },
    bytes,
  )
  file.put(
    spec,
    `<</Type/Filespec/F ${textIn(name)}/UF ${textIn(name)}/Desc ${textIn(words)}/AFRelationship/Data/EF<</F ${at(embedded)}/UF ${at(embedded)}>>>>`,
  )
  return spec
}

/**
 * Keeps the events of a report for its file: `events.ndjson`, each line the record as it is stored, and
 * `manifest.json` with their number and SHA-256. They are in memory until the file ends.
 */
export const attaching = (report: Report): Attachments => {
  const encoder = new TextEncoder()
  const hash = startSha256()
  const chunks: Bytes[] = []
  let count = 0
  report.onRecords((records) => {
    if (records.length === 0) return
    const bytes = encoder.encode(records.map((record) => `${record}\n`).join(''))
    hash.update(bytes)
    chunks.push(bytes)
    count += records.length
  })
  return {
    put: (file) => {
      const { id, kind, title, period, author, madeAt } = report
      const manifest = {
        v: 1,
        id,
        kind,
        title,
        period,
        by: author,
        madeAt: new Date(madeAt).toISOString(),
        file: 'events.ndjson',
        records: count,
        sha256: hash.digest(),
      }
      const files: readonly Attached[] = [
        {
          name: 'events.ndjson',
          mediaType: 'application/x-ndjson',
          words: title,
          bytes: joined(chunks),
        },
        {
          name: 'manifest.json',
          mediaType: 'application/json',
          words: title,
          bytes: encoder.encode(`${JSON.stringify(manifest, undefined, 2)}\n`),
        },
      ]
      const refs = files.map((one) => putOne(file, one, madeAt))
      const names = files.map(({ name }, index) => `${textIn(name)} ${at(refs[index] ?? 0)}`)
      return `/Names<</EmbeddedFiles<</Names[${names.join(' ')}]>>>>/AF[${refs.map(at).join(' ')}]`
    },
  }
}
