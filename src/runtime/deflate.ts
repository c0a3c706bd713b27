import { type Native, zlib } from './native.ts'

type Bytes = Uint8Array<ArrayBuffer>

const streamed = async (bytes: Bytes): Promise<Bytes> => {
  const body = new Response(bytes).body?.pipeThrough(new CompressionStream('deflate'))
  return new Uint8Array(await new Response(body).arrayBuffer())
}

const LEVEL = 4

/** A module by that name that cannot do it is as good as none. */
const works = (native: Native): boolean => {
  try {
    return native(new Uint8Array(1)) instanceof Uint8Array
  } catch {
    return false
  }
}

/**
 * Finds what compresses bytes (RFC 1950): `node:zlib`, which takes less time for a page than it takes to hand
 * it to another thread, or a stream. Undefined where the platform has neither: Vercel's edge functions.
 */
export const findDeflate = (): ((bytes: Bytes) => Bytes | Promise<Bytes>) | undefined => {
  const native = zlib('deflateSync')
  if (native !== undefined && works(native))
    return (bytes) => {
      const made = native(bytes, { level: LEVEL })
      return made instanceof Uint8Array ? new Uint8Array(made) : streamed(bytes)
    }
  return typeof CompressionStream === 'undefined' ? undefined : streamed
}
