import { AuditError } from '../../src/errors.ts'
import { LONG, runnerOf, type ScheduleOptions } from '../../src/keep/start/runner.ts'
import type { KeptAudit } from '../../src/keep/tell.ts'
import { warn } from './shutdown.ts'

export interface DenoCronOptions extends ScheduleOptions {
  /** Five fields of a cron expression, in UTC: `17 3 * * *` is every day at 3:17. */
  readonly schedule: string
  /** What it is called in logs, and by no other cron of the app. @default 'edge-audit-keep' */
  readonly name?: string | undefined
  /** Ends the schedule, and the run under way as its budget does. @default never */
  readonly signal?: AbortSignal | undefined
}

/** What is used of Deno; its own types are no part of this package. */
declare const Deno:
  | {
      readonly cron?: (
        name: string,
        schedule: string,
        options: { readonly signal?: AbortSignal },
        handler: () => Promise<void>,
      ) => Promise<void>
    }
  | undefined

/**
 * Runs `keep` by `Deno.cron`. Call it at the top level of a module, before `Deno.serve`: Deno Deploy
 * looks for crons there, and calls them; elsewhere Deno does while the process lives. It needs
 * `"unstable": ["cron"]` in deno.json, or `--unstable-cron`, but on Deno Deploy.
 *
 * Runs do not overlap. One that fails is told by Deno, on stderr or in the logs, and is not repeated
 * before the next is due. It takes 10 minutes at most unless `budgetMs` says otherwise.
 * @throws {AuditError} AUDIT_OPTION_INVALID for a wrong option, and where there is no `Deno.cron`.
 * @throws {TypeError} Deno's own, for a name or a schedule that it does not take.
 * @see https://docs.deno.com/runtime/fundamentals/cron/
 * @example
 * import { createAudit } from 'edge-audit'
 * import { denoCron } from 'edge-audit/deno'
 * import { libsql } from 'edge-audit/libsql'
 * const audit = createAudit({ store: libsql({ url: 'https://audit-acme.turso.io' }) })
 * denoCron(audit, { schedule: '17 3 * * *', archiveAfter: '90d', to: 'table' })
 */
export const denoCron = (
  audit: KeptAudit,
  { schedule, name = 'edge-audit-keep', signal, ...options }: DenoCronOptions,
): void => {
  const run = runnerOf(audit, options, LONG)
  const handler = async (): Promise<void> => {
    await run(undefined, signal)
  }
  const given = signal === undefined ? {} : { signal }
  const cron = typeof Deno === 'undefined' ? undefined : Deno.cron?.(name, schedule, given, handler)
  if (cron === undefined)
    throw new AuditError(
      'AUDIT_OPTION_INVALID',
      'there is no Deno.cron: add "cron" to `unstable` in deno.json, or run with --unstable-cron',
    )
  // It settles when the signal is aborted, or when Deno gives up on it.
  cron.catch(warn)
}
