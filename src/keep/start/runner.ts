import { keep, type KeepOutcome } from '../keep.ts'
import { type KeepOptions, settingsOf } from '../options.ts'
import type { KeptAudit } from '../tell.ts'

/** What is said once of all runs of a schedule; bindings and signal come with each run. */
export interface ScheduleOptions<Env = unknown> extends Omit<KeepOptions<Env>, 'env' | 'signal'> {}

/** Ms of a run where the platform allows more: Workers end a scheduled one after 15 minutes. */
export const LONG = 600_000

/**
 * A run of `keep` by options that are held to what they may be now, and not when it is due.
 * @throws {AuditError} AUDIT_OPTION_INVALID, naming the first that is wrong.
 */
export const runnerOf = <Env>(
  audit: KeptAudit,
  options: ScheduleOptions<Env>,
  budgetMs: number,
): ((env?: Env, signal?: AbortSignal) => Promise<KeepOutcome>) => {
  const given = { ...options, budgetMs: options.budgetMs ?? budgetMs }
  settingsOf(given)
  return (env, signal) => keep(audit, { ...given, env, signal })
}
