import {
  boolean,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { bytewise, columns, now, time } from './columns.ts'

// The books of the archive, and the second table. Who only audits requests does not load them.

/** Who may archive now. */
export const auditLeases = pgTable('audit_leases', {
  name: bytewise('name').primaryKey().notNull(),
  holder: text('holder').notNull(),
  expiresAt: time('expires_at').notNull(),
})

/** What no policy may touch. */
export const auditHolds = pgTable('audit_holds', {
  id: bytewise('id').primaryKey().notNull(),
  /** True for events of any tenant, and of none. */
  anyTenant: boolean('any_tenant').notNull(),
  tenant: bytewise('tenant'),
  actorId: bytewise('actor_id'),
  targetType: bytewise('target_type'),
  targetId: bytewise('target_id'),
  fromAt: time('from_at'),
  toAt: time('to_at'),
  reason: text('reason').notNull(),
  placedBy: text('placed_by').notNull(),
  placedAt: time('placed_at').notNull().default(now),
  releasedBy: text('released_by'),
  releasedAt: time('released_at'),
})

/** Places in the archive that somebody is writing to. */
export const auditArchiveIntents = pgTable('audit_archive_intents', {
  id: bytewise('id').primaryKey().notNull(),
  place: text('place').notNull(),
  holder: text('holder').notNull(),
  openedAt: time('opened_at').notNull().default(now),
})

/** What the archive holds, and what became of it. */
export const auditArchiveManifests = pgTable(
  'audit_archive_manifests',
  {
    id: bytewise('id').primaryKey().notNull(),
    number: integer('number').notNull(),
    place: text('place').notNull(),
    tenant: bytewise('tenant'),
    firstAt: time('first_at').notNull(),
    lastAt: time('last_at').notNull(),
    count: integer('count').notNull(),
    manifest: text('manifest').notNull(),
    emptiedAt: time('emptied_at'),
    expiredAt: time('expired_at'),
    removedAt: time('removed_at'),
    memo: text('memo'),
  },
  (table) => [
    uniqueIndex('audit_archive_manifests_number').on(table.number),
    index('audit_archive_manifests_time').on(table.lastAt),
  ],
)

/** Archived events, for those who archive into a table; a trigger refuses changes as it does for the live ones. */
export const auditArchivedEvents = pgTable(
  'audit_archived_events',
  {
    ...columns,
    id: bytewise('id').notNull(),
    recordedAt: time('recorded_at').notNull(),
    archivedAt: time('archived_at').notNull(),
    segment: bytewise('segment').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.segment, table.occurredAt, table.id] }),
    index('audit_archived_events_time').on(table.tenant, table.occurredAt, table.id),
    index('audit_archived_events_id').on(table.id),
  ],
)
