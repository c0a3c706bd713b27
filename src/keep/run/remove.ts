import type { Ledger } from '../../ports/ledger.ts'

type Because = Parameters<Ledger['remove']>[1]

/** Ms of one statement: on SQLite nobody else writes while it runs, and a statement for each few costs most. */
const TARGET = 12

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

export const removerOf = (ledger: Pick<Ledger, 'remove'>, elapsed: () => number): Remover => {
  let size = 250
  /** Twice as many at most, or half. */
  const learn = (count: number, took: number): void => {
    // Fewer than could go tell nothing of how many could.
    if (count < size) return
    const wanted = size * Math.min(2, Math.max(0.5, TARGET / Math.max(took, 1)))
    size = Math.round(Math.min(MOST, Math.max(LEAST, wanted)))
  }
  return {
    size: () => size,
    remove: async (ids, because) => {
      const stayed: string[] = []
      for (let at = 0; at < ids.length;) {
        const some = ids.slice(at, at + size)
        const start = elapsed()
        stayed.push(...(await ledger.remove(some, because(some))))
        at += some.length
        learn(some.length, elapsed() - start)
      }
      return stayed
    },
  }
}
