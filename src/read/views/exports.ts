import { exportOf, type ExportView } from '../fold/export.ts'
import { checkParameters } from '../parameters.ts'
import type { Reading } from '../reading.ts'
import { type ListOptions, listOf, listParameters, type Listing } from './list.ts'
import type { Partly, Recipe } from './thing.ts'

export type ExportsOptions = ListOptions

export interface ExportList extends Listing {
  readonly exports: readonly Partly<ExportView>[]
}

export const exported: Recipe<ExportView> = {
  kind: 'export',
  targetType: 'export',
  fold: exportOf,
  needs: [],
}

/**
 * Lists the exports that were made or downloaded last in the span, the latest first, each with how often
 * it was downloaded before `to`. Pages show each export once.
 * @throws {AuditError} AUDIT_QUERY_INVALID, naming the parameter; else what the store rejects with.
 * @example
 * import { exports } from 'edge-audit/views'
 * const { exports: made } = await exports(audit, { tenant: 'acme', limit: 50 })
 * const taken = made.filter(({ downloads }) => downloads > 1)
 */
export const exports = async (
  audit: Reading,
  options: ExportsOptions = {},
  env?: unknown,
): Promise<ExportList> => {
  checkParameters(options, listParameters)
  const { views, ...page } = await listOf(audit, exported, options, {}, env)
  return { exports: views, ...page }
}
