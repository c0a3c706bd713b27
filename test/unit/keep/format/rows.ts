import * as fc from 'fast-check'
import type { ArchivedRow, ArchiveFormat } from '../../../../src/ports/archive.ts'
import { anyText } from '../../event/sample.ts'
import { anyRow, at, stored } from '../../read/export/rows.ts'

export const archived = (
  columns: Partial<Omit<ArchivedRow, 'record'>> = {},
  record: string | object = {},
): ArchivedRow => {
  const { archivedAt = at + 9, ...rest } = columns
  return { ...stored(rest, record), archivedAt }
}

/** What Date knows, and what a column of numbers may hold besides. */
const anyTime = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -8.64e15, max: 8.64e15 }) },
  fc.constantFrom(0, -0, 8.64e15, -8.64e15, 253_402_300_800_000, -62_198_755_200_000, -1),
  fc.double(),
)

const anyNumber = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(0x7fff_ffff, -0x8000_0000, 0x8000_0000, -0x8000_0001, -0, 200.5, 1e21),
)

/** Archived rows of which nobody knows what they hold: half characters and no times among it. */
export const anyArchived: fc.Arbitrary<ArchivedRow> = fc
  .tuple(
    anyRow,
    fc.record({ occurredAt: anyTime, recordedAt: anyTime, archivedAt: anyTime }),
    fc.record({
      action: anyText(12),
      actorId: anyText(12),
      targetType: fc.option(anyText(12)),
      targetId: fc.option(anyText(12)),
      requestId: fc.option(anyText(12)),
      ip: fc.option(anyText(12)),
      status: fc.option(anyNumber),
    }),
    fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, anyText(60)),
  )
  .map(([row, times, texts, record]) => ({
    ...row,
    ...times,
    ...texts,
    record: record ?? row.record,
  }))

/** All rows that a format reads. */
export const decoded = async (
  format: ArchiveFormat,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<readonly ArchivedRow[]> => {
  const rows: ArchivedRow[] = []
  for await (const some of format.decode(bytes)) rows.push(...some)
  return rows
}

/** What comes of bytes that may be no longer what was written: their rows, or what they are told to be. */
export const outcomeOf = async (
  format: ArchiveFormat,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<unknown> => {
  try {
    return await decoded(format, bytes)
  } catch (error) {
    return error
  }
}

/** The bytes with each one of them changed, and cut off at each of them, and with some behind. */
export const damages = function* (
  bytes: Uint8Array<ArrayBuffer>,
): Generator<readonly [name: string, bytes: Uint8Array<ArrayBuffer>]> {
  for (const [at, byte] of bytes.entries()) {
    for (const flip of [0x01, 0x80, 0xff]) {
      const changed = bytes.slice()
      changed[at] = byte ^ flip
      yield [`byte ${at} ^ ${flip}`, changed]
    }
    yield [`the first ${at} bytes`, bytes.slice(0, at)]
  }
  for (const more of [[0], [1], [0, 0, 0, 0], [0x1f, 0x8b], [...bytes]])
    yield [`${more.length} more bytes`, Uint8Array.of(...bytes, ...more)]
}

/** Rows that are not of their types, and the column that a refusal names. */
export const mistyped: readonly (readonly [column: string, row: ArchivedRow])[] = (
  [
    ['id', { id: 7 }],
    ['tenant', { tenant: 7 }],
    ['occurred_at', { occurredAt: '2026-01-01' }],
    ['recorded_at', { recordedAt: null }],
    ['archived_at', { archivedAt: 7n }],
    ['kind', { kind: null }],
    ['action', { action: undefined }],
    ['outcome', { outcome: {} }],
    ['actor_type', { actorType: [] }],
    ['actor_id', { actorId: new Uint8Array(2) }],
    ['target_type', { targetType: true }],
    ['target_id', { targetId: 7 }],
    ['request_id', { requestId: 7 }],
    ['method', { method: 7 }],
    ['route', { route: new Uint8Array(2) }],
    ['status', { status: '200' }],
    ['ip', { ip: 7 }],
    ['record', { record: {} }],
  ] as const
).map(([column, members]) => [column, { ...archived(), ...members } as unknown as ArchivedRow])
