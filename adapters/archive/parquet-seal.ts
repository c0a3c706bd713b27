import { AuditError } from '../../src/errors.ts'
import { startSha256 } from '../../src/runtime/hash.ts'

// A reader of Parquet trusts the lengths and offsets that it finds: damaged ones make it read other rows,
// or ask for memory without end. The file holds the SHA-256 of itself, and is held to it before.

/** The last key of the footer. */
export const SEAL = 'edge_audit.file_sha256'

/** What stands in the place of the digits while they are counted. */
export const UNSEALED = '0'.repeat(64)

/** Of the end of a file: behind the digits come who wrote it, its length and `PAR1`. */
const TAIL = 512

/** Thrift's compact protocol: a byte for the field and its type, and one for the length of 64. */
const BETWEEN = 2

const encoder = new TextEncoder()
const decoder = new TextDecoder('latin1')

/** Where the digits are. */
const digitsAt = (bytes: Uint8Array): number => {
  const from = Math.max(0, bytes.length - TAIL)
  const at = decoder.decode(bytes.subarray(from)).lastIndexOf(SEAL)
  const start = from + at + SEAL.length + BETWEEN
  if (at === -1 || start + UNSEALED.length > bytes.length)
    throw new AuditError('AUDIT_ARCHIVE_DAMAGED', 'it has no seal')
  return start
}

const digestOf = (bytes: Uint8Array, at: number): string => {
  const hash = startSha256()
  hash.update(bytes.subarray(0, at))
  hash.update(encoder.encode(UNSEALED))
  hash.update(bytes.subarray(at + UNSEALED.length))
  return hash.digest()
}

/** Writes the seal into a file whose footer has room for it. */
export const seal = (bytes: Uint8Array): void => {
  const at = digitsAt(bytes)
  bytes.set(encoder.encode(digestOf(bytes, at)), at)
}

/** @throws {AuditError} AUDIT_ARCHIVE_DAMAGED when a single bit is another than when it was sealed. */
export const checkSeal = (bytes: Uint8Array): void => {
  const at = digitsAt(bytes)
  const told = decoder.decode(bytes.subarray(at, at + UNSEALED.length))
  if (digestOf(bytes, at) !== told)
    throw new AuditError('AUDIT_ARCHIVE_DAMAGED', 'its seal is broken')
}
