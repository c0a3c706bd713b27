import { builtin, property } from './ambient.ts'

/** Compresses and decompresses at once, by gzip (RFC 1952). */
export interface Gzip {
  readonly gzip: (bytes: Uint8Array) => Uint8Array<ArrayBuffer>
  /** Throws for what is no gzip, is cut off, or makes more than `most` bytes. */
  readonly gunzip: (bytes: Uint8Array, most: number) => Uint8Array<ArrayBuffer>
}

/**
 * Finds the platform's gzip that needs no stream: `node:zlib` on Node, Bun, Deno and workerd with
 * nodejs_compat. Undefined elsewhere. A stream takes a millisecond to be made, this some microseconds;
 * but it does all of its work on the thread.
 */
export const findGzip = (): Gzip | undefined => {
  const zlib = builtin('node:zlib')
  const by =
    (name: string) =>
    (...given: readonly unknown[]): Uint8Array<ArrayBuffer> => {
      const native = property(zlib, name)
      const made: unknown = typeof native === 'function' ? Reflect.apply(native, zlib, given) : null
      if (!(made instanceof Uint8Array)) throw new TypeError(name)
      // Node's small buffers share a larger one.
      return new Uint8Array(made)
    }
  const gzip: Gzip = {
    gzip: by('gzipSync'),
    gunzip: (bytes, most) => by('gunzipSync')(bytes, { maxOutputLength: Math.max(1, most) }),
  }
  try {
    return gzip.gunzip(gzip.gzip(new Uint8Array(8)), 8).length === 8 ? gzip : undefined
  } catch {
    // A module by that name that cannot do it is as good as none.
    return undefined
  }
}
