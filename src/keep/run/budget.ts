import type { Ledger } from '../../ports/ledger.ts'

/** Ms that a run holds the lease after it last said so: a run that died keeps others out for so long. */
export const LEASE = 60_000

/** What a run may still do. */
export interface Budget {
  /** Whether to go on: there is time and rows left, nobody aborted, and the lease is still held. */
  goOn(): Promise<boolean>
  /** Counts rows that were moved or deleted. */
  spend(rows: number): void
  /** Says no from now on. */
  end(): void
  /** Rows that are left. */
  rows(): number
  /** Whether somebody else holds the lease now. */
  readonly lost: boolean
  /** Whether it said no. */
  readonly over: boolean
}

export interface BudgetOptions {
  readonly ledger: Ledger
  readonly holder: string
  readonly ms: number
  readonly rows: number
  readonly elapsed: () => number
  readonly signal: AbortSignal | undefined
}

export const budgetOf = (options: BudgetOptions): Budget => {
  const { ledger, holder, ms, elapsed, signal } = options
  const start = elapsed()
  let left = options.rows
  let [lost, over] = [false, false]
  const may = async (): Promise<boolean> => {
    if (over || signal?.aborted === true || left <= 0 || elapsed() - start >= ms) return false
    lost = !(await ledger.lease(holder, LEASE))
    return !lost
  }
  return {
    goOn: async () => {
      const yes = await may()
      if (!yes) over = true
      return yes
    },
    spend: (rows) => {
      left -= rows
    },
    end: () => {
      over = true
    },
    rows: () => left,
    get lost() {
      return lost
    },
    get over() {
      return over
    },
  }
}
