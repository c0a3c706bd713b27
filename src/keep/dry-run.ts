import type { Condition } from '../event/condition.ts'
import type { Count } from '../ports/store.ts'
import { archiveCondition, deleteCondition, type Due } from './policy/due.ts'
import { entriesIn } from './entries.ts'
import { type KeepOptions, settingsOf } from './options.ts'
import { holdsIn } from './run/run.ts'
import { heldCondition } from './hold/holds.ts'
import type { KeptAudit } from './tell.ts'

/** What a run would do now. Counts go up to 1,000,000; `more` says that there are more. */
export interface DryRun {
  /** Live events that would be archived. */
  readonly move: Count
  /** Live events that would be deleted, for good. */
  readonly delete: Count
  /** Live events that are due for one of both, and stay because of a hold. */
  readonly held: Count
  /** Archived segments whose last event is so old that they may go, unless they hold others, and their events. */
  readonly expire: { readonly segments: number; readonly events: number }
  /** For each policy, in its order, how many of these events it applies to. */
  readonly policies: readonly {
    readonly source: string | undefined
    readonly move: Count
    readonly delete: Count
  }[]
}

const MOST = 1_000_000

const none: Count = { count: 0, more: false }

/**
 * Tries policies out: counts what a run with these options would do, and changes nothing. An event
 * that is due for both is deleted, and counted there alone.
 * @throws {AuditError} AUDIT_OPTION_INVALID for a wrong option; else what the store rejects with.
 * @example
 * import { createAudit } from 'edge-audit'
 * import { dryRun } from 'edge-audit/keep'
 * import { libsql } from 'edge-audit/libsql'
 * const audit = createAudit({ store: libsql({ url: 'file:audit.db' }) })
 * const found = await dryRun(audit, { to: 'table', archiveAfter: '90d', deleteAfter: '7y' })
 * console.log(found.move.count, found.delete.count, found.held.count)
 */
export const dryRun = async <Env = unknown>(
  audit: Pick<KeptAudit, 'store'>,
  options: KeepOptions<Env>,
): Promise<DryRun> => {
  const { policies, now: clock } = settingsOf(options)
  const store = audit.store(options.env)
  const ledger = await store.ledger()
  const now = Math.min(clock(), await ledger.now())
  const held = heldCondition(await holdsIn(ledger))
  const [moving, deleting] = [archiveCondition(policies, now), deleteCondition(policies, now)]
  const deleted: readonly Condition[] =
    deleting === undefined
      ? []
      : [{ and: [deleting.where, { column: 'occurredAt', to: deleting.to }] }]

  const count = async (due: Due | undefined, more: readonly Condition[]): Promise<Count> =>
    due === undefined
      ? none
      : store.count({ where: { and: [due.where, ...more] }, to: due.to, limit: MOST, scan: MOST })
  const not = (conditions: readonly (Condition | undefined)[]): readonly Condition[] =>
    conditions.flatMap((one) => (one === undefined ? [] : [{ not: one }]))
  const movable = not([held, ...deleted])
  const deletable = not([held])

  const both = async (more: readonly Condition[]) => ({
    move: await count(moving, [...movable, ...more]),
    delete: await count(deleting, [...deletable, ...more]),
  })
  const heldToo = async (): Promise<Count> => {
    if (held === undefined) return none
    const [one, other] = [
      await count(moving, [held, ...not(deleted)]),
      await count(deleting, [held]),
    ]
    return { count: one.count + other.count, more: one.more || other.more }
  }
  const expire = { segments: 0, events: 0 }
  if (deleting !== undefined)
    for await (const entry of entriesIn(ledger, { state: 'kept', to: deleting.to })) {
      if (entry.lastAt >= deleting.to) continue
      expire.segments += 1
      expire.events += entry.count
    }
  const byPolicy = []
  for (const { match, source } of policies) byPolicy.push({ source, ...(await both(match)) })
  return { ...(await both([])), held: await heldToo(), expire, policies: byPolicy }
}
