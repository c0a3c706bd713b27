import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { columns, now } from './columns.ts'

/**
 * The events. Tenant comes first in every index but three: `_request` finds a handful of rows by
 * itself, `_time` serves who asks for all tenants at once, the archive above all, and `_failed_ip`
 * holds failed logins alone, for an address that tries many names is one client to all tenants.
 * All end in the order of time. `_outcome` and `_kind` leave out what most events are, so that they
 * cost next to nothing; the others are few because each costs every write.
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
  index('audit_events_tenant_action').on(table.tenant, table.action, table.occurredAt, table.id),
  index('audit_events_tenant_outcome')
    .on(table.tenant, table.outcome, table.occurredAt, table.id)
    .where(sql`outcome <> 'success'`),
  index('audit_events_tenant_kind')
    .on(table.tenant, table.kind, table.occurredAt, table.id)
    .where(sql`kind <> 'request'`),
  index('audit_events_request').on(table.requestId, table.occurredAt, table.id),
  index('audit_events_time').on(table.occurredAt, table.id),
  index('audit_events_failed_ip')
    .on(table.ip, table.occurredAt, table.id)
    .where(sql`kind = 'auth' and outcome = 'failure'`),
])

/** The targets of an event but the first, so that they are found as fast. A trigger writes them. */
export const auditEventTargets = sqliteTable(
  'audit_event_targets',
  {
    eventId: text('event_id').notNull(),
    tenant: text('tenant'),
    targetType: text('target_type').notNull(),
    targetId: text('target_id').notNull(),
    occurredAt: integer('occurred_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.eventId, table.targetType, table.targetId] }),
    index('audit_event_targets_target').on(
      table.tenant,
      table.targetType,
      table.targetId,
      table.occurredAt,
      table.eventId,
    ),
  ],
)

/** Events may be deleted while a row stands here: the archive writes one, deletes and removes it in one transaction. */
export const auditArchivePass = sqliteTable('audit_archive_pass', {
  id: text('id').primaryKey().notNull(),
  openedAt: integer('opened_at').notNull().default(now),
})
