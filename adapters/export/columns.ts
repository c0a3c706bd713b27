import { farthest } from '../../src/event/time.ts'
import type { SchemaElement } from 'hyparquet-writer'
import type { ArchivedRow } from '../../src/ports/archive.ts'

type Type = 'text' | 'time' | 'number'

interface Field {
  readonly name: string
  readonly column: Exclude<keyof ArchivedRow, 'record'>
  readonly type: Type
  readonly nullable: boolean
}

const field = (
  name: string,
  column: Field['column'],
  { type = 'text', nullable = false }: Partial<Field> = {},
): Field => ({ name, column, type, nullable })

const nullable = { nullable: true }

// The columns of the table, in its order and under its names, and what an archive knows besides.
const fields: readonly Field[] = [
  field('id', 'id'),
  field('tenant', 'tenant', nullable),
  field('occurred_at', 'occurredAt', { type: 'time' }),
  field('recorded_at', 'recordedAt', { type: 'time' }),
  field('archived_at', 'archivedAt', { type: 'time' }),
  field('kind', 'kind'),
  field('action', 'action'),
  field('outcome', 'outcome'),
  field('actor_type', 'actorType'),
  field('actor_id', 'actorId'),
  field('target_type', 'targetType', nullable),
  field('target_id', 'targetId', nullable),
  field('request_id', 'requestId', nullable),
  field('method', 'method', nullable),
  field('route', 'route', nullable),
  field('status', 'status', { type: 'number', nullable: true }),
  field('ip', 'ip', nullable),
]

const typeOf: Readonly<
  Record<Type, Pick<SchemaElement, 'type' | 'converted_type' | 'logical_type'>>
> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  time: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
  number: { type: 'INT32' },
}

export interface Shape {
  /** What the table never lacks cannot be lacking. It can where an event is not shown in full. */
  readonly required: boolean
  /** With `archived_at`. */
  readonly archived?: boolean
}

const fieldsOf = ({ archived = false }: Shape): readonly Field[] =>
  archived ? fields : fields.filter(({ column }) => column !== 'archivedAt')

export const schemaOf = (shape: Shape): SchemaElement[] => {
  const columns = fieldsOf(shape).map(({ name, type, nullable }): SchemaElement => ({
    name,
    repetition_type: nullable || !shape.required ? 'OPTIONAL' : 'REQUIRED',
    ...typeOf[type],
  }))
  return [
    { name: 'audit_events', num_children: columns.length + 1 },
    ...columns,
    { name: 'record', repetition_type: 'REQUIRED', ...typeOf.text },
  ]
}

export type Value = string | bigint | number

/** A database holds in a column what it was given: null stands for what Parquet would not take. */
const valueOf: Readonly<Record<Type, (value: unknown) => Value | null>> = {
  text: (value) => (typeof value === 'string' ? value : null),
  // A Date's, in microseconds, which readers make of it, fits 64 bits.
  time: (value) =>
    typeof value === 'number' && Math.abs(value) <= farthest ? BigInt(Math.trunc(value)) : null,
  // What 32 bits hold, and no fraction.
  number: (value) => (typeof value === 'number' && (value | 0) === value ? value : null),
}

/** For a column that must have something. */
const otherwise: Readonly<Record<Type, Value>> = { text: '', time: 0n, number: 0 }

/** What each column holds of a row. */
export const readersOf = (
  shape: Shape,
): readonly {
  readonly name: string
  readonly column: Field['column']
  readonly read: (row: { readonly [Column in Field['column']]?: unknown }) => Value | null
}[] =>
  fieldsOf(shape).map(({ name, column, type, nullable }) => {
    const value = valueOf[type]
    const fallback = nullable || !shape.required ? null : otherwise[type]
    return { name, column, read: (row) => value(row[column]) ?? fallback }
  })
