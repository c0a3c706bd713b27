import { AuditError } from '../../../errors.ts'

/** Bytes that are decoded at once. Of 128 KiB and more, memory is asked of the system each time. */
const SLICE = 32_768

const decoded = (decoder: TextDecoder, bytes?: Uint8Array): string => {
  try {
    return decoder.decode(bytes, { stream: bytes !== undefined })
  } catch (cause) {
    throw new AuditError('AUDIT_ARCHIVE_DAMAGED', 'no UTF-8', { cause })
  }
}

const slices = async function* (
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const piece of pieces)
    for (let at = 0; at < piece.length; at += SLICE) yield piece.subarray(at, at + SLICE)
}

/**
 * The lines of a text in UTF-8 that comes piece by piece, without their line feeds.
 * @throws {AuditError} AUDIT_ARCHIVE_DAMAGED for what is no UTF-8, or has no line feed at its end.
 */
export const lines = async function* (
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly string[], void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  // Of a line that has not ended yet. Joined once, however many pieces it takes.
  let begun: string[] = []
  for await (const piece of slices(pieces)) {
    const [first = '', ...others] = decoded(decoder, piece).split('\n')
    begun.push(first)
    const last = others.pop()
    if (last === undefined) continue
    yield [begun.join(''), ...others]
    begun = [last]
  }
  if (begun.join('') + decoded(decoder) !== '')
    throw new AuditError('AUDIT_ARCHIVE_DAMAGED', 'the last line has no end')
}
