import { AuditError } from '../../src/errors.ts'
import { hexOf } from '../../src/event/hex.ts'

/** One file of `migrations/`, as a module. */
export interface Migration {
  readonly name: string
  readonly statements: readonly string[]
}

export interface HashedMigration extends Migration {
  readonly sha256: string
}

/** What a dialect does for the runner. */
export interface MigrationSteps {
  /** The migrations that the database holds, name to SHA-256. */
  applied(): Promise<ReadonlyMap<string, string>>
  /**
   * One transaction that first notes the names and then runs the statements, so of many at once all
   * but one fail on the note and change nothing.
   */
  apply(migrations: readonly HashedMigration[]): Promise<void>
}

const hashed = async (migration: Migration): Promise<HashedMigration> => {
  const bytes = new TextEncoder().encode(migration.statements.join('\n--\n'))
  const digest = await crypto.subtle.digest('SHA-256', bytes)
  return { ...migration, sha256: hexOf(new Uint8Array(digest)) }
}

const pendingOf = (
  migrations: readonly HashedMigration[],
  applied: ReadonlyMap<string, string>,
): readonly HashedMigration[] => {
  const changed = migrations.find(({ name, sha256 }) => (applied.get(name) ?? sha256) !== sha256)
  if (changed !== undefined) throw new AuditError('AUDIT_MIGRATION_CHANGED', changed.name)
  return migrations.filter(({ name }) => !applied.has(name))
}

/** Applies what is missing and resolves to its names. */
export const applyPending = async (
  migrations: readonly Migration[],
  { applied, apply }: MigrationSteps,
): Promise<readonly string[]> => {
  const all = await Promise.all(migrations.map(hashed))
  let pending = pendingOf(all, await applied())
  while (pending.length > 0) {
    const names = pending.map(({ name }) => name)
    try {
      await apply(pending)
      return names
    } catch (error) {
      // Somebody else was faster if there is less to do now; each turn has less, so this ends.
      const left = pendingOf(all, await applied())
      if (left.length === pending.length) throw error
      pending = left
    }
  }
  return []
}
