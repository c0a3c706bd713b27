import type { Kind } from '../../event/schema.ts'
import type { StoredRow } from '../../event/row.ts'
import type { PageQuery, Position, ReadingStore } from '../../ports/store.ts'
import { soon } from '../../runtime/ambient.ts'
import { askedOf } from '../asked.ts'
import { cursorOf } from '../cursor.ts'
import type { EventQuery } from '../filter.ts'
import { check, isText, refuse, wholeFrom } from '../parameters.ts'
import type { Reading } from '../reading.ts'
import type { ExportFormat } from './format.ts'
import { type ExportOutcome, exportStream } from './stream.ts'

/** What is exported, in which order, and a place to go on from. */
export interface ExportQuery<K extends Kind = Kind> extends Omit<EventQuery<K>, 'limit'> {
  /** Most rows of the file. @default all that there are */
  readonly limit?: number | undefined
  /** The id of the last event that you have, where a file was cut off: goes on behind it. */
  readonly after?: string | undefined
}

/** How an export came out. */
export interface EventOutcome extends Omit<ExportOutcome, 'next' | 'last'> {
  /**
   * Where a later export goes on, whether this one is complete or not; null when there is no more, and
   * undefined when nothing of this one arrived.
   */
  readonly next: string | null | undefined
}

export interface EventExport {
  /** The file. Rows are read as it is read. */
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>
  /** Resolves when the stream ended, in whatever way, and never rejects. Nobody reads: it waits. */
  readonly done: Promise<EventOutcome>
}

/** Rows of a page. */
const PAGE = 1_000

const most = wholeFrom(1, Number.MAX_SAFE_INTEGER)

interface Rows {
  readonly pages: AsyncIterable<readonly StoredRow[]>
  /** Where the last page that was read ended; null when there is no more. */
  readonly place: () => Position | null
}

/** The first page is read now: what is wrong with the question, or the store, is told before there is a file. */
const rowsOf = async (
  source: ReadingStore,
  query: Omit<PageQuery, 'limit'>,
  limit: number,
): Promise<Rows> => {
  const read = (left: number, after: Position | undefined) =>
    source.page({ ...query, limit: Math.min(PAGE, left), after })
  let page = await read(limit, query.after)
  const pages = async function* (): AsyncGenerator<readonly StoredRow[]> {
    let left = limit
    for (;;) {
      const { rows, next } = page
      left -= rows.length
      // The database looks for the next page while this one is written.
      const ahead = next === null || left <= 0 ? undefined : read(left, next)
      // Whoever stops reading never asks what became of it.
      ahead?.catch(() => undefined)
      // It is sent when others have a turn, and those who write this page give none.
      if (ahead !== undefined) await new Promise<void>(soon)
      yield rows
      if (ahead === undefined) return
      page = await ahead
    }
  }
  return { pages: pages(), place: () => page.next }
}

const placeOf = async (source: ReadingStore, after: unknown): Promise<Position> => {
  const row = isText(after) ? await source.get(after) : undefined
  if (row === undefined) return refuse('after', 'the id of an event that you may see')
  return { occurredAt: row.occurredAt, id: row.id }
}

/**
 * Exports events as a file, read page by page with constant memory, whatever their number. A file that
 * was cut off is continued by `next` of its outcome, or by the id of the last event that arrived.
 * @throws {AuditError} AUDIT_QUERY_INVALID, naming the parameter; else what the store rejects with.
 * @example
 * import { csv, exportEvents } from 'edge-audit/export'
 * const { stream, done } = await exportEvents(audit, { tenant: 'acme', order: 'oldest' }, csv())
 * const response = new Response(stream, { headers: { 'content-type': csv().mediaType } })
 * const { rows, sha256, next } = await done
 */
export const exportEvents = async <const K extends Kind = Kind>(
  audit: Reading,
  asked: ExportQuery<K>,
  format: ExportFormat,
  env?: unknown,
): Promise<EventExport> => {
  if (typeof asked !== 'object' || asked === null) return refuse('the query', 'an object')
  const { limit, after, ...rest } = asked
  check('limit', limit, most)
  const { query, question } = askedOf(rest, audit)
  if (after !== undefined && query.after !== undefined)
    return refuse('after', 'left out where there is next')
  const source = audit.store(env)
  const from = after === undefined ? query.after : await placeOf(source, after)
  const { pages, place } = await rowsOf(source, { ...query, after: from }, limit ?? Infinity)
  const cursor = (at: Position): string => cursorOf(at, question, audit)
  const next = (): string | null => {
    const at = place()
    return at === null ? null : cursor(at)
  }
  const { stream, done } = exportStream(format, { pages, next })
  return {
    stream,
    done: done.then(({ last, next, ...outcome }) => {
      // Of a file that was cut off the rest begins behind its last row, or where it began.
      const rest = last ?? from
      return { ...outcome, next: next === undefined && rest !== undefined ? cursor(rest) : next }
    }),
  }
}
