import { works, zlib } from './native.ts'

/** Compresses and decompresses by gzip (RFC 1952) what is all there. */
export interface Gzip {
  /** Beside the thread. */
  readonly gzip: (bytes: Uint8Array) => Promise<Uint8Array<ArrayBuffer>>
  /** On the thread. Throws for what is no gzip, is cut off, or makes more than `most` bytes. */
  readonly gunzip: (bytes: Uint8Array, most: number) => Uint8Array<ArrayBuffer>
}

const bytesOf = (made: unknown): Uint8Array<ArrayBuffer> => {
  if (!(made instanceof Uint8Array)) throw new TypeError('zlib')
  // Node's small buffers share a larger one; a copy of a large one takes as long as unzipping it.
  const { buffer } = made
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === made.byteLength
  return isWhole ? new Uint8Array(buffer) : new Uint8Array(made)
}

/** Bytes of room for what is made, so that most of it is made in one step. */
const ROOM = 65_536

/** Two bytes by gzip, to tell a `node:zlib` that is whole from a stub that is not. */
const OF_TWO = new Uint8Array([
  31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 99, 96, 0, 0, 255, 18, 217, 65, 2, 0, 0, 0,
])

/**
 * Finds the platform's gzip that needs no stream: `node:zlib` on Node, Bun, Deno and workerd with
 * nodejs_compat. Undefined elsewhere. A stream takes a millisecond to be made, this some microseconds.
 */
export const findGzip = (): Gzip | undefined => {
  const [zip, unzip] = [zlib('gzip'), zlib('gunzipSync')]
  if (zip === undefined || unzip === undefined) return undefined
  const gzip: Gzip = {
    gzip: (bytes) =>
      new Promise((resolve, reject) => {
        const done = (error: unknown, made: unknown): void => {
          if (error === null || error === undefined) resolve(bytesOf(made))
          else reject(error)
        }
        zip(bytes, { chunkSize: ROOM }, done)
      }),
    gunzip: (bytes, most) =>
      bytesOf(unzip(bytes, { maxOutputLength: Math.max(1, most), chunkSize: ROOM })),
  }
  return works(unzip, () => gzip.gunzip(OF_TWO, 2).length === 2) ? gzip : undefined
}
