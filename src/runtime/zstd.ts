import { works, zlib } from './native.ts'

/** RFC 8878, section 3.1.1: every frame begins so. */
const MAGIC = [0x28, 0xb5, 0x2f, 0xfd]

// `ZSTD_c_compressionLevel` of zstd.h, which node:zlib takes by its number. It is done on the thread, where
// others wait; of events level 3 makes no fewer bytes than this, level 9 some 5 % fewer.
const FASTEST = { params: { 100: 1 } }

/** Compresses at once, by Zstandard. */
export type Compress = (bytes: Uint8Array) => Uint8Array

/** Decompresses at once; throws for what is no frame, and for what makes more bytes than it should. */
export type Decompress = (frame: Uint8Array, most: number) => Uint8Array

/**
 * Finds the platform's Zstandard: `node:zlib` on Node >=22.15 and on others that have it. Undefined
 * elsewhere.
 */
export const findZstd = (): Compress | undefined => {
  const native = zlib('zstdCompressSync')
  if (native === undefined) return undefined
  const compress: Compress = (bytes) => {
    const frame = native(bytes, FASTEST)
    return frame instanceof Uint8Array ? frame : new Uint8Array()
  }
  const isFrame = (): boolean => {
    const frame = compress(new Uint8Array(8))
    return MAGIC.every((byte, place) => frame[place] === byte)
  }
  return works(native, isFrame) ? compress : undefined
}

/** One byte, `0x00`: of a single segment of that size, and in one raw block. */
const FRAME = [...MAGIC, 0x20, 0x01, 0x09, 0x00, 0x00, 0x00]

/** Finds the other half of {@link findZstd}. */
export const findUnzstd = (): Decompress | undefined => {
  const native = zlib('zstdDecompressSync')
  if (native === undefined) return undefined
  const decompress: Decompress = (frame, most) => {
    // Zero would be an option that is out of range.
    const bytes = native(frame, { maxOutputLength: Math.max(1, most) })
    return bytes instanceof Uint8Array ? bytes : new Uint8Array()
  }
  const isByte = (): boolean => decompress(Uint8Array.from(FRAME), 1).length === 1
  return works(native, isByte) ? decompress : undefined
}
