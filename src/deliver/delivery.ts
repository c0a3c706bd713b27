import { AuditError } from '../errors.ts'
import type { EventRow } from '../event/row.ts'
import type { AuditEvent } from '../event/schema.ts'
import type { Holder } from '../seams.ts'
import type { DeadLetter } from '../ports/dead-letter.ts'
import type { AuditStore } from '../ports/store.ts'
import {
  type Ambient,
  property,
  sharesIo,
  soon,
  staysAwake,
  workersModule,
} from '../runtime/ambient.ts'
import { createQueue } from './queue.ts'
import { createSender, type Destination, eventOf } from './send.ts'
import { counters, type Stats, statsOf } from './stats.ts'

export interface DeliveryOptions {
  readonly store: (env: unknown) => AuditStore
  readonly deadLetter: (env: unknown) => Pick<DeadLetter, 'put'> | undefined
  readonly deadline: number
  readonly retry: { readonly attempts: number; readonly base: number; readonly max: number }
  readonly batch: { readonly events: number; readonly bytes: number }
  readonly queue: { readonly events: number; readonly bytes: number }
  readonly onLoss: (events: readonly AuditEvent[], error: AuditError) => void
  readonly dryRun: ((event: AuditEvent) => void) | undefined
  readonly ambient: Ambient
}

export interface Delivering {
  /**
   * Takes rows over. A promise comes back when the caller has to wait for it, because it asked to or
   * because nothing else keeps the runtime alive; it tells whether all were stored, and never rejects.
   */
  deliver(
    rows: readonly EventRow[],
    holder: Holder,
    mode: 'defer' | 'await',
  ): Promise<boolean> | undefined
  /** The store of this invocation. */
  store(env: unknown): AuditStore
  /** Whether work goes on after the response although nobody was told of it. */
  readonly awake: boolean
  /** Remembers a delivery that nobody waits for. */
  track(sent: Promise<unknown>): void
  sampledOut(): void
  skipped(): void
  flush(): Promise<void>
  close(): Promise<void>
  stats(): Stats
}

export const createDelivery = (options: DeliveryOptions): Delivering => {
  const { ambient, batch, deadline, dryRun, retry } = options
  const counts = counters()
  const sender = createSender({ ambient, batch, counts, deadline, onLoss: options.onLoss, retry })
  const queue = createQueue({ batch, queue: options.queue, sender, soon })
  /** Sends outside the queue, for flush(). Each belongs to an invocation that is kept alive for it. */
  const sending = new Set<Promise<unknown>>()
  const shared = sharesIo()
  const awake = staysAwake()
  let closed = false

  // One client for the process, or one for each invocation: on Workers a client's own queue would
  // make one request wait for a promise of another.
  const perInvocation = <Made>(make: (env: unknown) => Made): ((env: unknown) => Made) => {
    let kept: Made | undefined
    return (env) => (shared ? (kept ??= make(env)) : make(env ?? property(workersModule(), 'env')))
  }
  let opened: AuditStore | undefined
  const storeOf = perInvocation((env) => (opened = options.store(env)))
  const lettersOf = perInvocation(options.deadLetter)
  const destinationOf = (env: unknown): Destination => ({
    store: () => storeOf(env),
    deadLetter: () => lettersOf(env),
  })

  /** Whether all of the rows were stored; those that were written with them do not count. */
  const send = (rows: readonly EventRow[], to: Destination): Promise<boolean> => {
    const sent = closed
      ? sender.giveUp(rows, to, new AuditError('AUDIT_CLOSED'))
      : (shared ? queue.push : sender.send)(rows, to)
    const settled = sent.then(
      (failures) => failures.size === 0 || !rows.some((row) => failures.has(row)),
    )
    if (closed || !shared) track(settled)
    return settled
  }

  const show = (rows: readonly EventRow[], look: (event: AuditEvent) => void): undefined => {
    for (const row of rows) {
      counts.dryRun++
      look(eventOf(row))
    }
    return undefined
  }

  const deliver: Delivering['deliver'] = (rows, { env, work, release }, mode) => {
    if (rows.length === 0) return undefined
    if (dryRun !== undefined) return show(rows, dryRun)
    counts.captured += rows.length
    const to = destinationOf(env)
    const waits = mode === 'await' || (release === undefined && !awake)
    if (!closed && !waits && release === undefined) {
      queue.post(rows, to)
      return undefined
    }
    const sent = send(rows, to)
    work.push(sent)
    return waits ? sent : undefined
  }

  const track = (sent: Promise<unknown>): void => {
    sending.add(sent)
    const forget = (): boolean => sending.delete(sent)
    sent.then(forget, forget)
  }

  /** Only what was there when it was called: under steady traffic it comes to an end too. */
  const flush = async (): Promise<void> => {
    const before = [...sending]
    await Promise.allSettled(before)
    // What those handed on: an event whose actor had to be waited for is sent only then.
    await Promise.allSettled(sending)
    await queue.idle()
  }

  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    // Whose actor is still asked for came before: it is stored.
    await flush()
    closed = true
    await flush()
    if (shared) await opened?.close()
  }

  return {
    deliver,
    awake,
    track,
    store: storeOf,
    sampledOut: () => {
      counts.sampledOut++
    },
    skipped: () => {
      counts.skipped++
    },
    flush,
    close: () => (closing ??= close()),
    stats: () => statsOf(counts),
  }
}
