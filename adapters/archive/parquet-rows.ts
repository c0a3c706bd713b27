import { type FileMetaData, parquetMetadata, parquetReadObjects } from 'hyparquet'
import { AuditError, isAuditError } from '../../src/errors.ts'
import { type Cells, type Reading, rowOf } from '../../src/keep/archive/format/cells.ts'
import { numberOf } from '../../src/keep/archive/format/numbers.ts'
import type { ArchivedRow } from '../../src/ports/archive.ts'
import { type Decompress, findUnzstd } from '../../src/runtime/zstd.ts'
import { exactIn } from './parquet-exact.ts'
import { checkSeal } from './parquet-seal.ts'

type Bytes = Uint8Array<ArrayBuffer>

const PORTION = 1_000

/** The key of values that no column can hold. */
export const EXACT = 'edge_audit.exact'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const parsers = {
  // Its own takes a BOM away.
  stringFromBytes: (bytes: Uint8Array) => decoder.decode(bytes),
  timestampFromMilliseconds: (ms: bigint) => Number(ms),
}

const reading: Reading = {
  time: numberOf,
  number: numberOf,
  damaged: (name) => {
    throw new AuditError('AUDIT_ARCHIVE_DAMAGED', `no ${name}`)
  },
}

/** What Parquet's own reader cannot make sense of. It quotes lengths and names, and no value. */
const readable = async <Result>(read: () => Result | Promise<Result>): Promise<Result> => {
  try {
    return await read()
  } catch (cause) {
    if (isAuditError(cause)) throw cause
    throw new AuditError('AUDIT_ARCHIVE_DAMAGED', 'Parquet', { cause })
  }
}

const usesZstd = ({ row_groups: groups }: FileMetaData): boolean =>
  groups.some(({ columns }) => columns.some(({ meta_data: data }) => data?.codec === 'ZSTD'))

/** How pages are decompressed: the reader knows Snappy by itself. */
const compressorsFor = (metadata: FileMetaData): { readonly ZSTD?: Decompress } => {
  if (!usesZstd(metadata)) return {}
  const zstd = findUnzstd()
  if (zstd !== undefined) return { ZSTD: zstd }
  const detail = 'this platform has no Zstandard to read it: Node has it from 22.15 on'
  throw new AuditError('AUDIT_ARCHIVE_REFUSED', detail)
}

/** Reads the file row group by row group. */
export const readRows = async function* (
  bytes: Bytes,
): AsyncGenerator<readonly ArchivedRow[], void, undefined> {
  checkSeal(bytes)
  const metadata = await readable(() => parquetMetadata(bytes, { parsers }))
  const compressors = compressorsFor(metadata)
  const told = metadata.key_value_metadata?.find(({ key }) => key === EXACT)
  const exact = exactIn(told?.value)
  const file = {
    byteLength: bytes.length,
    slice: (from: number, to = bytes.length) =>
      bytes.buffer.slice(bytes.byteOffset + from, bytes.byteOffset + to),
  }
  let start = 0
  for (const group of metadata.row_groups) {
    const [rowStart, rowEnd] = [start, start + Number(group.num_rows)]
    const rows: readonly Cells[] = await readable(() =>
      parquetReadObjects({ file, metadata, compressors, parsers, rowStart, rowEnd }),
    )
    for (let at = 0; at < rows.length; at += PORTION) {
      yield rows.slice(at, at + PORTION).map((cells, index) => {
        const odd = exact.get(rowStart + at + index)
        return rowOf(odd === undefined ? cells : { ...cells, ...odd }, reading)
      })
    }
    start = rowEnd
  }
}
