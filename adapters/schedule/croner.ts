/**
 * Starts `keep` in a process that stays, on Node and Bun, by croner.
 * @module
 */
import { Cron } from 'croner'
import { AuditError } from '../../src/errors.ts'
import { LONG, runnerOf, type ScheduleOptions } from '../../src/keep/start/runner.ts'
import type { KeptAudit } from '../../src/keep/tell.ts'

export interface EveryOptions extends ScheduleOptions {
  /** Five fields of a cron expression, in UTC: `17 3 * * *` is every day at 3:17. */
  readonly schedule: string
  /** Told what a run failed with. Nothing is lost then, and the next run goes on. */
  readonly onError: (error: unknown) => void
}

export interface KeepJob {
  /** Runs now, or waits for the run under way; resolves when it has ended, well or not. */
  trigger(): Promise<void>
  /** Starts no more runs, and ends the one under way; resolves when it has ended. */
  stop(): Promise<void>
}

const wrong = (why: string, options?: ErrorOptions): AuditError =>
  new AuditError('AUDIT_OPTION_INVALID', `schedule ${why}`, options)

const fields = /^\S+(?: \S+){4}$/

const cronOf = (schedule: string, run: () => Promise<void>): Cron => {
  // It would take a date as well, and run once.
  if (typeof schedule !== 'string' || !fields.test(schedule))
    throw wrong(`must be five fields of a cron expression, such as '17 3 * * *'`)
  try {
    return new Cron(schedule, { timezone: 'UTC', mode: '5-part', protect: true }, run)
  } catch (cause) {
    throw wrong('is no cron expression', { cause })
  }
}

/**
 * Runs `keep` on a schedule while the process lives, which it keeps alive. Several processes may do
 * so: one of them runs, the others find it busy. No run begins while one is under way.
 *
 * A run takes 10 minutes at most unless `budgetMs` says otherwise. One that is due while the process
 * is down is not made up for: the next does its work as well.
 * @throws {AuditError} AUDIT_OPTION_INVALID for a wrong option.
 * @see https://croner.56k.guru
 * @example
 * import { createAudit } from 'edge-audit'
 * import { every } from 'edge-audit/croner'
 * import { directory } from 'edge-audit/directory'
 * import { libsql } from 'edge-audit/libsql'
 * const audit = createAudit({ store: libsql({ url: 'file:audit.db' }) })
 * const job = every(audit, {
 *   schedule: '17 3 * * *',
 *   archiveAfter: '90d',
 *   to: directory('audit-archive'),
 *   onError: console.error,
 * })
 * await job.stop()
 */
export const every = (
  audit: KeptAudit,
  { schedule, onError, ...options }: EveryOptions,
): KeepJob => {
  if (typeof onError !== 'function')
    throw new AuditError('AUDIT_OPTION_INVALID', 'onError must be a function')
  const run = runnerOf(audit, options, LONG)
  const stopping = new AbortController()
  const { signal } = stopping
  let current: Promise<void> | undefined

  const work = async (): Promise<void> => {
    try {
      await run(undefined, signal)
    } catch (error) {
      onError(error)
    } finally {
      current = undefined
    }
  }
  const once = async (): Promise<void> => {
    if (signal.aborted) return
    await (current ??= work())
  }

  const cron = cronOf(schedule, once)
  if (cron.nextRun() === null) throw wrong('never comes')
  return {
    trigger: once,
    stop: async () => {
      cron.stop()
      stopping.abort()
      await current
    },
  }
}
