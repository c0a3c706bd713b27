import type { Archive, ArchiveFormat } from '../ports/archive.ts'
import type { Ledger } from '../ports/ledger.ts'
import { invalid } from '../shape.ts'
import { ndjson } from './format/ndjson.ts'
import { objectArchive } from './objects.ts'
import { type ArchiveTarget, isTarget } from './options.ts'
import { tableArchive } from './table.ts'

/** A target, or a function of the bindings that gives one. */
export type TargetOf<Env = unknown> = ArchiveTarget | ((env: Env) => ArchiveTarget)

/**
 * The archive that a target stands for.
 * @throws {AuditError} AUDIT_OPTION_INVALID for a function that gives none.
 */
export const archiveOf = (
  to: TargetOf<never>,
  env: unknown,
  ledger: Ledger,
  format: ArchiveFormat = ndjson(),
): Archive => {
  const target = typeof to === 'function' ? to(env as never) : to
  if (!isTarget(target)) return invalid(`to must give an object store, or 'table'`)
  if (target === 'table') return tableArchive(ledger.table)
  return 'put' in target ? objectArchive(target, format) : target
}
