import type { Condition } from '../../event/condition.ts'
import type { StoredRow } from '../../event/row.ts'
import type { Archive } from '../../ports/archive.ts'
import type { Hold, Ledger } from '../../ports/ledger.ts'
import type { AuditStore } from '../../ports/store.ts'
import type { Budget } from './budget.ts'
import type { Remover } from './remove.ts'
import { heldCondition, isHeld } from '../hold/holds.ts'
import type { Span } from '../policy/duration.ts'
import type { CheckedPolicy } from '../policy/policy.ts'
import type { KeepEvent } from '../tell.ts'

/** One run, as its steps see it. */
export interface Run {
  readonly holder: string
  readonly store: AuditStore
  readonly ledger: Ledger
  /** Deletes from the live table, for who may. */
  readonly remover: Remover
  /** Undefined where nothing is archived. */
  readonly archive: Archive | undefined
  readonly policies: readonly CheckedPolicy[]
  /** The time by which everything is decided: of the app's clock and the database's the earlier. */
  readonly now: number
  readonly budget: Budget
  readonly signal: AbortSignal | undefined
  /** Holds that were in force when the run began. Those keep its events through the whole run. */
  readonly holds: readonly Hold[]
  /** How many had ever been placed by then. */
  readonly holdsSeen: number
  /** Events that are archived and still live, for a hold covers them: not to be archived twice. */
  readonly kept: Set<string>
  readonly segment: { readonly rows: number; readonly bytes: number }
  readonly lockFor: Span | undefined
  readonly mint: () => string
  /** Records an event of the run; resolves when it is stored, dead-lettered or told as lost. */
  readonly tell: (event: KeepEvent) => Promise<void>
  readonly done: Numbers
}

/** What a run did. */
export interface Numbers {
  moved: number
  segments: number
  deleted: number
  expired: number
}

/** All holds in force. */
export const holdsIn = async (ledger: Ledger): Promise<readonly Hold[]> => {
  const all: Hold[] = []
  for (let after: string | undefined; ; after = all.at(-1)?.id) {
    const some = await ledger.holds({ after })
    all.push(...some)
    if (some.length < 1_000) return all
  }
}

/** What is kept from all that a run does. */
export interface Held {
  /** For a store to leave out; undefined where there is nothing, or too much to ask for. */
  readonly where: Condition | undefined
  /** Whether there is too much to ask for: then `skips` says what `where` does not. */
  readonly isMuch: boolean
  /** For those that a store was not asked to leave out. */
  readonly skips: (row: StoredRow) => boolean
}

/** More holds than these make a question too long for D1. */
const MOST_ASKED = 100

/** What a hold covers now, or did when the run began. */
export const heldNow = async ({ ledger, holds }: Run): Promise<Held> => {
  const known = new Map([...holds, ...(await holdsIn(ledger))].map((hold) => [hold.id, hold]))
  const all = [...known.values()]
  return all.length > MOST_ASKED
    ? { where: undefined, isMuch: true, skips: (row) => isHeld(row, all) }
    : { where: heldCondition(all), isMuch: false, skips: () => false }
}

/** What is due, but for what is held. */
export const unheld = (where: Condition, held: Held): Condition =>
  held.where === undefined ? where : { and: [where, { not: held.where }] }
