import { AuditError } from '../../../errors.ts'
import type { ArchivedRow, ArchiveFormat } from '../../../ports/archive.ts'
import { isRecord } from '../../../shape.ts'
import { type Cells, checkRow, rowOf } from './cells.ts'
import { gunzip, gzip } from './gzip.ts'
import { lines } from './lines.ts'
import { numberOf, numberText } from './numbers.ts'

/**
 * UTF-16 units that are encoded at once: calls for each row take longer than the rows, and of 128 KiB and
 * more memory is asked of the system each time.
 */
const CHUNK = 32_768

const PORTION = 1_000

const DAY = 86_400_000

const digits = (value: number, width: number): string => String(value).padStart(width, '0')

/** ISO 8601 as Date writes it, with six digits and a sign for a year that needs them. */
const writesTime = (): ((ms: number) => number | string) => {
  // The rows of a segment are of one day or two: their dates are written once.
  let latest = { start: Number.NaN, date: '' }
  let last: { readonly ms: number; readonly text: number | string } | undefined
  const written = (ms: number): number | string => {
    const date = new Date(ms)
    // Date takes a fraction off, and a sign off zero, and has no time for what is too far away.
    if (date.getTime() !== ms || Object.is(ms, -0)) return numberText(ms)
    const start = Math.floor(ms / DAY) * DAY
    if (latest.start !== start) latest = { start, date: date.toISOString().slice(0, -13) }
    const of = ms - start
    const [hour, minute] = [Math.floor(of / 3_600_000), Math.floor(of / 60_000) % 60]
    const [second, rest] = [Math.floor(of / 1_000) % 60, of % 1_000]
    return `${latest.date}${digits(hour, 2)}:${digits(minute, 2)}:${digits(second, 2)}.${digits(rest, 3)}Z`
  }
  return (ms) => {
    if (last === undefined || !Object.is(last.ms, ms)) last = { ms, text: written(ms) }
    return last.text
  }
}

const ISO = /^(?:\d{4}|[+-]\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

const timeOf = (value: unknown): number | undefined => {
  if (typeof value !== 'string' || !ISO.test(value)) return numberOf(value)
  const ms = Date.parse(value)
  return Number.isNaN(ms) ? undefined : ms
}

type Writes = ReturnType<typeof writesTime>

const lineOf = (
  row: ArchivedRow,
  times: Readonly<Record<'occurred' | 'recorded' | 'archived', Writes>>,
): string => {
  checkRow(row)
  const cells: Cells = {
    id: row.id,
    tenant: row.tenant,
    occurred_at: times.occurred(row.occurredAt),
    recorded_at: times.recorded(row.recordedAt),
    archived_at: times.archived(row.archivedAt),
    kind: row.kind,
    action: row.action,
    outcome: row.outcome,
    actor_type: row.actorType,
    actor_id: row.actorId,
    target_type: row.targetType,
    target_id: row.targetId,
    request_id: row.requestId,
    method: row.method,
    route: row.route,
    status: row.status === null ? null : numberText(row.status),
    ip: row.ip,
    record: row.record,
  }
  return `${JSON.stringify(cells)}\n`
}

const pieces = function* (rows: readonly ArchivedRow[]): Generator<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder()
  const times = { occurred: writesTime(), recorded: writesTime(), archived: writesTime() }
  let text = ''
  for (const row of rows) {
    text += lineOf(row, times)
    if (text.length < CHUNK) continue
    yield encoder.encode(text)
    text = ''
  }
  if (text !== '') yield encoder.encode(text)
}

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    // Its message quotes the line: what is no object is told without it.
    return undefined
  }
}

/**
 * NDJSON, compressed by gzip: one event on each line, an object with the columns of the table under
 * their own names and in their order, `archived_at` behind `recorded_at`. Times are ISO 8601 in UTC with
 * milliseconds, `record` is the event's JSON as a text, and so byte for byte what is hashed.
 *
 * A time that `Date` does not know is a number, a number that JSON does not know (`NaN`, `-0` …) a text.
 * Whatever else is in a column than its type allows is refused.
 *
 * Compressing runs beside the thread where the platform lets it. Beside the compressed bytes, decoding
 * holds some 1,000 rows.
 * @throws {AuditError} AUDIT_ARCHIVE_REFUSED from `encode` for a row whose type is not what it says, and
 * where the platform has no CompressionStream.
 * @example
 * import { ndjson } from 'edge-audit/keep'
 * const bytes = await ndjson().encode(rows)
 * for await (const rows of ndjson().decode(bytes)) console.log(rows.length)
 */
export const ndjson = (): ArchiveFormat => ({
  extension: 'ndjson.gz',
  mediaType: 'application/gzip',
  encode: (rows) => gzip(pieces(rows)),
  decode: async function* (bytes) {
    let portion: ArchivedRow[] = []
    let number = 0
    const damaged = (what: string): never => {
      throw new AuditError('AUDIT_ARCHIVE_DAMAGED', `line ${number}: no ${what}`)
    }
    const reading = { time: timeOf, number: numberOf, damaged }
    for await (const some of lines(gunzip(bytes))) {
      for (const line of some) {
        number += 1
        const cells = parsed(line)
        portion.push(isRecord(cells) ? rowOf(cells, reading) : damaged('JSON object'))
      }
      if (portion.length < PORTION) continue
      yield portion
      portion = []
    }
    if (portion.length > 0) yield portion
  },
})
