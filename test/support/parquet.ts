import { zstdDecompressSync } from 'node:zlib'
import { parquetReadObjects } from 'hyparquet'

/** hyparquet knows Snappy alone. */
const compressors = { ZSTD: (bytes: Uint8Array) => zstdDecompressSync(bytes) }

export const parquetRows = async (file: ArrayBuffer): Promise<readonly Record<string, unknown>[]> =>
  parquetReadObjects({ file, compressors })
