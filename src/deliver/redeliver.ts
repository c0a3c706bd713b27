import { AuditError, isAuditError } from '../errors.ts'
import type { EventRow } from '../event/row.ts'
import type { DeadLetter } from '../ports/dead-letter.ts'
import type { AuditStore } from '../ports/store.ts'
import type { Counters } from './stats.ts'
import { within } from '../runtime/within.ts'

export interface RedeliverOutcome {
  /** Letters that are stored now. */
  readonly delivered: number
  /** Letters that the store refuses; they went back into the dead letter. */
  readonly refused: number
  /** Letters that are no events; they stay where they are. */
  readonly unreadable: number
}

export type Redelivery = (
  deadLetter: Pick<DeadLetter, 'drain'> & Partial<Pick<DeadLetter, 'put'>>,
  options?: { readonly env?: unknown; readonly signal?: AbortSignal | undefined },
) => Promise<RedeliverOutcome>

export interface RedeliverOptions {
  readonly batch: { readonly events: number }
  readonly counts: Counters
  readonly deadline: number
  readonly storeOf: (env: unknown) => AuditStore
}

/** Portions of letters that were put back in this run, after which a drain only goes round in them. */
const ROUNDS = 100

/**
 * Brings dead letters back. The store drops what it has by id, so a letter that comes twice, or a run
 * that was cut off, stores no event twice. A letter that is refused goes back before its portion is
 * forgotten; a drain that comes across it again goes on past it, until it finds nothing else.
 */
export const createRedelivery =
  ({ batch, counts, deadline, storeOf }: RedeliverOptions): Redelivery =>
  async (deadLetter, { env, signal } = {}) => {
    const store = storeOf(env)
    const refused = new Set<string>()
    let delivered = 0
    let rounds = 0
    // Told apart from a store's failure by its identity.
    const round = new AuditError('AUDIT_STORE_REFUSED')

    /** Stores what can be stored, and tells what cannot; rejects when the store is not there. */
    const append = async (rows: readonly EventRow[]): Promise<EventRow[]> => {
      try {
        await within(store.append(rows, { signal }), deadline)
        delivered += rows.length
        counts.redelivered += rows.length
        return []
      } catch (error) {
        if (!isAuditError(error) || error.code !== 'AUDIT_STORE_REFUSED') throw error
        if (rows.length === 1) return [...rows]
        const half = rows.length >> 1
        return [...(await append(rows.slice(0, half))), ...(await append(rows.slice(half)))]
      }
    }

    const take = async (rows: readonly EventRow[]): Promise<void> => {
      const fresh = rows.filter((row) => !refused.has(row.id))
      if (fresh.length === 0 && ++rounds > ROUNDS) throw round
      const back = fresh.length === 0 ? [] : await append(fresh)
      for (const row of back) refused.add(row.id)
      const again = [...back, ...rows.filter((row) => refused.has(row.id) && !back.includes(row))]
      if (again.length === 0) return
      if (deadLetter.put === undefined)
        throw new AuditError('AUDIT_STORE_REFUSED', 'a dead letter that takes nothing back')
      await deadLetter.put(again)
    }

    try {
      const { unreadable } = await deadLetter.drain(take, { portion: batch.events, signal })
      return { delivered, refused: refused.size, unreadable }
    } catch (error) {
      if (error !== round) throw error
      return { delivered, refused: refused.size, unreadable: 0 }
    }
  }
