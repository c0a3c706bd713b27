/**
 * Archives events as Parquet, by hyparquet-writer and hyparquet.
 * @module
 */
import { ByteWriter, type ColumnSource, ParquetWriter } from 'hyparquet-writer'
import type { ArchivedRow, ArchiveFormat } from '../../src/ports/archive.ts'
import { startSha256 } from '../../src/runtime/hash.ts'
import { findZstd } from '../../src/runtime/zstd.ts'
import { schemaOf } from '../export/columns.ts'
import { groupOf } from '../export/group.ts'
import { exactOf, shape } from './parquet-exact.ts'
import { EXACT, readRows } from './parquet-rows.ts'
import { SEAL, seal, UNSEALED } from './parquet-seal.ts'

/** Most rows of a row group, and most bytes of its records but for the last one. */
const most = { rows: 20_000, bytes: 8 * 1_024 * 1_024 } as const

const times = /_at$/

/** Columns whose values are long, or hardly ever the same. */
const bulky = /^(?:action|ip|record|route)$|id$/

/** Rows up to which the other columns are some hundred bytes each, and more when they are compressed. */
const FEW = 1_000

/** Times of one day come one after another: their differences are small. */
const encoded = (column: ColumnSource, rows: number): ColumnSource => ({
  ...column,
  ...(times.test(column.name) && { encoding: 'DELTA_BINARY_PACKED' }),
  ...(rows <= FEW && !bulky.test(column.name) && { codec: 'UNCOMPRESSED' }),
})

const encode = async (rows: readonly ArchivedRow[]): Promise<Uint8Array<ArrayBuffer>> => {
  const writer = new ByteWriter(65_536)
  const zstd = findZstd()
  const file = new ParquetWriter({
    writer,
    schema: schemaOf(shape),
    createdBy: 'edge-audit',
    ...(zstd !== undefined && { codec: 'ZSTD', compressors: { ZSTD: zstd } }),
  })
  const hash = startSha256()
  const exact = exactOf()
  const group = groupOf(shape)
  const flush = async (): Promise<void> => {
    hash.update(group.records())
    const columnData = group.columns().map((column) => encoded(column, group.rows))
    await file.write({ columnData, rowGroupSize: group.rows })
    group.clear()
  }
  for (const row of rows) {
    exact.add(row)
    group.add(row, row)
    if (group.rows >= most.rows || group.bytes >= most.bytes) await flush()
  }
  if (group.rows > 0) await flush()
  const odd = exact.text()
  file.kvMetadata = [
    { key: 'edge_audit.rows', value: String(rows.length) },
    { key: 'edge_audit.sha256', value: hash.digest() },
    ...(odd === undefined ? [] : [{ key: EXACT, value: odd }]),
    { key: SEAL, value: UNSEALED },
  ]
  await file.finish()
  const bytes = new Uint8Array(writer.getBuffer())
  seal(bytes)
  return bytes
}

/**
 * Parquet for archives, one row for each event, with the columns that the export has (see
 * `edge-audit/parquet`) and `archived_at`: texts, `status` as INT32, times as timestamps in milliseconds,
 * UTC, and `record`, byte for byte as it is stored.
 *
 * Every value comes back as it was. What a column cannot hold (a status of more than 32 bits or with a
 * fraction, a time that Date does not know) is null or 1970 there for others, and stands as JSON in the
 * footer, `edge_audit.exact`. The footer also tells `edge_audit.rows`, `edge_audit.sha256` of all records,
 * each with a line feed behind it, and `edge_audit.file_sha256`: of the file with 64 zeros in its place.
 *
 * Pages are compressed by Zstandard (RFC 8878) at level 1 where the platform has it (Node 22.15 and
 * newer, Bun, Deno), else by Snappy; in objects of up to 1,000 events only those of columns with long or
 * scattered values. It is done on the thread, unlike gzip: of 10,000 events about
 * a sixth of a second. Both ways, one row group is in memory: 20,000 rows, or 8 MiB of records.
 * @throws {AuditError} AUDIT_ARCHIVE_REFUSED from `encode` for a row whose type is not what it says, and
 * from `decode` for Zstandard on a platform that has none.
 * @example
 * import { parquetArchive } from 'edge-audit/archive-parquet'
 * const bytes = await parquetArchive().encode(rows)
 * for await (const rows of parquetArchive().decode(bytes)) console.log(rows.length)
 */
export const parquetArchive = (): ArchiveFormat => ({
  extension: 'parquet',
  mediaType: 'application/vnd.apache.parquet',
  encode,
  decode: readRows,
})
