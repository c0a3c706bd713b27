import type { StoredRow } from '../../src/event/row.ts'
import type { PageQuery, Position } from '../../src/ports/store.ts'
import type { EventSource } from '../../src/read/reading.ts'

/** Rows of a page. */
const PAGE = 1_000

export interface Rows {
  readonly pages: AsyncIterable<readonly StoredRow[]>
  /** Where the last page that was read ended; null when there is no more. */
  readonly place: () => Position | null
}

/**
 * All rows that are asked for, `most` at most, a page at a time. The first page is read now: what is
 * wrong with the question, or with the store, is told before there is a file.
 */
export const rowsOf = async (
  source: EventSource,
  query: Omit<PageQuery, 'limit'>,
  most: number,
): Promise<Rows> => {
  const read = (left: number, after: Position | undefined) =>
    source.page({ ...query, limit: Math.min(PAGE, left), after })
  let page = await read(most, query.after)
  const pages = async function* (): AsyncGenerator<readonly StoredRow[]> {
    let left = most
    for (;;) {
      const { rows, next } = page
      yield rows
      left -= rows.length
      if (next === null || left <= 0) return
      page = await read(left, next)
    }
  }
  return { pages: pages(), place: () => page.next }
}

/** The stream, whose end, however it comes, waits until `told` has settled. */
export const untilTold = (
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  told: Promise<unknown>,
): ReadableStream<Uint8Array<ArrayBuffer>> => {
  const reader = stream.getReader()
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull: async (controller) => {
        try {
          const { done, value } = await reader.read()
          if (!done) {
            controller.enqueue(value)
            return
          }
        } catch (error) {
          await told
          throw error
        }
        await told
        controller.close()
      },
      cancel: async (reason) => {
        await reader.cancel(reason)
        await told
      },
    },
    { highWaterMark: 0 },
  )
}
