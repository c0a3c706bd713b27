import type { Archive, ArchiveFormat } from '../../ports/archive.ts'
import type { Ledger } from '../../ports/ledger.ts'
import { invalid } from '../../shape.ts'
import { ndjson } from './format/ndjson.ts'
import { objectArchive } from './objects.ts'
import { type ArchiveTarget, isTarget } from '../options.ts'
import { tableArchive } from './table.ts'

/** A target, or a function of the bindings that gives one. */
export type TargetOf<Env = unknown> = ArchiveTarget | ((env: Env) => ArchiveTarget)

/**
 * The archive that a target stands for.
 * @param option What the target is called among the options.
 * @throws {AuditError} AUDIT_OPTION_INVALID for a function that gives none.
 */
export const archiveOf = <Env>(
  to: TargetOf<Env>,
  env: Env | undefined,
  ledger: Ledger,
  format: ArchiveFormat = ndjson(),
  option: 'to' | 'archive' = 'to',
): Archive => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- who gives no bindings has a function of none
  const target = typeof to === 'function' ? to(env as Env) : to
  if (!isTarget(target)) return invalid(`${option} must be or give an object store, or 'table'`)
  if (target === 'table') return tableArchive(ledger.table)
  return 'put' in target ? objectArchive(target, format) : target
}
