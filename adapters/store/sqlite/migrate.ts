import { sql } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { MigrateOptions } from '../../../src/ports/store.ts'
import type { MigrationSteps } from '../migration.ts'
import { applyPending } from '../migration.ts'
import type { SqliteDriver, Statement } from './driver.ts'
import { classify } from './failure.ts'
import { migrations } from './migrations.ts'
import { rowsOf } from './statements.ts'

const auditMigrations = sqliteTable('audit_migrations', {
  name: text('name').primaryKey().notNull(),
  sha256: text('sha256').notNull(),
  appliedAt: integer('applied_at').notNull(),
})

const createTable = `CREATE TABLE IF NOT EXISTS audit_migrations (
  name text PRIMARY KEY NOT NULL,
  sha256 text NOT NULL,
  applied_at integer NOT NULL DEFAULT (cast(unixepoch('subsec') * 1000 as integer))
)`

const note = 'INSERT INTO audit_migrations (name, sha256) VALUES (?, ?)'

const stepsFor = (driver: SqliteDriver): MigrationSteps => ({
  async applied() {
    try {
      const { rows } = await rowsOf(driver, auditMigrations, sql``)
      return new Map(rows.map(({ name, sha256 }) => [name, sha256]))
    } catch (error) {
      if (classify(error).code !== 'AUDIT_STORE_NOT_MIGRATED') throw error
      return new Map()
    }
  },
  async apply(migrations) {
    const statements: Statement[] = [{ sql: createTable, args: [] }]
    for (const { name, sha256 } of migrations) statements.push({ sql: note, args: [name, sha256] })
    for (const text of migrations.flatMap((migration) => migration.statements))
      statements.push({ sql: text, args: [] })
    await driver.write(statements)
  },
})

/** Brings the tables up to date; safe when called by many at once. */
export const migrateSqlite = async (
  driver: SqliteDriver,
  { text = false }: MigrateOptions = {},
): Promise<readonly string[]> => {
  const more = text ? (await import('./text-search.ts')).textSearch : []
  return applyPending([...migrations, ...more], stepsFor(driver))
}
