import { amountOf, dataOf, textOf } from '../../event/data.ts'
import type { Reading } from '../reading.ts'

/** How the last run of `keep` came out. */
export interface KeepRun {
  /** When it ended, in ms since 1970 UTC: a run that no longer happens is told by this alone. */
  readonly at: number
  readonly outcome: 'success' | 'failure' | 'denied' | 'unknown'
  readonly state?: string | undefined
  /** Events that it moved into the archive, and that it deleted, live and archived. */
  readonly moved?: number | undefined
  readonly deleted?: number | undefined
  readonly expired?: number | undefined
  /** Live events that were due and held, and that it did not come to, up to 10,000. */
  readonly held?: number | undefined
  readonly left?: number | undefined
  /** Ms for which the oldest of those that were left had been due. */
  readonly lagMs?: number | undefined
}

/**
 * Tells of the last run of `keep`; undefined when there was none, or none that this reader may see.
 * @throws {AuditError} what the store rejects with.
 * @example
 * import { lastKeep } from 'edge-audit/views'
 * const run = await lastKeep(audit)
 * if (run === undefined || Date.now() - run.at > 2 * 86_400_000) console.warn('keep does not run')
 */
export const lastKeep = async (audit: Reading, env?: unknown): Promise<KeepRun | undefined> => {
  const asked = { tenant: null, action: 'audit.keep', kind: 'system', limit: 1 } as const
  const [row] = (await audit.store(env).page(asked)).rows
  if (row === undefined) return undefined
  const told: Readonly<Record<string, unknown>> = dataOf(row.record) ?? {}
  return {
    at: row.occurredAt,
    outcome: row.outcome,
    state: textOf(told['state']),
    moved: amountOf(told['moved']),
    deleted: amountOf(told['deleted']),
    expired: amountOf(told['expired']),
    held: amountOf(told['held']),
    left: amountOf(told['left']),
    lagMs: amountOf(told['lagMs']),
  }
}
