import type { SQL } from 'drizzle-orm'
import { sql } from 'drizzle-orm'
import type { EventRow } from '../../../src/event/row.ts'

// A text that never changes and one parameter for any number of rows. The JSON of a row has the names
// of EventRow, and `record` is a string in it, so its bytes come out as they went in.
const head = sql.raw(`insert into "audit_events" (
  "id", "tenant", "occurred_at", "kind", "action", "outcome", "actor_type", "actor_id", "target_type",
  "target_id", "request_id", "method", "route", "status", "ip", "record"
) select
  "id", "tenant", to_timestamp("occurredAt" / 1000.0), "kind", "action", "outcome", "actorType", "actorId", "targetType",
  "targetId", "requestId", "method", "route", "status", "ip", "record"
from json_to_recordset(`)

const tail = sql.raw(`::json) as event (
  "id" text, "tenant" text, "occurredAt" bigint, "kind" text, "action" text, "outcome" text,
  "actorType" text, "actorId" text, "targetType" text, "targetId" text, "requestId" text,
  "method" text, "route" text, "status" integer, "ip" text, "record" text
) on conflict ("id") do nothing`)

/** The statement that appends the rows. */
export const insertOf = (rows: readonly EventRow[]): SQL =>
  sql`${head}${JSON.stringify(rows)}${tail}`
