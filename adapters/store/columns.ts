import type { EventRow, StoredRow } from '../../src/event/row.ts'

/** What the table of either dialect must hold: `satisfies` turns a missing column into a compile error. */
export type TableColumns = Readonly<Record<keyof StoredRow, unknown>>

/** What an append writes, in the order of the table. `recorded_at` is left to the clock of the store. */
export const written = [
  'id',
  'tenant',
  'occurredAt',
  'kind',
  'action',
  'outcome',
  'actorType',
  'actorId',
  'targetType',
  'targetId',
  'requestId',
  'method',
  'route',
  'status',
  'ip',
  'record',
] as const satisfies readonly (keyof EventRow)[]

/** The name of a column in both dialects: `actor_id` for `actorId`. */
export const nameOf = (column: string): string =>
  column.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
