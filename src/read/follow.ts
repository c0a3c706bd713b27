import type { Kind } from '../event/schema.ts'
import { ambient } from '../runtime/ambient.ts'
import { selectionOf } from './asked.ts'
import { eventOf, type StoredEvent } from './event.ts'
import type { EventFilter } from './filter.ts'
import { pagesOf } from './pages.ts'
import { check, refuse, wholeFrom } from './parameters.ts'
import type { Reading } from './reading.ts'

export interface FollowOptions {
  /** Ends the loop. */
  readonly signal?: AbortSignal | undefined
  /** Ms between two looks, from 1 to 3,600,000. @default 1_000 */
  readonly every?: number | undefined
  /**
   * Ms that an event may reach the store after it happened and still be told, from 0 to 3,600,000. So
   * long the ids of what was told are kept in memory. @default 60_000
   */
  readonly late?: number | undefined
  readonly env?: unknown
  /** The clock. @default Date.now */
  readonly now?: (() => number) | undefined
  /** Waits between two looks. @default a timer */
  readonly pause?: ((ms: number, signal: AbortSignal | undefined) => Promise<void>) | undefined
}

const asleep = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done, { once: true })
    if (signal?.aborted) done()
  })

const isOver = (signal: AbortSignal | undefined): boolean => signal?.aborted === true

const every = wholeFrom(1, 3_600_000)
const late = wholeFrom(0, 3_600_000)

/**
 * Tells events as they come, oldest first, each once: those that happened from `from` on, by default
 * from now. It asks the store again and again; one that arrives more than `late` ms after it happened
 * is not told.
 * @throws {AuditError} AUDIT_QUERY_INVALID, naming the parameter; else what the store rejects with.
 * @example
 * import { follow } from 'edge-audit/query'
 * for await (const event of follow(audit, { kind: 'security' }, { signal: AbortSignal.timeout(60_000) }))
 *   console.log(event.action)
 */
export async function* follow<const K extends Kind = Kind>(
  audit: Reading,
  filter: EventFilter<K> = {},
  options: FollowOptions = {},
): AsyncGenerator<StoredEvent<K>, void, undefined> {
  const { signal, env, now = ambient.now, pause = asleep } = options
  check('every', options.every, every)
  check('late', options.late, late)
  if (typeof filter !== 'object' || filter === null) return refuse('the query', 'an object')
  const { every: pauseMs = 1_000, late: lateMs = 60_000 } = options
  const selection = selectionOf(filter)
  const start = selection.from ?? now()
  let from = start
  const told = new Map<string, number>()
  for (;;) {
    if (isOver(signal)) return
    const asked = { ...selection, from, order: 'oldest' } as const
    // What happens from here on is for the next look.
    const looked = now()
    for await (const { rows } of pagesOf(audit.store(env), asked)) {
      for (const row of rows) {
        if (told.has(row.id)) continue
        told.set(row.id, row.occurredAt)
        yield eventOf<K>(row)
        if (isOver(signal)) return
      }
    }
    from = Math.max(start, looked - lateMs)
    for (const [id, at] of told) if (at < from) told.delete(id)
    await pause(pauseMs, signal)
  }
}
