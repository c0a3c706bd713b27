import type { StoredRow } from '../../event/row.ts'
import { eventOf, parseEvent } from '../event.ts'
import { cell, jsonCell } from './cell.ts'
import { type Column, columnsBy, standardColumns, valueAt } from './columns.ts'
import type { ExportFormat, ExportSource, TrailerOptions } from './format.ts'
import { checkOptions, flag, trailerOption } from './options.ts'
import { scannerOf } from './scan.ts'
import { encodeText } from './text.ts'
import { isoTimes } from './time.ts'

export interface CsvOptions extends TrailerOptions {
  /**
   * Names of columns, or places in the record such as `metadata.plan`, `data.durationMs` and
   * `targets.1.id`; 1 to 200. What is an object is written as JSON. A file without columns of the
   * record is made twice as fast.
   * @default id, occurredAt, recordedAt, tenant, kind, action, outcome, actorType, actorId, actorName,
   * targetType, targetId, targetName, requestId, method, route, path, status, ip, userAgent, reason,
   * errorType, errorMessage, changes, metadata
   */
  readonly columns?: readonly string[] | undefined
  /** Begins the file with U+FEFF, by which Excel tells UTF-8. @default false */
  readonly bom?: boolean | undefined
  /** Whether the first record holds the names of the columns. @default true */
  readonly header?: boolean | undefined
}

type Field = (row: StoredRow, found: readonly unknown[], place: number) => string

const inTime = (
  value: (row: StoredRow, found: readonly unknown[], place: number) => unknown,
): Field => {
  const iso = isoTimes()
  return (row, found, place) => {
    const at = value(row, found, place)
    return cell(iso(at) ?? at)
  }
}

/** A column of the row's own is read from it; another is JSON that stands in the record. */
const fieldOf = ({ column, time }: Column): Field => {
  if (column === undefined) return (_, found, place) => jsonCell(found[place])
  return time === true ? inTime((row) => row[column]) : (row) => cell(row[column])
}

/** The same of an event as it may be shown: the row's own columns would tell more. */
const shownFieldOf = ({ time }: Column): Field =>
  time === true
    ? inTime((_, found, place) => found[place])
    : (_, found, place) => cell(found[place])

/** How a row is written: its record is not looked into when no column asks for that. */
const recordOf = (
  columns: readonly Column[],
  { show }: ExportSource,
): ((row: StoredRow) => string) => {
  const fields = columns.map(show === undefined ? fieldOf : shownFieldOf)
  const paths = columns.map(({ path }) => path)
  const inRecord = columns.map(({ column, path }) => (column === undefined ? path : []))
  const scan = scannerOf(inRecord, parseEvent)
  const looks = columns.some(({ column }) => column === undefined)
  const findIn = (row: StoredRow): readonly unknown[] => {
    if (show === undefined) return looks ? scan(row.record) : []
    const event = show(eventOf(row))
    return paths.map((path) => valueAt(event, path))
  }
  return (row) => {
    const found = findIn(row)
    let text = ''
    for (let place = 0; place < fields.length; place += 1) {
      if (place > 0) text += ','
      text += fields[place]?.(row, found, place) ?? ''
    }
    // One empty field alone would be an empty line, which readers skip.
    return text === '' ? '""\r\n' : `${text}\r\n`
  }
}

/**
 * CSV as RFC 4180 has it, in UTF-8, with CRLF behind each record; times are ISO 8601 in UTC.
 *
 * A text that a program would run as a formula (one that begins with `=`, `+`, `-`, `@`, a tab or a
 * line break, in full width or behind blanks too) has a `'` before it. To undo that, take one `'` away
 * from each text that matches `/^'+(?:[\t\r\n]|[\s\p{C}]*[=+\-@＝＋－＠])/u`. Numbers stay numbers.
 *
 * The last record is `#end rows=… sha256=… next=…` and otherwise empty fields, so that all records have
 * as many; its SHA-256 is of all bytes before that record.
 * @throws {AuditError} AUDIT_QUERY_INVALID, naming a column or an option that is not known or wrong.
 * @example
 * import { csv, exportStream } from 'edge-audit/export'
 * const format = csv({ columns: ['occurredAt', 'actorName', 'action', 'metadata.plan'], bom: true })
 * const { stream, done } = exportStream(format, source)
 */
export const csv = (options: CsvOptions = {}): ExportFormat => {
  checkOptions(options, { ...trailerOption, bom: flag, header: flag, columns: ['', () => true] })
  const { bom = false, header = true, trailer = true } = options
  const columns = columnsBy(options.columns ?? standardColumns)
  const names = header ? `${columns.map(({ name }) => cell(name)).join(',')}\r\n` : ''
  return {
    name: 'csv',
    mediaType: `text/csv; charset=utf-8; header=${header ? 'present' : 'absent'}`,
    extension: 'csv',
    encode: (source, written) =>
      encodeText(source, written, {
        head: (bom ? '\uFEFF' : '') + names,
        row: recordOf(columns, source),
        foot: '',
        trailer: trailer
          ? ({ rows, sha256, next }) =>
              `${cell(`#end rows=${rows} sha256=${sha256} next=${next}`)}${','.repeat(columns.length - 1)}\r\n`
          : undefined,
      }),
  }
}
