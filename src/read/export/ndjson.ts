import type { StoredRow } from '../../event/row.ts'
import { columnsAlone, parseEvent } from '../event.ts'
import type { ExportFormat, ExportSource, TrailerOptions } from './format.ts'
import { checkOptions, trailerOption } from './options.ts'
import { encodeText, type Told, viewOf } from './text.ts'

/**
 * The record as it is stored, byte for byte, so that it can be hashed again. One that is no event, or
 * would not stay on one line, could pass for a line of ours: it is told by its index columns.
 */
const recordOf = (row: StoredRow): string =>
  /[\r\n]/.test(row.record) || parseEvent(row.record) === undefined
    ? JSON.stringify(columnsAlone(row))
    : row.record

export const recordsOf = ({ show }: ExportSource): ((row: StoredRow) => string) =>
  show === undefined ? recordOf : viewOf(show)

export const trailerLine = (told: Told): string => `${JSON.stringify({ trailer: told })}\n`

/** One event on each line, as something else than the record. */
export const lines = (
  name: string,
  { trailer }: TrailerOptions,
  map: (event: unknown) => unknown,
): ExportFormat => ({
  name,
  mediaType: 'application/x-ndjson',
  extension: 'ndjson',
  encode: (source, written) => {
    const { show } = source
    const row = viewOf(show === undefined ? map : (event) => map(show(event)))
    return encodeText(source, written, {
      head: '',
      row: (one) => `${row(one)}\n`,
      foot: '',
      trailer: trailer === true ? trailerLine : undefined,
    })
  },
})

/**
 * NDJSON: one record on each line, byte for byte as it is stored, so that each line can be hashed again.
 * The last line is `{"trailer":{"rows":…,"sha256":"…","next":…}}`; its SHA-256 is of all bytes before
 * that line. A record that is no event is a line made of its index columns, with `"unreadable":true`.
 * @throws {AuditError} AUDIT_QUERY_INVALID for an option that is not known or wrong.
 * @example
 * import { exportStream, ndjson } from 'edge-audit/export'
 * const { stream, done } = exportStream(ndjson(), source)
 */
export const ndjson = (options: TrailerOptions = {}): ExportFormat => {
  checkOptions(options, trailerOption)
  const { trailer = true } = options
  return {
    name: 'ndjson',
    mediaType: 'application/x-ndjson',
    extension: 'ndjson',
    encode: (source, written) => {
      const record = recordsOf(source)
      return encodeText(source, written, {
        head: '',
        row: (row) => `${record(row)}\n`,
        foot: '',
        trailer: trailer ? trailerLine : undefined,
      })
    },
  }
}
