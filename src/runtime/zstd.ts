import { builtin, property } from './ambient.ts'

/** RFC 8878, section 3.1.1: every frame begins so. */
const MAGIC = [0x28, 0xb5, 0x2f, 0xfd]

// `ZSTD_c_compressionLevel` of zstd.h, which node:zlib takes by its number.
const levelOf = (level: number): object => ({ params: { 100: level } })

/** Compresses at once, by Zstandard. */
export type Compress = (bytes: Uint8Array) => Uint8Array

/** Decompresses at once; throws for what is no frame, and for what makes more bytes than it should. */
export type Decompress = (frame: Uint8Array, most: number) => Uint8Array

/**
 * Finds the platform's Zstandard: `node:zlib` on Node >=22.15 and on others that have it. Undefined
 * elsewhere. Level 1 is the fastest; from 10 on, it takes several times as long.
 */
export const findZstd = (level = 1): Compress | undefined => {
  const zlib = builtin('node:zlib')
  const native = property(zlib, 'zstdCompressSync')
  if (typeof native !== 'function') return undefined
  const compress: Compress = (bytes) => {
    const frame: unknown = Reflect.apply(native, zlib, [bytes, levelOf(level)])
    return frame instanceof Uint8Array ? frame : new Uint8Array()
  }
  try {
    const frame = compress(new Uint8Array(8))
    return MAGIC.every((byte, place) => frame[place] === byte) ? compress : undefined
  } catch {
    // A module by that name that cannot do it is as good as none.
    return undefined
  }
}

/** One byte, `0x00`: of a single segment of that size, and in one raw block. */
const FRAME = [...MAGIC, 0x20, 0x01, 0x09, 0x00, 0x00, 0x00]

/** Finds the other half of {@link findZstd}. */
export const findUnzstd = (): Decompress | undefined => {
  const zlib = builtin('node:zlib')
  const native = property(zlib, 'zstdDecompressSync')
  if (typeof native !== 'function') return undefined
  const decompress: Decompress = (frame, most) => {
    // Zero would be an option that is out of range.
    const limit = { maxOutputLength: Math.max(1, most) }
    const bytes: unknown = Reflect.apply(native, zlib, [frame, limit])
    return bytes instanceof Uint8Array ? bytes : new Uint8Array()
  }
  try {
    return decompress(Uint8Array.from(FRAME), 1).length === 1 ? decompress : undefined
  } catch {
    // A module by that name that cannot do it is as good as none.
    return undefined
  }
}
