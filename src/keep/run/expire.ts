import type { Archive } from '../../ports/archive.ts'
import type { Entry } from '../../ports/ledger.ts'
import { deletableAt, type Due } from '../policy/due.ts'
import { entriesIn } from '../entries.ts'
import { fingerprint } from '../policy/fingerprint.ts'
import { isHeld } from '../hold/holds.ts'
import { heldBy, memoOf, noteMemo } from './memo.ts'
import { holdsIn, type Run } from './run.ts'
import { writtenOf } from './segment.ts'
import { restoredIn } from '../archive/table.ts'

/** When all of an entry may go, in ms, null for never; or that a hold covers some of it. */
const lookAt = async (
  run: Run,
  archive: Archive,
  entry: Entry,
): Promise<{ readonly at: number | null; readonly held: boolean }> => {
  const { ledger, policies, signal } = run
  const holds = [...run.holds, ...(await holdsIn(ledger))]
  let at: number | null = -Infinity
  let held = false
  for await (const rows of archive.read(entry.place, writtenOf(entry), { signal })) {
    for (const row of rows) {
      const one = deletableAt(row, policies)
      at = at === null || one === null ? null : Math.max(at, one)
      held ||= isHeld(row, holds)
    }
  }
  return { at, held }
}

/** Removes what was let go; a run may have been cut off before it did. */
const removeExpired = async (run: Run, archive: Archive, entry: Entry): Promise<void> => {
  await run.ledger.table.remove(restoredIn(entry.id))
  await archive.remove(entry.place, { signal: run.signal })
  await run.ledger.removed(entry.id)
}

/**
 * Deletes from the archive what a policy lets go: a segment goes as a whole, when its last event may,
 * and none of it is held. Its manifest stays, so that the chain shows no gap.
 */
export const expireDue = async (
  run: Run,
  archive: Archive,
  due: Due | undefined,
): Promise<void> => {
  const { ledger, holder, budget, policies, now, done, tell } = run
  for await (const entry of entriesIn(ledger, { state: 'expired' })) {
    if (!(await budget.goOn())) return
    await removeExpired(run, archive, entry)
  }
  if (due === undefined) return
  const [rules, kept] = [fingerprint(policies), heldBy(run)]
  let told = false
  for await (const entry of entriesIn(ledger, { state: 'kept', to: due.to })) {
    if (entry.lastAt >= due.to || entry.emptiedAt === null) continue
    const memo = memoOf(entry)
    if (memo.kept === kept) continue
    if (memo.rules === rules && (memo.at === null || (memo.at ?? 0) > now)) continue
    if (!(await budget.goOn())) return
    // Counted first: a hold that comes after it keeps the entry.
    const seen = await ledger.holdsSeen()
    const { at, held } = await lookAt(run, archive, entry)
    if (at === null || at > now) {
      await noteMemo(ledger, entry, { rules, at })
      continue
    }
    if (held) {
      // A hold that came since the run began may be gone by the next, with the same others in force.
      if (seen === run.holdsSeen) await noteMemo(ledger, entry, { kept })
      continue
    }
    if (!told) await tell({ action: 'audit.delete', data: { phase: 'started', archived: true } })
    told = true
    if (!(await ledger.expire(entry.id, holder, seen))) continue
    await removeExpired(run, archive, entry)
    done.expired += entry.count
    budget.spend(entry.count)
  }
}
