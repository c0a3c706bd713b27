import type { Ledger } from '../../../src/ports/ledger.ts'
import { type Classify, guarded } from '../failure.ts'
import { ledgerOf } from './ledger.ts'
import type { LedgerRunner } from './words.ts'

/** The ledger of a database, whose errors leave as those of its store do. */
export const guardedLedger = (runner: LedgerRunner, classify: Classify): Ledger => {
  const returning: LedgerRunner['returning'] = (...asked) =>
    guarded(() => runner.returning(...asked), classify)
  return ledgerOf({
    words: runner.words,
    values: (...asked) => guarded(() => runner.values(...asked), classify),
    write: async (statements) => {
      await returning(statements, [])
    },
    returning,
    archived: (...asked) => guarded(() => runner.archived(...asked), classify),
  })
}
