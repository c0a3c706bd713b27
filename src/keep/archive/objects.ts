import { AuditError, isAuditError } from '../../errors.ts'
import type {
  Archive,
  ArchiveFormat,
  ObjectStore,
  PutOptions,
  Written,
} from '../../ports/archive.ts'
import { sha256Of } from '../../runtime/hash.ts'
import { ndjson } from './format/ndjson.ts'
import { manifestsPlace, placeOf } from './place.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Names the object in an error: its folders tell a tenant, its file a segment. */
const fileOf = (place: string): string => place.slice(place.lastIndexOf('/') + 1)

const damaged = (place: string, what: string): never => {
  throw new AuditError('AUDIT_ARCHIVE_DAMAGED', `${fileOf(place)}: ${what}`)
}

/** Holds bytes to what was written. */
const check = async (place: string, found: Bytes, written: Written): Promise<void> => {
  const { bytes, sha256 } = written
  if (bytes !== null && found.length !== bytes)
    damaged(place, `${found.length} of ${bytes} bytes are there`)
  if (sha256 !== null && (await sha256Of(found)) !== sha256) damaged(place, 'another SHA-256')
}

/** An error of a format, which knows nothing of places. */
const placed = (place: string, error: unknown): unknown =>
  isAuditError(error)
    ? new AuditError(error.code, `${fileOf(place)}: ${error.detail}`, { cause: error })
    : error

/**
 * An archive of objects: a bucket or a directory, with one object for each segment, in the layout that
 * Hive has and DuckDB, Spark and Athena read ({@link placeOf}), and one for the manifests of those that
 * were archived together, each on a line: `manifests/000000000001-000000000200.ndjson`.
 *
 * What is written is told with its SHA-256, and what is read is held to it before a row is given out.
 * One object is in memory at a time.
 * @param format How segments are written.
 * @param readers How they are read: the first whose extension a place has. Whatever `format` is now,
 * what was written as NDJSON can be read.
 * @example
 * import { ndjson, objectArchive } from 'edge-audit/keep'
 * const archive = objectArchive(directory('/var/audit'), ndjson())
 */
export const objectArchive = (
  store: ObjectStore,
  format: ArchiveFormat,
  readers: readonly ArchiveFormat[] = [format, ndjson()],
): Archive => {
  const put = async (
    place: string,
    bytes: Bytes,
    options: PutOptions,
  ): Promise<{ readonly bytes: number; readonly sha256: string }> => {
    const sha256 = await sha256Of(bytes)
    await store.put(place, bytes, { ...options, sha256 })
    return { bytes: bytes.length, sha256 }
  }
  const readerOf = (place: string): ArchiveFormat => {
    const reader = readers.find(({ extension }) => place.endsWith(`.${extension}`))
    if (reader !== undefined) return reader
    throw new AuditError('AUDIT_ARCHIVE_REFUSED', `${fileOf(place)}: no format reads it`)
  }
  return {
    format: format.extension,
    placeOf: (segment) => placeOf(segment, format.extension),
    write: async (place, rows, options) =>
      put(place, await format.encode(rows), { ...options, mediaType: format.mediaType }),
    read: async function* (place, written, options) {
      const reader = readerOf(place)
      const bytes = (await store.get(place, options)) ?? damaged(place, 'nothing is there')
      if (written !== undefined) await check(place, bytes, written)
      try {
        yield* reader.decode(bytes)
      } catch (error) {
        throw placed(place, error)
      }
    },
    remove: (place, options) => store.remove(place, options),
    publish: async (manifests, options) => {
      const [first, last] = [manifests[0], manifests.at(-1)]
      if (first === undefined || last === undefined) return
      const bytes = new TextEncoder().encode(
        manifests.map(({ manifest }) => `${manifest}\n`).join(''),
      )
      const place = manifestsPlace(first.number, last.number)
      await put(place, bytes, { ...options, mediaType: 'application/x-ndjson' })
    },
  }
}
