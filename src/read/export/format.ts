import type { StoredRow } from '../../event/row.ts'
import type { Hash } from '../../event/sha256.ts'
import type { Position } from '../../ports/store.ts'
import type { StoredEvent } from '../event.ts'

/** What is exported, as whoever reads the store hands it over. */
export interface ExportSource {
  /**
   * Rows as the store gives them. A page is asked for when somebody wants more of the file, and
   * `return` is called when nobody does any longer.
   */
  readonly pages: AsyncIterable<readonly StoredRow[]>
  /** Asked after the last page: where a later export goes on, or null when there is no more. */
  readonly next: () => string | null
  /**
   * What may be shown of an event. What it returns takes the event's place everywhere, in the columns
   * too; what it leaves out is in no file. When it throws, the export fails: an event is never shown
   * in full instead. @default all of it, as it was stored
   */
  readonly show?: ((event: StoredEvent) => unknown) | undefined
}

/** What a file holds so far, counted where its bytes are handed out. */
export interface Written {
  readonly rows: number
  /** SHA-256 of all bytes that were yielded so far, as 64 hex digits. */
  sha256(): string
  /** Starts a hash of the format's own. */
  hash(): Hash
}

/** A piece of a file. */
export interface ExportChunk {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** How many rows end in these bytes. */
  readonly rows: number
  /** The last of them. */
  readonly last?: Position | undefined
}

/** A way to write rows to a file. */
export interface ExportFormat {
  /** `csv`, `ndjson` … */
  readonly name: string
  /** For the header `content-type`. */
  readonly mediaType: string
  /** Of the file's name, without a dot. */
  readonly extension: string
  /**
   * Writes the file, piece by piece, and holds no more than a piece of it in memory. No row makes it
   * throw and none is left out; it throws what `pages`, `next` and `show` throw.
   */
  encode(source: ExportSource, written: Written): AsyncIterable<ExportChunk>
}

/** What every format of lines can be told. */
export interface TrailerOptions {
  /**
   * Ends the file with a line that tells its rows, its SHA-256 and where a later export goes on.
   * Without it, a file that was cut off at the end of a line looks whole.
   */
  readonly trailer?: boolean | undefined
}
