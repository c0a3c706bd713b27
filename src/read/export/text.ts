import type { StoredRow } from '../../event/row.ts'
import type { Position } from '../../ports/store.ts'
import { columnsAlone, eventOf, type StoredEvent } from '../event.ts'
import type { ExportChunk, ExportSource, Written } from './format.ts'

/** A file of text: what stands before the rows, one of them, behind them, and at the very end. */
export interface TextShape {
  readonly head: string
  readonly row: (row: StoredRow) => string
  readonly foot: string
  /** Told of all that stands before it. */
  readonly trailer?: ((told: Told) => string) | undefined
}

export interface Told {
  readonly rows: number
  readonly sha256: string
  readonly next: string | null
}

/** UTF-16 units that are encoded at once: calls for each row take longer than the rows. */
const CHUNK = 65_536

export const encodeText = async function* (
  source: ExportSource,
  written: Written,
  { head, row: textOf, foot, trailer }: TextShape,
): AsyncGenerator<ExportChunk, void, undefined> {
  const encoder = new TextEncoder()
  let text = head
  let rows = 0
  let last: Position | undefined
  for await (const page of source.pages) {
    for (const row of page) {
      text += textOf(row)
      rows += 1
      last = row
      if (text.length < CHUNK) continue
      yield { bytes: encoder.encode(text), rows, last }
      text = ''
      rows = 0
    }
  }
  text += foot
  if (text !== '') yield { bytes: encoder.encode(text), rows, last }
  if (trailer === undefined) return
  // All that stands before it was yielded, so `written` knows it.
  const told = { rows: written.rows, sha256: written.sha256(), next: source.next() }
  yield { bytes: encoder.encode(trailer(told)), rows: 0 }
}

/** Undefined for what JSON cannot say, and for what is nested deeper than the stack reaches. */
export const jsonOf = (value: unknown): string | undefined => {
  try {
    return JSON.stringify(value)
  } catch {
    // The caller has something to say in its place.
    return undefined
  }
}

/** One row as JSON: what `view` makes of its event. */
export const viewOf =
  (view: (event: StoredEvent) => unknown) =>
  (row: StoredRow): string =>
    jsonOf(view(eventOf(row))) ?? jsonOf(view(columnsAlone(row))) ?? 'null'
