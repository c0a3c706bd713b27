import { isObject } from '../../event/data.ts'
import type { Entry, Ledger } from '../../ports/ledger.ts'
import { digestOf } from '../archive/manifest.ts'
import type { Run } from './run.ts'

/** What a run found out of an entry, so that the next one need not read its object again. */
export interface Memo {
  /** Its events are archived and live, and all of them are covered by just these holds. */
  readonly held?: string | undefined
  /** By these rules of deleting it may go at `at`, in ms; null for never. */
  readonly rules?: string | undefined
  readonly at?: number | null | undefined
  /** It may go, and one of just these holds covers some of it. */
  readonly kept?: string | undefined
}

/** The holds that were in force when a run began, in a word. */
export const heldBy = ({ holds }: Pick<Run, 'holds'>): string =>
  digestOf(JSON.stringify(holds.map(({ id }) => id)))

export const memoOf = ({ memo }: Entry): Memo => {
  const known: unknown = memo === null ? {} : JSON.parse(memo)
  return isObject(known) ? known : {}
}

export const noteMemo = (ledger: Ledger, entry: Entry, more: Memo): Promise<void> =>
  ledger.memo(entry.id, JSON.stringify({ ...memoOf(entry), ...more }))
