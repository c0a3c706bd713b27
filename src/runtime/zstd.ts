import { builtin, property } from './ambient.ts'

/** RFC 8878, section 3.1.1: every frame begins so. */
const MAGIC = [0x28, 0xb5, 0x2f, 0xfd]

// `ZSTD_c_compressionLevel` of zstd.h, which node:zlib takes by its number. Level 1 is the fastest.
const fastest = { params: { 100: 1 } }

/** Compresses at once, by Zstandard. */
export type Compress = (bytes: Uint8Array) => Uint8Array

/**
 * Finds the platform's Zstandard: `node:zlib` on Node >=22.15 and on others that have it. Undefined
 * elsewhere.
 */
export const findZstd = (): Compress | undefined => {
  const zlib = builtin('node:zlib')
  const native = property(zlib, 'zstdCompressSync')
  if (typeof native !== 'function') return undefined
  const compress: Compress = (bytes) => {
    const frame: unknown = Reflect.apply(native, zlib, [bytes, fastest])
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
