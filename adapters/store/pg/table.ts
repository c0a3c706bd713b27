import { sql } from 'drizzle-orm'
import { index, pgTable, primaryKey } from 'drizzle-orm/pg-core'
import { bytewise, columns, now, time } from './columns.ts'

/**
 * The events. Tenant comes first in every index but three: `_request` finds a handful of rows by
 * itself, `_time` serves who asks for all tenants at once, the archive above all, and `_failed_ip`
 * holds failed logins alone, for an address that tries many names is one client to all tenants.
 * All end in the order of time. `_outcome` and `_kind` leave out what most events are, so that they
 * cost next to nothing; the others are few because each costs every write.
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
export const auditEventTargets = pgTable(
  'audit_event_targets',
  {
    eventId: bytewise('event_id').notNull(),
    tenant: bytewise('tenant'),
    targetType: bytewise('target_type').notNull(),
    targetId: bytewise('target_id').notNull(),
    occurredAt: time('occurred_at').notNull(),
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
export const auditArchivePass = pgTable('audit_archive_pass', {
  id: bytewise('id').primaryKey().notNull(),
  openedAt: time('opened_at').notNull().default(now),
})
