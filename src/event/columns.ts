import type { Columns, EventRow } from './row.ts'

/** What an append writes, in the order of the table. When it was recorded is left to the clock of the store. */
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

type Filter = Exclude<(typeof written)[number], 'id' | 'occurredAt' | 'record'>

/** The columns that can be asked for: all but the place of an event and its record. */
export const filters: readonly Filter[] = written.filter(
  (column): column is Filter => column !== 'id' && column !== 'occurredAt' && column !== 'record',
)

/** Those that may be empty. */
export const nullable = [
  'tenant',
  'targetType',
  'targetId',
  'requestId',
  'method',
  'route',
  'status',
  'ip',
] as const satisfies readonly (keyof Columns)[]

/** The name of a column in every table and file: `actor_id` for `actorId`. */
export const nameOf = (column: string): string =>
  column.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
