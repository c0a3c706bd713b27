import { sql } from 'drizzle-orm'
import { pgTable, text } from 'drizzle-orm/pg-core'
import type { MigrateOptions } from '../../../src/ports/store.ts'
import type { MigrationSteps } from '../migration.ts'
import { applyPending } from '../migration.ts'
import type { PgDriver } from './driver.ts'
import { classify } from './failure.ts'
import { migrations } from './migrations.ts'

const auditMigrations = pgTable('audit_migrations', {
  name: text('name').primaryKey().notNull(),
  sha256: text('sha256').notNull(),
})

// Those who come second wait here, and not somewhere in the catalogue with half of it done.
// Any number will do, as long as nobody else's lock has it: this one spells "edgeaudi" in ASCII.
const lock = sql.raw(`select pg_advisory_xact_lock(x'6564676561756469'::bigint)`)

const createTable = sql.raw(`CREATE TABLE IF NOT EXISTS audit_migrations (
  name text PRIMARY KEY NOT NULL,
  sha256 text NOT NULL,
  applied_at timestamptz(3) NOT NULL DEFAULT now()
)`)

const stepsFor = (driver: PgDriver): MigrationSteps => ({
  async applied() {
    try {
      const rows = await driver.database().select().from(auditMigrations)
      return new Map(rows.map(({ name, sha256 }) => [name, sha256]))
    } catch (error) {
      if (classify(error).code !== 'AUDIT_STORE_NOT_MIGRATED') throw error
      return new Map()
    }
  },
  async apply(migrations) {
    const notes = migrations.map(
      ({ name, sha256 }) =>
        sql`INSERT INTO audit_migrations (name, sha256) VALUES (${name}, ${sha256})`,
    )
    const statements = migrations.flatMap((migration) => migration.statements)
    await driver.transact([lock, createTable, ...notes, ...statements.map((text) => sql.raw(text))])
  },
})

/** Brings the tables up to date; safe when called by many at once. */
export const migratePg = async (
  driver: PgDriver,
  { text = false }: MigrateOptions = {},
): Promise<readonly string[]> => {
  const more = text ? (await import('./text-search.ts')).textSearch : []
  return applyPending([...migrations, ...more], stepsFor(driver))
}
