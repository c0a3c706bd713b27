import type { StoredRow } from '../../event/row.ts'
import { eventOf } from '../event.ts'
import { rowColumns, valueAt } from './columns.ts'
import type { ExportSource } from './format.ts'
import { recordsOf } from './ndjson.ts'

/** A row of which any value may be missing, or be something else than its column holds. */
export type ShownRow = { readonly [Column in Exclude<keyof StoredRow, 'record'>]?: unknown } & {
  readonly record: string
}

/** Rows as they may be shown: as they are stored, or what `show` leaves of their events. */
export const shownRows = (source: ExportSource): ((row: StoredRow) => ShownRow) => {
  const { show } = source
  if (show === undefined) return (row) => row
  const record = recordsOf(source)
  return (row) => {
    const event = show(eventOf(row))
    const values = rowColumns.map(([column, path]) => [column, valueAt(event, path)])
    return { ...Object.fromEntries(values), record: record(row) }
  }
}
