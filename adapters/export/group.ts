import type { ColumnSource } from 'hyparquet-writer'
import type { Position } from '../../src/ports/store.ts'
import type { ShownRow } from '../../src/read/export/shown.ts'
import { readersOf, type Shape, type Value } from './columns.ts'

/** The rows of one row group, column by column; its room is used again for the next. */
export interface Group {
  readonly rows: number
  /** Of the records. */
  readonly bytes: number
  readonly last: Position | undefined
  add(shown: ShownRow, row: Position): void
  columns(): ColumnSource[]
  /** Each record in UTF-8, with a line feed behind it. Valid until the next `add`. */
  records(): Uint8Array
  clear(): void
}

const LINE_FEED = 0x0a

/**
 * Texts no two of which are the same. They come as bytes, encoded at once: one by one that takes ten times
 * as long. A dictionary of them would be made to be thrown away.
 */
const unlike: ReadonlySet<string> = new Set(['id', 'request_id'])

/** In the order of time their least and greatest are those of any other rows: nothing is found by them. */
const scattered: ReadonlySet<string> = new Set(['actor_id', 'target_id', 'request_id', 'ip'])

const encoder = new TextEncoder()

type Texts = readonly (Value | null)[]

const bytesOf = (texts: Texts): (Uint8Array | null)[] => {
  const all = encoder.encode(texts.join(''))
  let at = 0
  const parts = texts.map((text) => {
    if (typeof text !== 'string') return null
    at += text.length
    return all.subarray(at - text.length, at)
  })
  // A text that is not of ASCII alone has more bytes than UTF-16 units.
  if (at === all.length) return parts
  return texts.map((text) => (typeof text === 'string' ? encoder.encode(text) : null))
}

const sourceOf = (name: string, data: (Value | null)[]): ColumnSource => ({
  name,
  ...(unlike.has(name) ? { data: bytesOf(data), encoding: 'PLAIN' } : { data }),
  statistics: !scattered.has(name),
})

export const groupOf = (shape: Shape): Group => {
  const columns = readersOf(shape).map(({ name, read }) => {
    const data: ReturnType<typeof read>[] = []
    return { name, read, data }
  })
  // Grown as it is needed: the objects of an archive are many, and most of them small.
  let room = new Uint8Array(65_536)
  let ends: number[] = []
  let bytes = 0
  let last: Position | undefined

  const makeRoom = (wanted: number): void => {
    if (bytes + wanted <= room.length) return
    const larger = new Uint8Array(Math.max(room.length * 2, bytes + wanted))
    larger.set(room.subarray(0, bytes))
    room = larger
  }

  return {
    get rows() {
      return ends.length
    },
    get bytes() {
      return bytes
    },
    get last() {
      return last
    },
    add: (shown, row) => {
      for (const { read, data } of columns) data.push(read(shown))
      // One UTF-16 unit makes three bytes of UTF-8 at most.
      makeRoom(shown.record.length * 3 + 1)
      bytes += encoder.encodeInto(shown.record, room.subarray(bytes)).written
      ends.push(bytes)
      room[bytes] = LINE_FEED
      bytes += 1
      last = row
    },
    columns: () => {
      const records = ends.map((end, index) => {
        const before = ends[index - 1]
        return room.subarray(before === undefined ? 0 : before + 1, end)
      })
      return [
        ...columns.map(({ name, data }) => sourceOf(name, data)),
        // No two are the same, and nobody looks for the least of them.
        { name: 'record', data: records, encoding: 'PLAIN', statistics: false },
      ]
    },
    records: () => room.subarray(0, bytes),
    clear: () => {
      for (const { data } of columns) data.length = 0
      ends = []
      bytes = 0
    },
  }
}
