import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { columns, now } from './columns.ts'

// The books of the archive, and the second table. Who only audits requests does not load them.

/** Who may archive now. */
export const auditLeases = sqliteTable('audit_leases', {
  name: text('name').primaryKey().notNull(),
  holder: text('holder').notNull(),
  expiresAt: integer('expires_at').notNull(),
})

/** What no policy may touch. */
export const auditHolds = sqliteTable('audit_holds', {
  id: text('id').primaryKey().notNull(),
  /** 1 for events of any tenant, and of none. */
  anyTenant: integer('any_tenant').notNull(),
  tenant: text('tenant'),
  actorId: text('actor_id'),
  targetType: text('target_type'),
  targetId: text('target_id'),
  fromAt: integer('from_at'),
  toAt: integer('to_at'),
  reason: text('reason').notNull(),
  placedBy: text('placed_by').notNull(),
  placedAt: integer('placed_at').notNull().default(now),
  releasedBy: text('released_by'),
  releasedAt: integer('released_at'),
})

/** Places in the archive that somebody is writing to. */
export const auditArchiveIntents = sqliteTable('audit_archive_intents', {
  id: text('id').primaryKey().notNull(),
  place: text('place').notNull(),
  holder: text('holder').notNull(),
  openedAt: integer('opened_at').notNull().default(now),
})

/** What the archive holds, and what became of it. */
export const auditArchiveManifests = sqliteTable(
  'audit_archive_manifests',
  {
    id: text('id').primaryKey().notNull(),
    number: integer('number').notNull(),
    place: text('place').notNull(),
    tenant: text('tenant'),
    firstAt: integer('first_at').notNull(),
    lastAt: integer('last_at').notNull(),
    count: integer('count').notNull(),
    manifest: text('manifest').notNull(),
    emptiedAt: integer('emptied_at'),
    expiredAt: integer('expired_at'),
    removedAt: integer('removed_at'),
    memo: text('memo'),
  },
  (table) => [
    uniqueIndex('audit_archive_manifests_number').on(table.number),
    index('audit_archive_manifests_time').on(table.lastAt),
  ],
)

/** Archived events, for those who archive into a table; a trigger refuses changes as it does for the live ones. */
export const auditArchivedEvents = sqliteTable(
  'audit_archived_events',
  {
    ...columns,
    id: text('id').notNull(),
    recordedAt: integer('recorded_at').notNull(),
    archivedAt: integer('archived_at').notNull(),
    segment: text('segment').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.segment, table.occurredAt, table.id] }),
    index('audit_archived_events_time').on(table.tenant, table.occurredAt, table.id),
    index('audit_archived_events_id').on(table.id),
  ],
)
