import { revive } from '../../src/event/revive.ts'
import type { DeadLetter } from '../../src/ports/dead-letter.ts'
import type { AuditStore, Page, PageQuery } from '../../src/ports/store.ts'
import { asked, checkPortion } from './failure.ts'

/** The most rows that a store gives at once. */
const LARGEST_PAGE = 1_000

/**
 * Keeps letters in a second store: another database, another region. It must not be the store that
 * `deliver` writes to.
 *
 * A store only ever takes events in, so **this dead letter forgets nothing**: each drain hands over all
 * of its letters again, oldest first, and `delivered` counts them all. That is harmless, since the
 * first store drops what it has by id, but it costs a full read. Drain it after an outage, not on a
 * schedule; empty it with the archive procedure of that store. It keeps no mark of where the last drain
 * ended, because a letter may come later and be older than that.
 *
 * An older letter that is put while a drain goes on is kept, and may be left to the next drain.
 * @throws {AuditError} `put` and `drain` reject with `AUDIT_DEAD_LETTER_FAILED`; the cause is the error
 * of the store.
 * @example
 * import { storeDeadLetter } from 'edge-audit/dead-letter'
 * const audit = createAudit({ store, deadLetter: storeDeadLetter(secondStore) })
 */
export const storeDeadLetter = (store: AuditStore): DeadLetter => ({
  put: async (rows) => {
    if (rows.length > 0) await asked(store.append(rows))
  },

  drain: async (deliver, { portion = 100, signal } = {}) => {
    checkPortion(portion)
    let delivered = 0
    let unreadable = 0
    let after: Page['next'] = null
    do {
      const page: Page = await asked(store.page(queryAfter(after, portion)))
      signal?.throwIfAborted()
      const rows = page.rows.flatMap(({ record }) => revive(record) ?? [])
      if (rows.length > 0) await deliver(rows)
      delivered += rows.length
      unreadable += page.rows.length - rows.length
      after = page.next
    } while (after !== null)
    return { delivered, unreadable }
  },
})

const queryAfter = (after: Page['next'], portion: number): PageQuery => {
  const query = { order: 'oldest', limit: Math.min(portion, LARGEST_PAGE) } as const
  return after === null ? query : { ...query, after }
}
