import type { Position } from '../../ports/store.ts'
import { startSha256 } from '../../runtime/hash.ts'
import type { ExportFormat, ExportSource } from './format.ts'

/** How an export came out: what of the file was handed out, and where the rest is. */
export interface ExportOutcome {
  /** `cancelled`: who read it did not want the rest, or hung up. `failed`: see `error`. */
  readonly ended: 'complete' | 'cancelled' | 'failed'
  /** Rows that are in the file as far as it was handed out. */
  readonly rows: number
  readonly bytes: number
  /** Of all bytes that were handed out, as 64 hex digits. */
  readonly sha256: string
  /** Where a later export goes on, of a file that is complete; null when there is no more. */
  readonly next?: string | null
  /** The last row that was handed out: a file that is not complete goes on behind it. */
  readonly last: Position | undefined
  /** What the source threw. */
  readonly error?: unknown
}

export interface Export {
  /** Rows are read as it is read, and not before. A chunk is about 64 KiB, of Parquet 256 KiB at most. */
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>
  /** Resolves when the stream ended, in whatever way, and never rejects. Nobody reads: it waits. */
  readonly done: Promise<ExportOutcome>
}

/** The place alone: a row is a place too, and need not be kept. */
const placeOf = ({ occurredAt, id }: Position): Position => ({ occurredAt, id })

/**
 * Writes rows to a stream in a format. Memory stays the same at any number of rows: a page is read
 * when the consumer wants more.
 *
 * The stream fails with what `source` throws, and then has no trailer. `done` tells how it ended.
 * @example
 * import { csv, exportStream } from 'edge-audit/export'
 * const { stream, done } = exportStream(csv({ bom: true }), source)
 * const response = new Response(stream, { headers: { 'content-type': 'text/csv; charset=utf-8' } })
 * const { rows, sha256, ended } = await done
 */
export const exportStream = (format: ExportFormat, source: ExportSource): Export => {
  const hash = startSha256()
  const handedOut: { rows: number; bytes: number; last: Position | undefined } = {
    rows: 0,
    bytes: 0,
    last: undefined,
  }
  let settle: (outcome: ExportOutcome) => void = () => undefined
  const done = new Promise<ExportOutcome>((resolve) => {
    settle = resolve
  })
  let over = false
  const finish = (how: Pick<ExportOutcome, 'ended' | 'error' | 'next'>): void => {
    if (over) return
    over = true
    settle({ ...handedOut, sha256: hash.digest(), ...how })
  }

  const written = {
    get rows() {
      return handedOut.rows
    },
    sha256: () => hash.digest(),
    hash: startSha256,
  }
  const iterator = format.encode(source, written)[Symbol.asyncIterator]()

  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull: async (controller) => {
        try {
          const step = await iterator.next()
          // Whoever read it is gone: what came in meanwhile is handed to nobody.
          if (over) return
          if (step.done === true) {
            finish({ ended: 'complete', next: source.next() })
            controller.close()
            return
          }
          const { bytes, rows, last } = step.value
          // Before it is handed out: a consumer may take the buffer away.
          hash.update(bytes)
          handedOut.bytes += bytes.byteLength
          handedOut.rows += rows
          handedOut.last = last === undefined ? handedOut.last : placeOf(last)
          controller.enqueue(bytes)
        } catch (error) {
          finish({ ended: 'failed', error })
          throw error
        }
      },
      cancel: async () => {
        finish({ ended: 'cancelled' })
        try {
          await iterator.return?.()
        } catch {
          // The source did not stop well. Nobody reads any longer, and `done` has told the rest.
        }
      },
    },
    // Nothing is read ahead: a chunk is made for a reader that waits for it.
    { highWaterMark: 0 },
  )
  return { stream, done }
}
