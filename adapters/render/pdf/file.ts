import { joined } from '../../../src/event/bytes.ts'
import { PDFContext, PDFHeader, PDFHexString, PDFName, PDFRawStream, PDFString } from 'pdf-lib'
import { shown } from '../said.ts'
import { literal } from './font/face.ts'
import type { Bytes } from './font/truetype.ts'

// A file that is written as it comes: pdf-lib keeps every object of a document until it is saved, which
// for a report with tags is some hundred thousand. What is in memory here are compressed bytes, and two
// numbers for each object. Small objects go into object streams (ISO 32000-1, 7.5.7), where they take a
// few bytes each.

type Deflate = (bytes: Bytes) => Bytes | Promise<Bytes>

/** The number of an object. */
export type Ref = number

export interface PdfFile {
  /** A number for an object that comes later. */
  readonly reserve: () => Ref
  /** Writes an object, in the words of PDF. */
  readonly put: (ref: Ref, object: string) => void
  /** Writes a stream; `entries` are those of its dictionary besides length and filter. */
  readonly stream: (ref: Ref, entries: Entries, bytes: Bytes, as?: 'plain') => void
  /** Resolves when what was given before is compressed, and so is small. */
  readonly settle: () => Promise<void>
  /** Ends it. Nothing can be written after that. */
  readonly end: (root: Ref, info: Ref, id: string) => Promise<Bytes>
}

/** Texts stand for names. */
interface Entries {
  [name: string]: string | number | PDFString | Entries
}

const encoder = new TextEncoder()

export const at = (ref: Ref): string => `${ref} 0 R`

const isAscii = /^[\x20-\x7e]*$/

/**
 * A text, as viewers show it beside the pages: each of its characters seen, as on the pages. U+001B would begin the
 * name of a language (ISO 32000-1, 7.9.2.2), and an override turn around what is behind it.
 */
export const textIn = (text: string): string => {
  const seen = shown(text)
  return isAscii.test(seen) ? literal(seen) : PDFHexString.fromText(seen).toString()
}

export const dateIn = (ms: number): string => PDFString.fromDate(new Date(ms)).toString()

export const nameIn = (name: string): string => PDFName.of(name).toString()

/** Objects of one object stream: a reader has to unpack all of them to read one. */
const PACK = 500

const widths = [1, 4, 2] as const

const END = encoder.encode('\nendobj\n')

/** @param native How the platform compresses; pdf-lib can, in five times the time. */
export const pdfFile = (native: Deflate | undefined): PdfFile => {
  const context = PDFContext.create()
  const deflate =
    native ?? ((bytes: Bytes): Bytes => new Uint8Array(context.flateStream(bytes).getContents()))
  const chunks: Bytes[] = []
  let length = 0
  // Of each object where it is: [1, offset, 0], or [2, the number of a stream, its place there]. There may be
  // a million of them.
  let places = new Uint32Array(3 * 4_096)
  places.set([0, 0, 65_535])
  let count = 1
  let packed: [Ref, string][] = []

  const write = (bytes: Bytes): void => {
    chunks.push(bytes)
    length += bytes.length
  }
  const reserve = (): Ref => {
    if (3 * count === places.length) {
      const more = new Uint32Array(2 * places.length)
      more.set(places)
      places = more
    }
    return count++
  }
  const place = (ref: Ref, kind: number, where: number, index: number): void => {
    places[3 * ref] = kind
    places[3 * ref + 1] = where
    places[3 * ref + 2] = index
  }
  // Streams are compressed beside each other, and written in the order in which they came.
  let written = Promise.resolve()
  const stream: PdfFile['stream'] = (ref, entries, bytes, as) => {
    const compressing = as === 'plain' ? bytes : deflate(bytes)
    const filter = as === 'plain' ? {} : { Filter: 'FlateDecode' }
    const before = written
    const putting = async (): Promise<void> => {
      const body = await compressing
      await before
      const dict = context.obj({ ...entries, ...filter, Length: body.length })
      const object = PDFRawStream.of(dict, body)
      const head = encoder.encode(`${ref} 0 obj\n`)
      const whole = new Uint8Array(head.length + object.sizeInBytes() + END.length)
      whole.set(head)
      object.copyBytesInto(whole, head.length)
      whole.set(END, whole.length - END.length)
      place(ref, 1, length, 0)
      write(whole)
    }
    written = putting()
    // Whoever waits for it is told: nobody does before there is something to wait for.
    written.catch(() => {})
  }
  const pack = (): void => {
    const some = packed
    packed = []
    const ref = reserve()
    let [index, body] = ['', '']
    for (const [position, [object, text]] of some.entries()) {
      index += `${object} ${body.length} `
      body += `${text}\n`
      place(object, 2, ref, position)
    }
    // All of it is ASCII: texts are hexadecimal.
    const entries = { Type: 'ObjStm', N: some.length, First: index.length }
    stream(ref, entries, encoder.encode(index + body))
  }
  const end: PdfFile['end'] = async (root, info, id) => {
    if (packed.length > 0) pack()
    await written
    const own = reserve()
    place(own, 1, length, 0)
    const table = new Uint8Array(count * 7)
    const view = new DataView(table.buffer)
    for (let ref = 0; ref < count; ref += 1) {
      view.setUint8(7 * ref, places[3 * ref] ?? 0)
      view.setUint32(7 * ref + 1, places[3 * ref + 1] ?? 0)
      view.setUint16(7 * ref + 5, places[3 * ref + 2] ?? 0)
    }
    const body = await deflate(table)
    const start = length
    const entries = `/Type/XRef/Size ${count}/W[${widths.join(' ')}]/Root ${at(root)}/Info ${at(info)}/ID[<${id}><${id}>]`
    const head = `${own} 0 obj\n<<${entries}/Filter/FlateDecode/Length ${body.length}>>\nstream\n`
    write(encoder.encode(head))
    write(body)
    write(encoder.encode(`\nendstream\nendobj\nstartxref\n${start}\n%%EOF\n`))
    return joined(chunks)
  }
  const header = PDFHeader.forVersion(1, 7)
  const first = new Uint8Array(header.sizeInBytes() + 1)
  header.copyBytesInto(first, 0)
  first[first.length - 1] = 10
  write(first)
  return {
    reserve,
    put: (ref, object) => {
      packed.push([ref, object])
      if (packed.length >= PACK) pack()
    },
    stream,
    settle: () => written,
    end,
  }
}
