import { AuditError } from '../../../errors.ts'
import { joined } from '../../../event/bytes.ts'
import { findGzip, type Gzip } from '../../../runtime/gzip.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Compressed bytes that are handed over at once: much more can come of them. */
const SLICE = 16_384

/** A stream that asks for the next piece when the one before is under way. */
const streamOf = (pieces: Iterable<Bytes>): ReadableStream<Bytes> => {
  const iterator = pieces[Symbol.iterator]()
  return new ReadableStream<Bytes>({
    pull: (controller) => {
      const step = iterator.next()
      if (step.done === true) controller.close()
      else controller.enqueue(step.value)
    },
  })
}

const slices = function* (bytes: Bytes): Generator<Bytes> {
  for (let at = 0; at < bytes.length; at += SLICE) yield bytes.subarray(at, at + SLICE)
}

/**
 * Up to so many bytes are compressed and unzipped at once, which takes a millisecond or two; a stream
 * would take as long to be made.
 */
const SMALL = 524_288

/**
 * Compresses by gzip (RFC 1952) beside the thread: a few hundred KiB at once, more of them in a stream
 * that asks for the next piece when the one before is under way.
 * @throws {AuditError} AUDIT_ARCHIVE_REFUSED where the platform has no CompressionStream; or what
 * `pieces` throws.
 */
export const gzip = async (pieces: Iterable<Bytes>): Promise<Bytes> => {
  const iterator = pieces[Symbol.iterator]()
  const first: Bytes[] = []
  let length = 0
  let step = iterator.next()
  for (; step.done !== true && length + step.value.length <= SMALL; step = iterator.next()) {
    first.push(step.value)
    length += step.value.length
  }
  const atOnce = step.done === true ? findGzip() : undefined
  if (atOnce !== undefined) return atOnce.gzip(joined(first))
  if (typeof CompressionStream === 'undefined')
    throw new AuditError('AUDIT_ARCHIVE_REFUSED', 'this platform has no CompressionStream')
  const all = function* (): Generator<Bytes> {
    yield* first
    for (; step.done !== true; step = iterator.next()) yield step.value
  }
  const compressed = streamOf(all()).pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(compressed).arrayBuffer())
}

/** RFC 1952, section 2.3.1: the last four bytes tell how much was compressed, modulo 2^32. */
const toldSize = (bytes: Bytes): number | undefined =>
  bytes.length < 18
    ? undefined
    : new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4, 4).getUint32(0, true)

const wrongSize = (): never => {
  // A second member behind the first one, or anything else, is not an error to every platform.
  throw new AuditError('AUDIT_ARCHIVE_DAMAGED', 'gzip: its size is not what it tells')
}

const unzipped = ({ gunzip: unzip }: Gzip, bytes: Bytes, told: number): Bytes => {
  try {
    const whole = unzip(bytes, 2 * SMALL)
    if (whole.length === told) return whole
  } catch (cause) {
    throw new AuditError('AUDIT_ARCHIVE_DAMAGED', 'gzip', { cause })
  }
  return wrongSize()
}

/**
 * Gives back what {@link gzip} compressed, piece by piece, as it is asked for.
 * @throws {AuditError} AUDIT_ARCHIVE_DAMAGED for what is no gzip, is cut off, or has something behind it;
 * AUDIT_ARCHIVE_REFUSED where the platform has no DecompressionStream.
 */
export const gunzip = async function* (bytes: Bytes): AsyncGenerator<Bytes, void, undefined> {
  const told = toldSize(bytes)
  if (told !== undefined && told <= SMALL && bytes.length <= SMALL) {
    const atOnce = findGzip()
    if (atOnce !== undefined) {
      yield unzipped(atOnce, bytes, told)
      return
    }
  }
  if (typeof DecompressionStream === 'undefined')
    throw new AuditError('AUDIT_ARCHIVE_REFUSED', 'this platform has no DecompressionStream')
  const reader = streamOf(slices(bytes)).pipeThrough(new DecompressionStream('gzip')).getReader()
  let size = 0
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw new AuditError('AUDIT_ARCHIVE_DAMAGED', 'gzip', { cause })
      })
      if (done) break
      size += value.length
      yield value
    }
  } finally {
    // Whoever asks for no more lets go of the rest. A stream that failed rejects with what was told.
    await reader.cancel().catch(() => {})
  }
  if (told !== size % 0x1_0000_0000) wrongSize()
}
