import type { Archive } from '../../ports/archive.ts'
import { type Chosen, chosenOf } from './choose.ts'
import { archiveCondition } from '../policy/due.ts'
import { emptyEntries } from './empty.ts'
import { freshOf } from './fresh.ts'
import type { Run } from './run.ts'
import { archivePieces } from './segment.ts'

/** Pieces that are written before the books are: with small ones these take longer than the pieces. */
const MOST = 200

/** Moves some pieces. Resolves to the rows that it moved; undefined when somebody else holds the lease now. */
const move = async (
  run: Run,
  archive: Archive,
  chosen: readonly Chosen[],
): Promise<number | undefined> => {
  const { done, budget } = run
  const fresh = await freshOf(run, archive, chosen)
  if (fresh.length === 0) return 0
  const entries = await archivePieces(run, archive, fresh)
  if (entries === undefined) return undefined
  const moved = entries.reduce((sum, { count }) => sum + count, 0)
  done.segments += entries.length
  done.moved += moved
  budget.spend(moved)
  const idsOf = new Map(
    entries.map((entry, at) => [entry, (fresh[at]?.rows ?? []).map(({ id }) => id)] as const),
  )
  await emptyEntries(
    run,
    archive,
    [...idsOf].map(([entry, ids]) => ({ entry, ids })),
  )
  return moved
}

/**
 * Moves pieces, a few at a time, while the next ones are chosen: what reads waits for the database, and
 * what writes for the archive.
 */
const moverOf = (run: Run, archive: Archive) => {
  const { budget, segment } = run
  let waiting: Chosen[] = []
  let [rows, bytes] = [0, 0]
  /** Rows that may still be chosen. The budget knows of those that were moved alone. */
  let room = budget.rows()
  let underWay: Promise<boolean> = Promise.resolve(true)
  /** Whether all that was begun is moved, and there is time for more. */
  const settled = async (): Promise<boolean> => {
    if (!(await underWay)) budget.end()
    return budget.goOn()
  }
  const begin = async (some: readonly Chosen[], count: number): Promise<boolean> => {
    const moved = await move(run, archive, some)
    if (moved === undefined) return false
    // What the archive had already costs nothing.
    room += count - moved
    return true
  }
  const flush = async (): Promise<boolean> => {
    const [some, count] = [waiting, rows]
    ;[waiting, rows, bytes] = [[], 0, 0]
    if (!(await settled())) return false
    underWay = begin(some, count)
    // Whoever asks next is told.
    underWay.catch(() => undefined)
    return true
  }
  return {
    settled,
    room: () => room,
    /** False when no more can be moved. */
    add: async (piece: Chosen): Promise<boolean> => {
      waiting.push(piece)
      room -= piece.rows.length
      rows += piece.rows.length
      bytes += piece.rows.reduce((sum, { record }) => sum + record.length, 0)
      const isFull =
        rows >= segment.rows || room <= 0 || bytes >= segment.bytes || waiting.length >= MOST
      return !isFull || flush()
    },
    /** Moves the rest. */
    end: async (): Promise<void> => {
      if (waiting.length > 0 && !(await flush())) return
      if (!(await underWay) || budget.rows() <= 0) budget.end()
    },
    /** Resolves once nothing is under way any more, however it ended. */
    idle: () => Promise.allSettled([underWay]),
  }
}

/** Moves what is due into the archive, as much at a time as a segment may hold. */
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
