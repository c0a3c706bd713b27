import { sql } from 'drizzle-orm'
import { customType, integer, text, timestamp } from 'drizzle-orm/pg-core'
import type { Columns } from '../../../src/event/row.ts'
import type { TableColumns } from '../columns.ts'

// The clock of the database.
export const now = sql`now()`

// COLLATE "C" orders by bytes: as fast as it gets, the same everywhere, and an index stays valid when
// the C library of the host changes its collations (https://wiki.postgresql.org/wiki/Locale_data_changes).
export const bytewise = customType<{ data: string; driverData: string }>({
  dataType: () => 'text COLLATE "C"',
})

export const time = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })

export const columns = {
  id: bytewise('id').primaryKey().notNull(),
  tenant: bytewise('tenant'),
  occurredAt: time('occurred_at').notNull(),
  recordedAt: time('recorded_at').notNull().default(now),
  kind: bytewise('kind').$type<Columns['kind']>().notNull(),
  action: bytewise('action').notNull(),
  outcome: bytewise('outcome').$type<Columns['outcome']>().notNull(),
  actorType: bytewise('actor_type').$type<Columns['actorType']>().notNull(),
  actorId: bytewise('actor_id').notNull(),
  targetType: bytewise('target_type'),
  targetId: bytewise('target_id'),
  requestId: bytewise('request_id'),
  method: bytewise('method'),
  route: bytewise('route'),
  status: integer('status'),
  ip: bytewise('ip'),
  record: text('record').notNull(),
} satisfies TableColumns
