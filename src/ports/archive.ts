import type { StoredRow } from '../event/row.ts'
import type { Position } from '../event/order.ts'
import type { Kind } from '../event/schema.ts'

/** A row as an archive gives it back. */
export interface ArchivedRow extends StoredRow {
  /** When it was archived, by the store's clock, in ms since 1970 UTC. */
  readonly archivedAt: number
}

/**
 * A place for objects: a directory, an R2 or S3 bucket. What every one promises, and
 * `objectsConformance` tests:
 *
 * - Paths are texts of at most 900 bytes, parts of at most 255 bytes between slashes; no part is
 *   empty, `.` or `..`. No path is a folder of another.
 * - `put` is durable and whole once it resolves: nobody ever reads half of an object. What lay there
 *   before is replaced.
 * - `get` gives the bytes as they were put, and undefined where there is nothing; what was put is
 *   there for every `get` and `list` that begins after `put` resolved.
 * - `remove` resolves when nothing is there, whether something was or not.
 * - `list` gives the paths that begin with a prefix, in the order of their bytes, however many; what
 *   others put there under names that are no paths is left out.
 * - An error is an `AuditError`: `AUDIT_ARCHIVE_UNAVAILABLE` may be tried again,
 *   `AUDIT_ARCHIVE_REFUSED` may not. It holds no key, token or content.
 */
export interface ObjectStore {
  put(path: string, bytes: Uint8Array<ArrayBuffer>, options?: PutOptions): Promise<void>
  get(path: string, options?: AskOptions): Promise<Uint8Array<ArrayBuffer> | undefined>
  remove(path: string, options?: AskOptions): Promise<void>
  list(prefix: string, options?: AskOptions): AsyncIterable<string>
}

export interface AskOptions {
  /** Gives up when aborted: the call rejects, and may or may not have taken effect. */
  readonly signal?: AbortSignal | undefined
}

export interface PutOptions extends AskOptions {
  /** @default 'application/octet-stream' */
  readonly mediaType?: string | undefined
  /** Of the bytes, in hex: stores that can check it do. */
  readonly sha256?: string | undefined
  /** Where the store can lock objects, this one cannot be removed before, in ms since 1970 UTC. */
  readonly retainUntil?: number | undefined
}

/** How rows are written into an object and read again, byte for byte. */
export interface ArchiveFormat {
  /** What the paths of its objects end with: `ndjson.gz`. */
  readonly extension: string
  readonly mediaType: string
  encode(rows: readonly ArchivedRow[]): Promise<Uint8Array<ArrayBuffer>>
  /**
   * The rows in their order, some at a time.
   * @throws {AuditError} AUDIT_ARCHIVE_DAMAGED when the bytes are not what `encode` wrote.
   */
  decode(bytes: Uint8Array<ArrayBuffer>): AsyncIterable<readonly ArchivedRow[]>
}

/** Events of one tenant and one day (UTC) that are archived together. */
export interface Segment {
  /** UUIDv7, minted for this attempt alone: nothing is ever written twice to one place. */
  readonly id: string
  readonly tenant: string | null
  /** The first moment of the day, in ms since 1970 UTC. */
  readonly day: number
}

/** What was written of a segment. */
export interface Written {
  /** Of the object; null where the archive is a table. */
  readonly bytes: number | null
  readonly sha256: string | null
}

/** Where segments go: objects in some format, or a table. */
export interface Archive {
  /** The format, `ndjson.gz`, `parquet` or `table`. */
  readonly format: string
  /** Where a segment will lie. */
  placeOf(segment: Segment): string
  /** Durable once it resolves. The place is new, or holds what was left of a run that was cut off. */
  write(
    place: string,
    rows: readonly ArchivedRow[],
    options?: Pick<PutOptions, 'signal' | 'retainUntil'>,
  ): Promise<Written>
  /**
   * The rows of a place in their order. Where `written` is given, the bytes are held to it.
   * @throws {AuditError} AUDIT_ARCHIVE_DAMAGED when nothing is there, or something else than was written.
   */
  read(
    place: string,
    written?: Written,
    options?: AskOptions,
  ): AsyncIterable<readonly ArchivedRow[]>
  remove(place: string, options?: AskOptions): Promise<void>
  /**
   * Puts manifests, whose numbers follow each other, beside what they tell of. Some of them may have
   * been put before.
   */
  publish(manifests: readonly Published[], options?: AskOptions): Promise<void>
}

/** A manifest as it is hashed. */
export interface Published {
  readonly number: number
  readonly manifest: string
}

/** What is known of an archived segment. Its text is canonical JSON, and the next one holds its SHA-256. */
export interface Manifest {
  readonly v: 1
  readonly id: string
  /** From 1, without a gap. */
  readonly number: number
  /** SHA-256 of the text of the manifest before it; null of the first. */
  readonly previous: string | null
  readonly format: string
  readonly place: string
  readonly bytes: number | null
  readonly sha256: string | null
  readonly tenant: string | null
  readonly first: Position
  readonly last: Position
  readonly count: number
  /** Of the events, each once, in order: who asks for another need not read them. */
  readonly kinds: readonly Kind[]
  /** Of the records in their order, each with a line feed behind it. */
  readonly recordsSha256: string
  /** The schema version of the events. */
  readonly schema: 1
  readonly archivedAt: number
}
