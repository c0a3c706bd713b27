import { builtin, property } from './ambient.ts'

type Bytes = Uint8Array<ArrayBuffer>

type Native = (...given: readonly unknown[]) => unknown

const isNative = (value: unknown): value is Native => typeof value === 'function'

const through = async (bytes: Bytes, by: GenericTransformStream): Promise<Bytes> => {
  const body = new Response(bytes).body?.pipeThrough(by)
  return new Uint8Array(await new Response(body).arrayBuffer())
}

/** Gives back what was compressed without a header (RFC 1951). */
export const inflateRaw = (bytes: Bytes): Promise<Bytes> =>
  through(bytes, new DecompressionStream('deflate-raw'))

/**
 * Compresses bytes (RFC 1950): by `node:zlib` where there is one, which takes less time for a page than it
 * takes to hand it to another thread, and else by a stream.
 */
export const findDeflate = (): ((bytes: Bytes) => Bytes | Promise<Bytes>) => {
  const native = property(builtin('node:zlib'), 'deflateSync')
  if (!isNative(native)) return (bytes) => through(bytes, new CompressionStream('deflate'))
  return (bytes) => {
    const made = native(bytes)
    return made instanceof Uint8Array
      ? new Uint8Array(made)
      : through(bytes, new CompressionStream('deflate'))
  }
}
