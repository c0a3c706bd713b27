import type { Archive } from '../../ports/archive.ts'
import type { Entry } from '../../ports/ledger.ts'
import { entriesIn } from '../entries.ts'
import { heldBy, memoOf, noteMemo } from './memo.ts'
import type { Run } from './run.ts'
import { writtenOf } from './segment.ts'

/** An entry, and the ids of its events. */
export interface Filled {
  readonly entry: Entry
  readonly ids: readonly string[]
}

/**
 * Deletes from the live table what entries hold, once their manifests lie beside their objects. What a
 * hold covers stays, and is noted as kept. Resolves to how many stayed.
 */
export const emptyEntries = async (
  run: Run,
  archive: Archive,
  filled: readonly Filled[],
): Promise<number> => {
  const { ledger, remover, kept, signal } = run
  await archive.publish(
    filled.map(({ entry }) => entry),
    { signal },
  )
  const of = new Map(filled.flatMap(({ entry, ids }) => ids.map((id) => [id, entry.id] as const)))
  const full = new Set<string>()
  const stayed = await remover.remove([...of.keys()], (ids) => ({
    entries: [...new Set(ids.map((id) => of.get(id) ?? ''))],
  }))
  for (const id of stayed) {
    kept.add(id)
    full.add(of.get(id) ?? '')
  }
  const left = stayed.length
  const empty = filled.flatMap(({ entry }) => (full.has(entry.id) ? [] : [entry.id]))
  if (empty.length === 0) return left
  await ledger.emptied(empty, true)
  // They may have been restored in between: whoever does so places a hold before.
  if ((await ledger.holdsSeen()) !== run.holdsSeen) await ledger.emptied(empty, false)
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
  const held = heldBy(run)
  for await (const entry of entriesIn(ledger, { state: 'filled' })) {
    // The same holds keep the same events here, and keep them from being chosen.
    if (memoOf(entry).held === held) continue
    if (!(await budget.goOn())) return
    const ids = await idsOf(run, archive, entry)
    const left = await emptyEntries(run, archive, [{ entry, ids }])
    // A hold that came since may be gone by the next run: then these are no longer held.
    if (left > 0 && (await ledger.holdsSeen()) === run.holdsSeen)
      await noteMemo(ledger, entry, { held })
  }
}
