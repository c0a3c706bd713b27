/**
 * Keeps the trail: archives, deletes and holds events, on a schedule.
 * @module
 */
import { isAuditError } from '../errors.ts'
import { idMinter } from '../event/id.ts'
import { archiveDue } from './run/move.ts'
import { type Behind, behindOf } from './run/behind.ts'
import { budgetOf } from './run/budget.ts'
import { deleteDue } from './run/delete.ts'
import { deleteCondition } from './policy/due.ts'
import { emptyFilled } from './run/empty.ts'
import { expireDue } from './run/expire.ts'
import { type KeepOptions, type KeepSettings, settingsOf } from './options.ts'
import { holdsIn, type Numbers, type Run } from './run/run.ts'
import { sweep } from './run/sweep.ts'
import { tellPolicies } from './run/policy-change.ts'
import { removerOf } from './run/remove.ts'
import { archiveOf } from './archive/target.ts'
import { type KeptAudit, tellerOf } from './tell.ts'

export { verifyArchive, type Finding, type Verified, type VerifyOptions } from './verify.ts'
export { type DryRun, dryRun } from './dry-run.ts'
export { hold, holds, release, type Release } from './hold/hold.ts'
export type { HoldTerms } from './hold/check-hold.ts'
export type { Hold } from '../ports/ledger.ts'
export { restore, type RestoreOptions, type RestoreOutcome } from './restore/restore.ts'
export type { ArchiveTarget, KeepOptions } from './options.ts'
export type { Policy } from './policy/policy.ts'
export { gdprMinimal, hipaa, pciDss, soc2 } from './policy/presets.ts'
export { objectArchive } from './archive/objects.ts'
export type { Archive, ArchiveFormat, ObjectStore } from '../ports/archive.ts'
export type { Duration } from './policy/duration.ts'
export { ndjson } from './archive/format/ndjson.ts'
export type { KeptAudit } from './tell.ts'

/** How a run came out. */
export interface KeepOutcome extends Readonly<Numbers>, Behind {
  /**
   * `done`: nothing was left to do. `stopped`: by the budget or the signal; the next run goes on.
   * `busy`: another run is under way, and this one did nothing.
   */
  readonly state: 'done' | 'stopped' | 'busy'
}

const nothing: Numbers = { moved: 0, segments: 0, deleted: 0, expired: 0 }

const work = async (run: Run): Promise<void> => {
  const { archive, policies, now } = run
  if (archive !== undefined) {
    await sweep(run, archive)
    await emptyFilled(run, archive)
  }
  const deletable = deleteCondition(policies, now)
  if (deletable !== undefined) await deleteDue(run, deletable)
  if (archive === undefined) return
  await expireDue(run, archive, deletable)
  await archiveDue(run, archive)
}

/** What a run has before it holds the lease. */
type Begun = Pick<Run, 'holder' | 'store' | 'mint' | 'tell' | 'done'>

const runOf = async <Env>(
  begun: Begun,
  settings: KeepSettings<Env>,
  { env, signal }: Pick<KeepOptions<Env>, 'env' | 'signal'>,
): Promise<Run | undefined> => {
  const { to, format, policies, segment, lockFor, elapsed } = settings
  const ledger = await begun.store.ledger()
  const archive = to === undefined ? undefined : archiveOf(to, env, ledger, format)
  const budget = budgetOf({ ledger, holder: begun.holder, ...settings.budget, elapsed, signal })
  if (!(await budget.goOn()) && budget.lost) return undefined
  const [time, holdsSeen] = [await ledger.now(), await ledger.holdsSeen()]
  return {
    ...begun,
    ledger,
    remover: removerOf(ledger, elapsed),
    archive,
    policies,
    budget,
    signal,
    segment,
    lockFor,
    holdsSeen,
    // A clock that is ahead would delete too early; that both are is not to be expected.
    now: Math.min(settings.now(), time),
    holds: await holdsIn(ledger),
    kept: new Set(),
  }
}

/** Whether the signal ended a call: then the run has stopped, and did not fail. */
const isCutOff = (error: unknown, signal: AbortSignal | undefined): boolean =>
  signal?.aborted === true &&
  (error === signal.reason || (isAuditError(error) && error.detail === 'aborted'))

const outcomeOf = async (run: Run): Promise<KeepOutcome> => {
  const { budget, done, signal } = run
  try {
    await tellPolicies(run)
    await work(run)
  } catch (error) {
    if (!isCutOff(error, signal)) throw error
    budget.end()
  }
  const behind = await behindOf(run)
  return { state: budget.over ? 'stopped' : 'done', ...done, ...behind }
}

/**
 * Archives and deletes what its policies let go, in the order of time, and keeps what a hold covers.
 * It may be cut off at any point and run as often as you like: what was under way is finished, or
 * cleared away, by the next run, and of two at once one does nothing. No event is deleted from the
 * live table before its copy was read back from the archive, and its manifest is in the books.
 *
 * It holds up to three segments in memory, of 10,000 events or 8 MiB of records each: what is read, what
 * waits and what is moved. It ends with an event `audit.keep` with its numbers, also when it failed.
 * @throws {AuditError} AUDIT_OPTION_INVALID for a wrong option; else what the store or the archive
 * rejects with, after which nothing is lost, and the next run goes on.
 * @example
 * import { createAudit } from 'edge-audit'
 * import { directory } from 'edge-audit/directory'
 * import { keep } from 'edge-audit/keep'
 * import { libsql } from 'edge-audit/libsql'
 * const audit = createAudit({ store: libsql({ url: 'file:audit.db' }) })
 * const { moved, left } = await keep(audit, { archiveAfter: '90d', to: directory('archive') })
 */
export const keep = async <Env = unknown>(
  audit: KeptAudit,
  options: KeepOptions<Env>,
): Promise<KeepOutcome> => {
  const settings = settingsOf(options)
  const { env } = options
  const minted = idMinter(settings.random)
  const mint = (): string => minted(settings.now())
  const [store, holder, tell] = [audit.store(env), mint(), tellerOf(audit, env)]
  const begun: Begun = { store, holder, mint, tell, done: { ...nothing } }
  const leave = async (): Promise<void> => (await store.ledger()).leave(holder)
  let outcome: KeepOutcome
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- who gives no bindings has a function of none
    await settings.redeliver?.(env as Env)
    const run = await runOf(begun, settings, options)
    if (run === undefined)
      return { state: 'busy', ...nothing, held: 0, left: 0, more: false, lagMs: 0 }
    outcome = await outcomeOf(run)
    await tell({ action: 'audit.keep', data: { ...outcome, now: run.now } })
  } catch (error) {
    await tell({ action: 'audit.keep', outcome: 'failure', error, data: { ...begun.done } })
    // It runs out by itself; what went wrong first is what is told.
    await leave().catch(() => undefined)
    throw error
  }
  await leave()
  return outcome
}
