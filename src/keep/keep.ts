/**
 * Keeps the trail: archives, deletes and holds events, on a schedule.
 * @module
 */
import { idMinter } from '../event/id.ts'
import type { Archive } from '../ports/archive.ts'
import { type Behind, behindOf } from './behind.ts'
import { budgetOf } from './budget.ts'
import { chooserOf } from './choose.ts'
import { deleteDue } from './delete.ts'
import { archiveCondition, deleteCondition } from './due.ts'
import { emptyEntry, emptyFilled } from './empty.ts'
import { expireDue } from './expire.ts'
import { type KeepOptions, type KeepSettings, settingsOf } from './options.ts'
import { holdsIn, type Numbers, type Run } from './run.ts'
import { archiveSegment } from './segment.ts'
import { sweep } from './sweep.ts'
import { archiveOf } from './target.ts'
import { type KeptAudit, tellerOf } from './tell.ts'

export { verifyArchive, type Finding, type Verified, type VerifyOptions } from './verify.ts'
export { hold, holds, release, type Release } from './hold.ts'
export type { HoldTerms } from './check-hold.ts'
export type { Hold } from '../ports/ledger.ts'
export { restore, type RestoreOptions, type RestoreOutcome } from './restore.ts'
export type { ArchiveTarget, KeepOptions } from './options.ts'
export type { Policy } from './policy.ts'
export { gdprMinimal, hipaa, pciDss, soc2 } from './presets.ts'
export { objectArchive } from './objects.ts'
export type { Archive, ArchiveFormat, ObjectStore } from '../ports/archive.ts'
export type { Duration } from './duration.ts'
export { ndjson } from './format/ndjson.ts'
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

const archiveDue = async (run: Run, archive: Archive): Promise<void> => {
  const due = archiveCondition(run.policies, run.now)
  if (due === undefined) return
  const next = chooserOf(run, due)
  while (await run.budget.goOn()) {
    const chosen = await next()
    if (chosen === undefined) return
    const entry = await archiveSegment(run, archive, chosen)
    if (entry === undefined) return
    run.done.segments += 1
    run.done.moved += entry.count
    run.budget.spend(entry.count)
    await emptyEntry(
      run,
      archive,
      entry,
      chosen.rows.map(({ id }) => id),
    )
  }
}

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

const runOf = async <Env>(
  audit: KeptAudit,
  settings: KeepSettings<Env>,
  { env, signal }: Pick<KeepOptions<Env>, 'env' | 'signal'>,
): Promise<Run | undefined> => {
  const store = audit.store(env)
  const ledger = await store.ledger()
  const { to, format, policies, segment, elapsed } = settings
  const mint = idMinter(settings.random)
  const holder = mint(settings.now())
  const budget = budgetOf({ ledger, holder, ...settings.budget, elapsed, signal })
  if (!(await budget.goOn()) && budget.lost) return undefined
  const [time, holdsSeen] = [await ledger.now(), await ledger.holdsSeen()]
  return {
    holder,
    store,
    ledger,
    policies,
    budget,
    signal,
    segment,
    holdsSeen,
    archive: to === undefined ? undefined : archiveOf(to, env, ledger, format),
    // A clock that is ahead would delete too early; that both are is not to be expected.
    now: Math.min(settings.now(), time),
    holds: await holdsIn(ledger),
    kept: new Set(),
    mint: () => mint(settings.now()),
    tell: tellerOf(audit, env),
    done: { ...nothing },
  }
}

/**
 * Archives and deletes what its policies let go, in the order of time, and keeps what a hold covers.
 * It may be cut off at any point and run as often as you like: what was under way is finished, or
 * cleared away, by the next run, and of two at once one does nothing. No event is deleted from the
 * live table before its copy was read back from the archive, and its manifest is in the books.
 *
 * It holds one segment in memory: 10,000 events, or 8 MiB of records. It ends with an event
 * `audit.keep` with its numbers, also when it failed.
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
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- who gives no bindings has a function of none
  await settings.redeliver?.(env as Env)
  const run = await runOf(audit, settings, options)
  if (run === undefined)
    return { state: 'busy', ...nothing, held: 0, left: 0, more: false, lagMs: 0 }
  const { done, budget, ledger, holder, tell, now } = run
  try {
    await work(run)
  } catch (error) {
    await tell({ action: 'audit.keep', outcome: 'failure', error, data: { ...done } })
    // It runs out by itself; what went wrong first is what is told.
    await ledger.leave(holder).catch(() => undefined)
    throw error
  }
  const behind = await behindOf(run)
  const state = budget.over ? 'stopped' : 'done'
  const outcome = { state, ...done, ...behind } as const
  await tell({ action: 'audit.keep', data: { ...outcome, now } })
  await ledger.leave(holder)
  return outcome
}
