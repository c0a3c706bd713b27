import { AuditError } from '../errors.ts'
import type { EventRow } from '../event/row.ts'
import { bytesOf, type Destination, type Failures, noFailures, type Sender } from './send.ts'

export interface QueueOptions {
  readonly sender: Sender
  readonly batch: { readonly events: number; readonly bytes: number }
  readonly queue: { readonly events: number; readonly bytes: number }
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

/**
 * Group commit: while one write is under way the next batch gathers. No timer and no delay, one
 * write at a time, and a bound on what waits. Only where promises may cross requests.
 */
export const createQueue = ({ sender, batch, queue, soon }: QueueOptions): Queue => {
  const waiting: Waiting[] = []
  let events = 0
  let bytes = 0
  let running: Promise<void> | undefined
  /** Writes outside the line: events that found the queue full. */
  const aside = new Set<Promise<Failures>>()

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

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const entries = take()
      const [first] = entries
      const rows =
        entries.length === 1 && first ? first.rows : entries.flatMap((entry) => entry.rows)
      const to = entries.find((entry) => entry.to !== undefined)?.to
      const failures = to === undefined ? noFailures : await sender.send(rows, to)
      for (const { settle } of entries) settle?.(failures)
    }
    running = undefined
  }

  const start = (): void => {
    running ??= new Promise<void>((resolve) => soon(resolve)).then(drain)
  }

  const full = (rows: readonly EventRow[], size: number): boolean =>
    events + rows.length > queue.events || bytes + size > queue.bytes

  const add = (rows: readonly EventRow[], to: Destination, settle: Waiting['settle']): void => {
    const size = bytesOf(rows)
    if (full(rows, size)) {
      const ended = sender.giveUp(rows, to, new AuditError('AUDIT_QUEUE_FULL'))
      aside.add(ended)
      // giveUp() never rejects; the set only remembers what is under way.
      ended.then(
        (failures) => {
          aside.delete(ended)
          return settle?.(failures)
        },
        () => aside.delete(ended),
      )
      return
    }
    events += rows.length
    bytes += size
    waiting.push({ rows, to, settle })
    start()
  }

  return {
    push: (rows, to) => new Promise((settle) => add(rows, to, settle)),
    post: (rows, to) => add(rows, to, undefined),
    idle: async () => {
      const besides = [...aside]
      // An entry without rows: it comes to its end after all that stand before it, and after no other.
      if (running !== undefined) {
        await new Promise((settle) => waiting.push({ rows: [], to: undefined, settle }))
      }
      await Promise.all(besides)
    },
  }
}
