import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Columns } from '../../../src/event/row.ts'
import type { TableColumns } from '../columns.ts'

// The clock of the database, in ms. It wants SQLite 3.42 (2023); libSQL and D1 are newer.
const now = sql`(cast(unixepoch('subsec') * 1000 as integer))`

const columns = {
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

/**
 * The events. Tenant comes first in every index but three: `request_id` finds a handful of rows by
 * itself, `_time` serves who asks for all tenants at once, the archive above all, and `_failed_ip`
 * holds failed logins alone, for an address that tries many names is one client to all tenants.
 */
export const auditEvents = sqliteTable('audit_events', columns, (table) => [
  index('audit_events_tenant_time').on(table.tenant, table.occurredAt, table.id),
  index('audit_events_tenant_actor').on(table.tenant, table.actorId, table.occurredAt, table.id),
  index('audit_events_tenant_target').on(
    table.tenant,
    table.targetType,
    table.targetId,
    table.occurredAt,
    table.id,
  ),
  index('audit_events_request').on(table.requestId),
  index('audit_events_time').on(table.occurredAt, table.id),
  index('audit_events_failed_ip')
    .on(table.ip, table.occurredAt, table.id)
    .where(sql`kind = 'auth' and outcome = 'failure'`),
])

/** Events may be deleted while a row stands here: the archive writes one, deletes and removes it in one transaction. */
export const auditArchivePass = sqliteTable('audit_archive_pass', {
  id: text('id').primaryKey().notNull(),
  openedAt: integer('opened_at').notNull().default(now),
})
