import type { Archive } from '../ports/archive.ts'
import type { Entry } from '../ports/ledger.ts'
import { manifestIn } from './manifest.ts'
import { memoOf, noteMemo } from './memo.ts'
import type { Run } from './run.ts'
import { writtenOf } from './segment.ts'

/** Ids of one statement: on SQLite nobody else writes while it runs, some 50 µs an event. */
export const PORTION = 250

const PAGE = 100

/**
 * Deletes from the live table what an entry holds, once its manifest lies beside its object. What a
 * hold covers stays, and is noted as kept. Resolves to how many stayed.
 */
export const emptyEntry = async (
  run: Run,
  archive: Archive,
  entry: Entry,
  ids: readonly string[],
): Promise<number> => {
  const { ledger, kept, signal } = run
  await archive.publish(manifestIn(entry.manifest), entry.manifest, { signal })
  let left = 0
  for (let at = 0; at < ids.length; at += PORTION) {
    const stayed = await ledger.remove(ids.slice(at, at + PORTION), { entry: entry.id })
    for (const id of stayed) kept.add(id)
    left += stayed.length
  }
  if (left === 0) await ledger.emptied(entry.id, true)
  return left
}

const idsOf = async (
  { signal }: Run,
  archive: Archive,
  entry: Entry,
): Promise<readonly string[]> => {
  const ids: string[] = []
  for await (const rows of archive.read(entry.place, writtenOf(entry), { signal }))
    ids.push(...rows.map(({ id }) => id))
  return ids
}

/** Goes on with entries whose events may be live still: of a run that was cut off, or that were held. */
export const emptyFilled = async (run: Run, archive: Archive): Promise<void> => {
  const { ledger, budget } = run
  const held = JSON.stringify(run.holds.map(({ id }) => id))
  for (let after = 0; ;) {
    const entries = await ledger.entries({ state: 'filled', after, limit: PAGE })
    for (const entry of entries) {
      after = entry.number
      // The same holds keep the same events here, and keep them from being chosen.
      if (memoOf(entry).held === held) continue
      if (!(await budget.goOn())) return
      const left = await emptyEntry(run, archive, entry, await idsOf(run, archive, entry))
      // A hold that came since may be gone by the next run: then these are no longer held.
      if (left > 0 && (await ledger.holdsSeen()) === run.holdsSeen)
        await noteMemo(ledger, entry, { held })
    }
    if (entries.length < PAGE) return
  }
}
