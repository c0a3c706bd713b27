import type { EventRow } from '../event/row.ts'

/**
 * Where events go that the store would not take. What every dead letter promises:
 *
 * - `put` is durable once it resolves. It may hold a letter twice: the store drops the second by id.
 * - `drain` hands over letters in portions and forgets a portion only after `deliver` resolved for it;
 *   when it rejects, the portion stays and `drain` rejects with the same error. A letter put while a
 *   drain goes on is kept. Two drains at once may hand over a letter twice, never lose one.
 * - What comes back is what was put, byte for byte.
 */
export interface DeadLetter {
  put(rows: readonly EventRow[]): Promise<void>
  drain(
    deliver: (rows: readonly EventRow[]) => Promise<void>,
    options?: DrainOptions,
  ): Promise<DrainOutcome>
}

export interface DrainOptions {
  /** Most letters handed over by one call of `deliver`. @default 100 */
  readonly portion?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export interface DrainOutcome {
  /** Letters that were delivered and forgotten. */
  readonly delivered: number
  /** Letters that could not be read as events; they stay where they are. */
  readonly unreadable: number
}
