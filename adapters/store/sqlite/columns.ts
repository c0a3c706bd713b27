import { sql } from 'drizzle-orm'
import { integer, text } from 'drizzle-orm/sqlite-core'
import type { Columns } from '../../../src/event/row.ts'
import type { TableColumns } from '../columns.ts'

// The clock of the database, in ms. It wants SQLite 3.42 (2023); libSQL and D1 are newer.
export const now = sql`(cast(unixepoch('subsec') * 1000 as integer))`

export const columns = {
  id: text('id').primaryKey().notNull(),
  tenant: text('tenant'),
  occurredAt: integer('occurred_at').notNull(),
  recordedAt: integer('recorded_at').notNull().default(now),
  kind: text('kind').$type<Columns['kind']>().notNull(),
  action: text('action').notNull(),
  outcome: text('outcome').$type<Columns['outcome']>().notNull(),
  actorType: text('actor_type').$type<Columns['actorType']>().notNull(),
  actorId: text('actor_id').notNull(),
  targetType: text('target_type'),
  targetId: text('target_id'),
  requestId: text('request_id'),
  method: text('method'),
  route: text('route'),
  status: integer('status'),
  ip: text('ip'),
  record: text('record').notNull(),
} satisfies TableColumns
