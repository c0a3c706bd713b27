import { sql } from 'drizzle-orm'
import { customType, index, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import type { Columns } from '../../../src/event/row.ts'
import type { TableColumns } from '../columns.ts'

// The clock of the database.
const now = sql`now()`

// COLLATE "C" orders by bytes: as fast as it gets, the same everywhere, and an index stays valid when
// the C library of the host changes its collations (https://wiki.postgresql.org/wiki/Locale_data_changes).
const bytewise = customType<{ data: string; driverData: string }>({
  dataType: () => 'text COLLATE "C"',
})

const columns = {
  id: bytewise('id').primaryKey().notNull(),
  tenant: bytewise('tenant'),
  occurredAt: timestamp('occurred_at', { withTimezone: true, precision: 3 }).notNull(),
  recordedAt: timestamp('recorded_at', { withTimezone: true, precision: 3 }).notNull().default(now),
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

/**
 * The events. Tenant comes first in every index but three: `request_id` finds a handful of rows by
 * itself, `_time` serves who asks for all tenants at once, the archive above all, and `_failed_ip`
 * holds failed logins alone, for an address that tries many names is one client to all tenants.
 */
export const auditEvents = pgTable('audit_events', columns, (table) => [
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
export const auditArchivePass = pgTable('audit_archive_pass', {
  id: bytewise('id').primaryKey().notNull(),
  openedAt: timestamp('opened_at', { withTimezone: true, precision: 3 }).notNull().default(now),
})
