import type { ArchivedRow, ArchiveFormat } from '../../ports/archive.ts'
import { checkRestore, keepsAll } from './check-restore.ts'
import { entriesIn } from '../entries.ts'
import { hold as placeHold } from '../hold/hold.ts'
import { holdsIn } from '../run/run.ts'
import { writtenOf } from '../run/segment.ts'
import { restoredIn } from '../archive/table.ts'
import { archiveOf, type TargetOf } from '../archive/target.ts'
import { type KeptAudit, tellerOf } from '../tell.ts'
import { invalid } from '../../shape.ts'

export interface RestoreOptions<Env = unknown> {
  /** Earliest `occurredAt`, included; ms since 1970 UTC, or a Date. */
  readonly from: number | Date
  /** Latest `occurredAt`, not included. */
  readonly to: number | Date
  /** @default those of all tenants, and of none */
  readonly tenant?: string | null | undefined
  /** Where the events are archived. */
  readonly archive: TargetOf<Env>
  readonly format?: ArchiveFormat | undefined
  /**
   * `live`: beside the events that are live, under a hold; when it is released they go again.
   * `table`: into the second table, apart from the live ones.
   */
  readonly into: 'live' | 'table'
  /** Why, and who: for the event and the hold. */
  readonly reason: string
  readonly by: string
  /** The hold of a call before that was cut off, which covers all of it. @default a new one */
  readonly hold?: string | undefined
  readonly env?: Env | undefined
  readonly signal?: AbortSignal | undefined
}

export interface RestoreOutcome {
  /** Events that are there now, whether by this call or by one before. */
  readonly events: number
  readonly segments: number
  /** What keeps them live, to be released; undefined for the second table. */
  readonly hold: string | undefined
}

/**
 * Puts archived events back, as they were: the same ids, times and bytes. They stay in the archive
 * too. It may be cut off and called again: no event is there twice. It is an event, `audit.restore`.
 * @throws {AuditError} AUDIT_OPTION_INVALID, naming what is wrong; AUDIT_ARCHIVE_DAMAGED when an object
 * is not what was written; else what the store or the archive rejects with.
 * @example
 * import { createAudit } from 'edge-audit'
 * import { directory } from 'edge-audit/directory'
 * import { restore } from 'edge-audit/keep'
 * import { libsql } from 'edge-audit/libsql'
 * const audit = createAudit({ store: libsql({ url: 'file:audit.db' }) })
 * const { events, hold } = await restore(audit, {
 *   from: Date.UTC(2026, 0, 1),
 *   to: Date.UTC(2026, 1, 1),
 *   archive: directory('archive'),
 *   into: 'live',
 *   reason: 'Incident 42',
 *   by: 'ada@example.com',
 * })
 */
export const restore = async <Env = unknown>(
  audit: KeptAudit,
  options: RestoreOptions<Env>,
): Promise<RestoreOutcome> => {
  const span = checkRestore(options)
  const { from, to, tenant } = span
  const { into, reason, by, env, signal } = options
  const ledger = await audit.store(env).ledger()
  const archive = archiveOf(options.archive, env, ledger, options.format, 'archive')
  if (options.hold !== undefined) {
    const found = (await holdsIn(ledger)).find(({ id }) => id === options.hold)
    // Else the next run would move again what it does not cover.
    if (found === undefined || !keepsAll(found, span))
      return invalid('hold must be in force, and cover all that is put back')
  }
  const scope = tenant === undefined ? { everything: true as const } : { tenant }
  const hold =
    into === 'table'
      ? undefined
      : (options.hold ?? (await placeHold(audit, { ...scope, from, to, reason, by }, env)))
  const isAsked = ({ occurredAt }: ArchivedRow): boolean => occurredAt >= from && occurredAt < to
  const tenants = tenant === undefined ? undefined : [tenant]
  let [events, segments] = [0, 0]
  for await (const entry of entriesIn(ledger, { from, to, tenants, state: 'kept' })) {
    // Said before: whatever comes, the run after the hold looks for them.
    if (into === 'live') await ledger.emptied([entry.id], false)
    segments += 1
    for await (const rows of archive.read(entry.place, writtenOf(entry), { signal })) {
      const asked = rows.filter(isAsked)
      events += asked.length
      await (into === 'live'
        ? ledger.restore(asked)
        : ledger.table.write(restoredIn(entry.id), asked))
    }
    // Said again: a run that found none of them live before may have noted it meanwhile.
    if (into === 'live') await ledger.emptied([entry.id], false)
  }
  await tellerOf(
    audit,
    env,
  )({
    action: 'audit.restore',
    actor: { id: by },
    tenant: tenant ?? null,
    reason,
    data: { from, to, into, events, segments, hold },
  })
  return { events, segments, hold }
}
