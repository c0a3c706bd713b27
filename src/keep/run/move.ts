import type { Archive } from '../../ports/archive.ts'
import { type Chosen, chosenOf } from './choose.ts'
import { archiveCondition } from '../policy/due.ts'
import { emptyEntries } from './empty.ts'
import { freshOf } from './fresh.ts'
import type { Run } from './run.ts'
import { archivePieces } from './segment.ts'

/** Pieces that are written before the books are: with small ones these take longer than the pieces. */
const MOST = 200

/** Moves some pieces, and calls `spent` when what they cost is known. False when somebody else holds the lease now. */
const move = async (
  run: Run,
  archive: Archive,
  chosen: readonly Chosen[],
  spent: () => void,
): Promise<boolean> => {
  const { done, budget } = run
  const fresh = await freshOf(run, archive, chosen)
  if (fresh.length === 0) return true
  const entries = await archivePieces(run, archive, fresh)
  if (entries === undefined) return false
  for (const { count } of entries) {
    done.segments += 1
    done.moved += count
    budget.spend(count)
  }
  spent()
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

/**
 * Moves pieces, a few at a time, while the next ones are chosen: what reads waits for the database, and
 * what writes for the archive.
 */
const moverOf = (run: Run, archive: Archive) => {
  const { budget } = run
  let waiting: Chosen[] = []
  const size = { rows: 0, bytes: 0 }
  /** Rows that were handed over, and that the budget does not know of yet. */
  let reserved = 0
  let underWay: Promise<boolean> = Promise.resolve(true)
  /** Whether all that was handed over is moved, and there is time for more. */
  const settled = async (): Promise<boolean> => {
    if (!(await underWay)) budget.end()
    return budget.goOn()
  }
  const flush = async (): Promise<boolean> => {
    const [some, { rows }] = [waiting, size]
    waiting = []
    Object.assign(size, { rows: 0, bytes: 0 })
    if (!(await settled())) return false
    let owed = rows
    const spent = (): void => {
      reserved -= owed
      owed = 0
    }
    underWay = move(run, archive, some, spent).finally(spent)
    // Whoever asks next is told.
    underWay.catch(() => undefined)
    return true
  }
  return {
    settled,
    room: () => budget.rows() - reserved,
    /** False when no more can be moved. */
    add: async (piece: Chosen): Promise<boolean> => {
      waiting.push(piece)
      reserved += piece.rows.length
      size.rows += piece.rows.length
      size.bytes += piece.rows.reduce((sum, { record }) => sum + record.length, 0)
      const { segment } = run
      const isFull =
        size.rows >= segment.rows ||
        reserved >= budget.rows() ||
        size.bytes >= segment.bytes ||
        waiting.length >= MOST
      return !isFull || flush()
    },
    /** Moves the rest. */
    end: async (): Promise<void> => {
      if (waiting.length > 0 && !(await flush())) return
      if (!(await underWay) || budget.rows() <= 0) budget.end()
    },
    /** Resolves once nothing is under way any more, however it ended. */
    idle: () => underWay.then(() => undefined).catch(() => undefined),
  }
}

/**
 * Moves what is due into the archive, as much at a time as a segment may hold.
 */
export const archiveDue = async (run: Run, archive: Archive): Promise<void> => {
  const due = archiveCondition(run.policies, run.now)
  if (due === undefined || !(await run.budget.goOn())) return
  const { add, end, idle, room, settled } = moverOf(run, archive)
  try {
    for await (const piece of chosenOf(run, due, room, settled)) if (!(await add(piece))) return
    await end()
  } finally {
    await idle()
  }
}
