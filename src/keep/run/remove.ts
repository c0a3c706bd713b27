import type { Ledger } from '../../ports/ledger.ts'

type Because = Parameters<Ledger['remove']>[1]

/**
 * Ms that the database works for one portion. Where one writes at a time the others wait so long, and ask
 * again now and then: a writer of SQLite after 1, 2, 5, 10, 15 ms.
 */
const TARGET = { oneWriter: 6, many: 12 }

/** Ms that are left to others between two portions: without, a writer of SQLite found no moment for a second. */
const GAP = 1

const LEAST = 50
const MOST = 1_000

/** Deletes events of the live table, as many at a time as go in some milliseconds. */
export interface Remover {
  /** How many go at a time now. */
  readonly size: () => number
  /** Resolves to those that a hold covers, and that stayed. */
  readonly remove: (
    ids: readonly string[],
    because: (some: readonly string[]) => Because,
  ) => Promise<readonly string[]>
}

const gap = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, GAP)
  })

export const removerOf = (
  ledger: Pick<Ledger, 'remove' | 'oneWriter' | 'now'>,
  elapsed: () => number,
  leave: () => Promise<void> = gap,
): Remover => {
  const target = ledger.oneWriter ? TARGET.oneWriter : TARGET.many
  let size = 250
  /** Ms of the way to the database and back, which is no work of its. */
  let way: number | undefined
  const ask = async (): Promise<number> => {
    const start = elapsed()
    await ledger.now()
    return elapsed() - start
  }
  /** Twice as many at most, or half. */
  const learn = (count: number, took: number): void => {
    // Fewer than could go tell nothing of how many could.
    if (count < size) return
    const wanted = size * Math.min(2, Math.max(0.5, target / Math.max(took, 1)))
    size = Math.round(Math.min(MOST, Math.max(LEAST, wanted)))
  }
  return {
    size: () => size,
    remove: async (ids, because) => {
      const stayed: string[] = []
      for (let at = 0; at < ids.length;) {
        way ??= await ask()
        const some = ids.slice(at, at + size)
        const start = elapsed()
        stayed.push(...(await ledger.remove(some, because(some))))
        at += some.length
        learn(some.length, elapsed() - start - way)
        if (ledger.oneWriter) await leave()
      }
      return stayed
    },
  }
}
