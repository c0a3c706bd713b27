import { AuditError } from '../errors.ts'
import type { EventRow } from '../event/row.ts'
import { bytesOf, type Destination, type Failures, noFailures, type Sender } from './send.ts'

interface Bounds {
  readonly events: number
  readonly bytes: number
}

export interface QueueOptions {
  readonly sender: Sender
  readonly batch: Bounds
  readonly queue: Bounds
  /** Runs a function after the current turn; the first batch starts there and not in a request. */
  readonly soon: (fn: () => void) => void
}

export interface Queue {
  /** Resolves when each of the rows has come to its end. Never rejects. */
  push(rows: readonly EventRow[], to: Destination): Promise<Failures>
  /** The same for those who do not wait: no promise is made. */
  post(rows: readonly EventRow[], to: Destination): void
  /** Resolves when all that was pushed before has come to its end. */
  idle(): Promise<void>
}

interface Waiting {
  readonly rows: readonly EventRow[]
  /** None for a mark in the line, which has no rows. */
  readonly to: Destination | undefined
  readonly settle: ((failures: Failures) => void) | undefined
}

/** Most turns of the event loop that a batch gathers before its write begins. */
const TURNS = 8

interface Line {
  hasRoom(rows: readonly EventRow[]): boolean
  join(entry: Waiting): void
  idle(): Promise<void>
}

/**
 * Group commit: while one write is under way the next batch gathers. No timer and no delay, one
 * write at a time, and a bound on what waits.
 */
const createLine = (
  work: (rows: readonly EventRow[], to: Destination) => Promise<Failures>,
  { batch, queue, soon }: Omit<QueueOptions, 'sender'>,
): Line => {
  const waiting: Waiting[] = []
  let events = 0
  let bytes = 0
  let running: Promise<void> | undefined

  /** As many of those that wait as one write may hold; the first always. */
  const take = (): Waiting[] => {
    let count = 0
    let rows = 0
    let size = 0
    for (const entry of waiting) {
      const more = bytesOf(entry.rows)
      if (count > 0 && (rows + entry.rows.length > batch.events || size + more > batch.bytes)) break
      count++
      rows += entry.rows.length
      size += more
    }
    events -= rows
    bytes -= size
    return waiting.splice(0, count)
  }

  /**
   * Lets a few turns of the event loop pass while each of them brings more, and nobody waits: a
   * database that is written synchronously, as an embedded one, would else get a write for each turn.
   */
  const gather = async (): Promise<void> => {
    for (let turn = 0, before = 0; turn < TURNS && events > before; turn++) {
      before = events
      await new Promise<void>((resolve) => soon(resolve))
      if (events >= batch.events || waiting.some(({ settle }) => settle !== undefined)) return
    }
  }

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      // Before each write, not the first alone: what came during one that was synchronous is little.
      await gather()
      const entries = take()
      const [first] = entries
      const rows =
        entries.length === 1 && first ? first.rows : entries.flatMap((entry) => entry.rows)
      const to = entries.find((entry) => entry.to !== undefined)?.to
      const failures = to === undefined ? noFailures : await work(rows, to)
      for (const { settle } of entries) settle?.(failures)
    }
    running = undefined
  }

  return {
    hasRoom: (rows) => events + rows.length <= queue.events && bytes + bytesOf(rows) <= queue.bytes,
    join: (entry) => {
      events += entry.rows.length
      bytes += bytesOf(entry.rows)
      waiting.push(entry)
      running ??= drain()
    },
    idle: async () => {
      if (running === undefined) return
      // An entry without rows: it comes to its end after all that stand before it, and after no other.
      await new Promise((settle) => waiting.push({ rows: [], to: undefined, settle }))
    },
  }
}

/**
 * The line to the store, and beside it one to the dead letter for what finds the first full. Where
 * both are full the loss is told at once. Only where promises may cross requests.
 */
export const createQueue = ({ sender, ...options }: QueueOptions): Queue => {
  const full = (): AuditError => new AuditError('AUDIT_QUEUE_FULL')
  const toStore = createLine(sender.send, options)
  const toLetters = createLine((rows, to) => sender.giveUp(rows, to, full()), options)

  const add = (rows: readonly EventRow[], to: Destination, settle: Waiting['settle']): void => {
    const line = [toStore, toLetters].find(({ hasRoom }) => hasRoom(rows))
    if (line !== undefined) return line.join({ rows, to, settle })
    const failures = sender.lose(rows, full())
    settle?.(failures)
  }

  return {
    push: (rows, to) => new Promise((settle) => add(rows, to, settle)),
    post: (rows, to) => add(rows, to, undefined),
    idle: async () => {
      await Promise.all([toStore.idle(), toLetters.idle()])
    },
  }
}
