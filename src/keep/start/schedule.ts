/**
 * Starts `keep` where a platform calls: by a cron trigger of Cloudflare, or over HTTP.
 * @module
 */
import { LONG, runnerOf, type ScheduleOptions } from './runner.ts'
import type { KeptAudit } from '../tell.ts'

export { cronRoute, type CronHandler, type CronRouteOptions } from './cron-route.ts'
export type { ScheduleOptions } from './runner.ts'

/** What Workers call when a cron trigger fires. */
export type ScheduledHandler<Env = unknown> = (
  controller: unknown,
  env: Env,
  context?: unknown,
) => Promise<void>

/**
 * The `scheduled` of a Worker: runs `keep` with the bindings when a cron trigger fires. It rejects when
 * the run fails, so that the platform marks it as failed; a run beside another does nothing.
 *
 * A run takes 10 minutes at most unless `budgetMs` says otherwise. Cloudflare ends one after 15 minutes,
 * and after 30 s of CPU where the trigger fires more often than hourly: fire hourly or daily. What is
 * cut off loses nothing, and the next run goes on. Triggers fire in UTC.
 * @throws {AuditError} AUDIT_OPTION_INVALID, now, for a wrong option. The handler rejects with what the
 * store or the archive does.
 * @see https://developers.cloudflare.com/workers/configuration/cron-triggers/
 * @example
 * import { createAudit } from 'edge-audit'
 * import { d1, type D1Binding } from 'edge-audit/d1'
 * import { type ObjectBucket, r2 } from 'edge-audit/r2'
 * import { scheduled } from 'edge-audit/schedule'
 * interface Env { AUDIT_DB: D1Binding; ARCHIVE: ObjectBucket }
 * const audit = createAudit({ store: (env: Env) => d1(env.AUDIT_DB) })
 * const worker = {
 *   scheduled: scheduled(audit, { archiveAfter: '90d', to: (env: Env) => r2(env.ARCHIVE) }),
 * }
 */
export const scheduled = <Env = unknown>(
  audit: KeptAudit,
  options: ScheduleOptions<Env>,
): ScheduledHandler<Env> => {
  const run = runnerOf(audit, options, LONG)
  return async (_controller, env) => {
    await run(env)
  }
}
