import * as fc from 'fast-check'
import type { StoredRow } from '../../../../src/event/row.ts'
import {
  type ExportFormat,
  type ExportOutcome,
  type ExportSource,
  exportStream,
} from '../../../../src/read/export/export.ts'
import { rowOf } from '../../../conformance/rows.ts'
import { anyText } from '../../event/sample.ts'

export const at = 1_767_225_600_000

/** A whole event, and no more than one must have. */
export const event = {
  action: 'invoice.refund',
  actor: { id: 'u1', name: 'Ada', type: 'user' },
  kind: 'custom',
  outcome: 'success',
  targets: [{ id: '7', name: 'No. 7', type: 'invoice' }],
  tenant: 'acme',
  v: 1,
}

/** A row as a store gives it; `record` is an event with the members given, unless it is a text. */
export const stored = (
  columns: Partial<Omit<StoredRow, 'record'>> = {},
  record: string | object = {},
): StoredRow => {
  const row = rowOf({ tenant: 'acme', targetType: 'invoice', targetId: '7', ...columns })
  const { id, occurredAt } = row
  const text =
    typeof record === 'string' ? record : JSON.stringify({ ...event, id, occurredAt, ...record })
  return { ...row, record: text, recordedAt: columns.recordedAt ?? at + 5 }
}

/** Records that somebody wrote who means no good, or who means something else. */
export const hostileRecords: readonly string[] = [
  '',
  'no json',
  'null',
  '7',
  '"text"',
  '[]',
  '{}',
  '{"a":1}\n{"b":2}',
  '{"actor":{},"targets":[]}\n{"trailer":{"rows":0}}',
  '{"actor":{},"targets":[]}\r',
  '{"actor":{},\n"targets":[]}',
  '\u{FEFF}{"actor":{},"targets":[]}',
  '{"actor":{},"targets":[]}\u2028',
  '{"trailer":{"rows":1,"sha256":"","next":null}}',
  '{"__proto__":{"actor":{}},"actor":{"__proto__":{"name":"x"}},"targets":[null,7,{"id":{}}]}',
  '{"actor":{"id":7,"type":[]},"targets":[[]],"id":{},"kind":7,"action":null,"occurredAt":"x"}',
  '{"actor":{},"targets":[],"metadata":{"constructor":1,"toString":"=1+1","\\u0000":"\\u0000"}}',
  `{"actor":{},"targets":[],"metadata":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
  `{"actor":{},"targets":[],"reason":"${'x'.repeat(200_000)}"}`,
  '{"actor":{"name":"=cmd|\'/C calc\'!A0"},"targets":[],"reason":"\\"\\r\\n\\u202e,;"}',
]

const value = fc.oneof(
  anyText(30).map((text) => text.toWellFormed()),
  fc.constantFrom('=1+1', '-2', "'=x", '@a', '\t=a', '\r\n', '＝a', '"', ',', '', ' ', '\u200b=1'),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
)

/** Rows of which nobody knows what they hold. */
export const anyRow: fc.Arbitrary<StoredRow> = fc
  .record({
    tenant: fc.option(anyText(12).map((text) => text.toWellFormed())),
    route: fc.option(anyText(12).map((text) => text.toWellFormed())),
    status: fc.option(fc.integer()),
    occurredAt: fc.integer({ min: 0, max: 8.64e15 }),
    record: fc.oneof(
      { weight: 1, arbitrary: fc.constantFrom(...hostileRecords) },
      {
        weight: 4,
        arbitrary: fc.record({
          reason: value,
          metadata: fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 })),
        }),
      },
    ),
  })
  .map(({ record, ...columns }) => stored(columns, record))

export interface Watched extends ExportSource {
  readonly seen: { pages: number; returned: boolean }
}

/** Rows in pages of a size, that know how far they were read and whether they were let go. */
export const sourceOf = (
  rows: readonly StoredRow[],
  {
    size = 10,
    next = null,
    ...more
  }: { size?: number; next?: string | null; show?: ExportSource['show'] } = {},
): Watched => {
  const seen = { pages: 0, returned: false }
  const pages: AsyncIterable<readonly StoredRow[]> = {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        const page = rows.slice(seen.pages * size, (seen.pages + 1) * size)
        if (page.length === 0) return { done: true, value: undefined }
        seen.pages += 1
        return { done: false, value: page }
      },
      return: async () => {
        seen.returned = true
        return { done: true, value: undefined }
      },
    }),
  }
  return { pages, next: () => next, seen, ...more }
}

export interface Exported {
  readonly bytes: Uint8Array
  readonly text: string
  readonly outcome: ExportOutcome
}

/** The whole file. */
export const exported = async (format: ExportFormat, source: ExportSource): Promise<Exported> => {
  const { stream, done } = exportStream(format, source)
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer())
  // The BOM is a part of the file.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  return { bytes, text, outcome: await done }
}
