import type { Archive } from '../../ports/archive.ts'
import type { Run } from './run.ts'

/**
 * Ms after which nobody writes to a place any more that was noted before: a run that was cut off at
 * the wrong moment may still put its object there, after somebody cleared the place.
 */
export const GRACE = 86_400_000

/** Clears away what runs that were cut off have written, and no manifest tells of. */
export const sweep = async (run: Run, archive: Archive): Promise<void> => {
  const { ledger, holder, now, budget, signal } = run
  for (const intent of await ledger.intents()) {
    if (intent.holder === holder) continue
    if (!(await budget.goOn())) return
    await archive.remove(intent.place, { signal })
    if (now - intent.openedAt >= GRACE) await ledger.forget(intent.id)
  }
}
