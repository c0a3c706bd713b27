/**
 * Writes events to Parquet, by hyparquet-writer.
 * @module
 */
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import type { ExportChunk, ExportFormat } from '../../src/read/export/format.ts'
import { shownRows } from '../../src/read/export/shown.ts'
import { findZstd } from '../../src/runtime/zstd.ts'
import { schemaOf } from './columns.ts'
import { type Group, groupOf } from './group.ts'

/**
 * Most rows of a row group, and most bytes of its records but for the last one: what is held in memory.
 * Larger ones are read faster by those who read many columns, and need more of it.
 */
const most = { rows: 20_000, bytes: 8 * 1_024 * 1_024 } as const

const PIECE = 262_144

/** Hands on what was written so far, in pieces, and makes room for what comes. */
const handOver = function* (writer: ByteWriter, group?: Group): Generator<ExportChunk> {
  const end = writer.index
  for (let at = 0; at < end; at += PIECE) {
    const ends = at + PIECE >= end
    // A copy: a consumer may take the buffer away.
    const bytes = new Uint8Array(writer.buffer.slice(at, Math.min(at + PIECE, end)))
    yield { bytes, rows: ends ? (group?.rows ?? 0) : 0, last: ends ? group?.last : undefined }
  }
  writer.index = 0
}

/**
 * Parquet, one row for each event, with the columns of the table of events under their own names:
 * texts, `status` as INT32, and `occurred_at` and `recorded_at` as timestamps in milliseconds, UTC.
 * `record` is the whole event as JSON, byte for byte as it is stored. A value that its column cannot
 * hold is null there and stands in the record alone.
 *
 * Pages are compressed by Zstandard where the platform has it (Node 22.15 and newer), else by Snappy,
 * which takes several times as long; all readers that matter know both.
 *
 * One row group is in memory at a time: 20,000 rows, or 8 MiB of records. The footer, which names all
 * of them, grows by some 2 KiB for each. It tells `edge_audit.rows`, `edge_audit.next` (a text that is
 * empty when there is no more) and `edge_audit.sha256`, of all records, each with a line feed behind it.
 * @example
 * import { exportStream } from 'edge-audit/export'
 * import { parquet } from 'edge-audit/parquet'
 * const { stream, done } = exportStream(parquet(), source)
 */
export const parquet = (): ExportFormat => ({
  name: 'parquet',
  mediaType: 'application/vnd.apache.parquet',
  extension: 'parquet',
  encode: async function* (source, written) {
    const writer = new ByteWriter()
    const zstd = findZstd()
    const complete = { required: source.show === undefined }
    const file = new ParquetWriter({
      writer,
      schema: schemaOf(complete),
      createdBy: 'edge-audit',
      ...(zstd !== undefined && { codec: 'ZSTD', compressors: { ZSTD: zstd } }),
    })
    const hash = written.hash()
    const shown = shownRows(source)
    const group = groupOf(complete)
    const flush = async function* (): AsyncGenerator<ExportChunk> {
      hash.update(group.records())
      await file.write({ columnData: group.columns(), rowGroupSize: group.rows })
      yield* handOver(writer, group)
      group.clear()
    }
    for await (const page of source.pages) {
      for (const row of page) {
        group.add(shown(row), row)
        if (group.rows >= most.rows || group.bytes >= most.bytes) yield* flush()
      }
    }
    if (group.rows > 0) yield* flush()
    file.kvMetadata = [
      { key: 'edge_audit.rows', value: String(written.rows) },
      { key: 'edge_audit.sha256', value: hash.digest() },
      { key: 'edge_audit.next', value: source.next() ?? '' },
    ]
    await file.finish()
    yield* handOver(writer)
  },
})
