/**
 * Brings dead letters back into the store.
 * @module
 */
import { AuditError, isAuditError } from '../errors.ts'
import type { EventRow } from '../event/row.ts'
import type { DeadLetter } from '../ports/dead-letter.ts'
import type { Delivering } from './delivery.ts'
import { within } from '../runtime/within.ts'

export interface RedeliverOutcome {
  /** Letters that are stored now. */
  readonly delivered: number
  /** Letters that the store refuses; they went back into the dead letter. */
  readonly refused: number
  /** Letters that are no events; they stay where they are. */
  readonly unreadable: number
}

export interface RedeliverOptions {
  /** The bindings, where `store` is a function of them. @default those of the platform */
  readonly env?: unknown
  readonly signal?: AbortSignal | undefined
  /** Most letters of one write. @default 500 */
  readonly portion?: number | undefined
  /** Ms that one write may take. @default 20_000 */
  readonly deadline?: number | undefined
}

/** Portions of letters that were put back in this run, after which a drain only goes round in them. */
const ROUNDS = 100

/**
 * Brings dead letters back. The store drops what it has by id, so a letter that comes twice, or a run
 * that was cut off, stores no event twice. A letter that is refused goes back before its portion is
 * forgotten; a drain that comes across it again goes on past it, until it finds nothing else.
 * @throws {AuditError} what the store or the dead letter rejects with; every letter is kept then.
 * @example
 * import { createAudit } from 'edge-audit'
 * import { libsql } from 'edge-audit/libsql'
 * import { fileDeadLetter } from 'edge-audit/node'
 * import { redeliver } from 'edge-audit/redeliver'
 * const deadLetter = fileDeadLetter('audit-letters')
 * const audit = createAudit({ store: libsql({ url: 'file:audit.db' }), deadLetter })
 * const { delivered, refused, unreadable } = await redeliver(audit, deadLetter)
 */
export const redeliver = async (
  audit: Pick<Delivering, 'store'>,
  deadLetter: Pick<DeadLetter, 'drain'> & Partial<Pick<DeadLetter, 'put'>>,
  { env, signal, portion = 500, deadline = 20_000 }: RedeliverOptions = {},
): Promise<RedeliverOutcome> => {
  const store = audit.store(env)
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
    const { unreadable } = await deadLetter.drain(take, { portion, signal })
    return { delivered, refused: refused.size, unreadable }
  } catch (error) {
    if (error !== round) throw error
    return { delivered, refused: refused.size, unreadable: 0 }
  }
}
