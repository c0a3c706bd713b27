import type { Archive } from '../../ports/archive.ts'
import { type Chosen, chosenOf } from './choose.ts'
import { archiveCondition } from '../policy/due.ts'
import { emptyEntries } from './empty.ts'
import { freshOf } from './fresh.ts'
import type { Run } from './run.ts'
import { archivePieces } from './segment.ts'

/** Pieces that are written before the books are: with small ones these take longer than the pieces. */
const MOST = 200

/** Moves some pieces. False when somebody else holds the lease now. */
const move = async (run: Run, archive: Archive, chosen: readonly Chosen[]): Promise<boolean> => {
  const { done, budget } = run
  if (chosen.length === 0) return true
  const fresh = await freshOf(run, archive, chosen)
  if (fresh.length === 0) return true
  const entries = await archivePieces(run, archive, fresh)
  if (entries === undefined) return false
  for (const { count } of entries) {
    done.segments += 1
    done.moved += count
    budget.spend(count)
  }
  const idsOf = new Map(
    entries.map((entry, at) => [entry, (fresh[at]?.rows ?? []).map(({ id }) => id)] as const),
  )
  await emptyEntries(
    run,
    archive,
    [...idsOf].map(([entry, ids]) => ({ entry, ids })),
  )
  return true
}

/** Moves what is due into the archive, as much at a time as a segment may hold: that is in memory. */
export const archiveDue = async (run: Run, archive: Archive): Promise<void> => {
  const { budget, segment } = run
  const due = archiveCondition(run.policies, run.now)
  if (due === undefined || !(await budget.goOn())) return
  let chosen: Chosen[] = []
  let [rows, bytes] = [0, 0]
  const flush = async (): Promise<boolean> => {
    const some = chosen
    ;[chosen, rows, bytes] = [[], 0, 0]
    const moved = await move(run, archive, some)
    if (!moved) budget.end()
    return moved && (await budget.goOn())
  }
  for await (const piece of chosenOf(run, due, () => budget.rows() - rows)) {
    chosen.push(piece)
    rows += piece.rows.length
    bytes += piece.rows.reduce((sum, { record }) => sum + record.length, 0)
    const isFull =
      rows >= segment.rows ||
      rows >= budget.rows() ||
      bytes >= segment.bytes ||
      chosen.length >= MOST
    if (isFull && !(await flush())) return
  }
  if (!(await move(run, archive, chosen)) || budget.rows() <= 0) budget.end()
}
