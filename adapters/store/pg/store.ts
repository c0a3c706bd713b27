import type { SQL } from 'drizzle-orm'
import { and, asc, desc, eq, getTableColumns, isNull, sql } from 'drizzle-orm'
import type { AuditStore, PageQuery } from '../../../src/ports/store.ts'
import { guarded } from '../failure.ts'
import { checkQuery, checkSummary, filters, pageOf } from '../paging.ts'
import type { PgDriver } from './driver.ts'
import { classify } from './failure.ts'
import { insertOf } from './insert.ts'
import { migratePg } from './migrate.ts'
import { readSummary } from './summary.ts'
import { auditEvents } from './table.ts'
import { msOf, timeOf } from './times.ts'

const { occurredAt, id } = auditEvents

const stored = {
  ...getTableColumns(auditEvents),
  occurredAt: msOf(occurredAt),
  recordedAt: msOf(auditEvents.recordedAt),
}

const conditionsOf = ({ from, to, after, order, ...query }: PageQuery): SQL | undefined => {
  const conditions: SQL[] = []
  for (const name of filters) {
    const value = query[name]
    if (value === undefined) continue
    conditions.push(value === null ? isNull(auditEvents[name]) : eq(auditEvents[name], value))
  }
  if (from !== undefined) conditions.push(sql`${occurredAt} >= ${timeOf(from)}`)
  if (to !== undefined) conditions.push(sql`${occurredAt} < ${timeOf(to)}`)
  if (after === undefined) return and(...conditions)
  const beyond = order === 'oldest' ? sql`>` : sql`<`
  conditions.push(sql`(${occurredAt}, ${id}) ${beyond} (${timeOf(after.occurredAt)}, ${after.id})`)
  return and(...conditions)
}

const orderOf = (query: PageQuery): SQL[] => {
  const direction = query.order === 'oldest' ? asc : desc
  // The planner does not see that `tenant IS NULL` leaves one value, and would sort what the index
  // holds in order already, unless the column is named here.
  const alone = filters.filter((name) => query[name] === null)
  return [
    ...alone.map((name) => direction(auditEvents[name])),
    direction(occurredAt),
    direction(id),
  ]
}

/** The store of every PostgreSQL: Drizzle writes the statements and runs them on the database it is given. */
export const pgStore = (driver: PgDriver): AuditStore => ({
  append: (rows, { signal } = {}) =>
    guarded(
      async () => {
        if (rows.length === 0) return
        await driver.database(signal).execute(insertOf(rows))
      },
      classify,
      signal,
    ),
  page: (query) =>
    guarded(async () => {
      checkQuery(query)
      const rows = await driver
        .database()
        .select(stored)
        .from(auditEvents)
        .where(conditionsOf(query))
        .orderBy(...orderOf(query))
        .limit(query.limit + 1)
      return pageOf(rows, query.limit)
    }, classify),
  get: (wanted) =>
    guarded(async () => {
      const database = driver.database()
      const [row] = await database.select(stored).from(auditEvents).where(eq(id, wanted)).limit(1)
      return row
    }, classify),
  summary: (query) =>
    guarded(async () => {
      checkSummary(query)
      return readSummary(driver.database(), query)
    }, classify),
  migrate: () => guarded(() => migratePg(driver), classify),
  close: () => guarded(() => driver.close(), classify),
})
