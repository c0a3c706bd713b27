import { AuditError } from '../../src/errors.ts'
import { revive } from '../../src/event/revive.ts'
import type { EventRow } from '../../src/event/row.ts'
import type { DeadLetter, DrainOutcome } from '../../src/ports/dead-letter.ts'
import { asked, checkPortion } from './failure.ts'

/** What is used of a Queue's producer. A `Queue` binding is one. */
export interface LetterQueue {
  sendBatch(messages: Iterable<{ body: string; contentType: 'text' }>): Promise<unknown>
}

/** What a consumer is given. A `MessageBatch` is one. */
export interface LetterBatch {
  readonly messages: readonly LetterMessage[]
}

/** What is used of a `Message`. */
export interface LetterMessage {
  readonly body: unknown
  ack(): void
  retry(): void
}

/** Cloudflare counts a KB as 1,000 bytes, and about 100 bytes of its own for each message. */
const MESSAGE_OVERHEAD = 100
const MESSAGE_BYTES = 128_000
const BATCH_BYTES = 256_000
const BATCH_MESSAGES = 100

/**
 * Sends letters to a Cloudflare Queue, one message each. A producer cannot read its queue, so this
 * half only puts: give {@link queueLetters} to the consumer.
 *
 * A record above 127,900 bytes does not fit a message. `put` sends all others first and then rejects;
 * it never resolves with a letter left out. Events are far smaller unless `limits` was raised.
 * @throws {AuditError} `put` rejects with `AUDIT_DEAD_LETTER_FAILED` when the queue does not take the
 * letters, or when some are too large; `detail` says how many.
 * @see https://developers.cloudflare.com/queues/platform/limits/
 * @example
 * import { queueDeadLetter } from 'edge-audit/cloudflare'
 * const audit = createAudit({ store, deadLetter: (env: Env) => queueDeadLetter(env.LETTERS) })
 */
export const queueDeadLetter = (queue: LetterQueue): Pick<DeadLetter, 'put'> => ({
  put: async (rows) => {
    const { batches, oversize } = batched(rows)
    for (const batch of batches) await asked(queue.sendBatch(batch))
    if (oversize === 0) return
    throw new AuditError(
      'AUDIT_DEAD_LETTER_FAILED',
      `${oversize} of ${rows.length} records exceed the 128 KB of a queue message; the others were sent`,
    )
  },
})

/**
 * Reads the letters that a Queue's consumer was given. `drain` acknowledges a message after it was
 * delivered and asks the queue to send all others again, also when it rejects: of messages that are
 * neither acknowledged nor retried the runtime takes those for done whose handler did not throw.
 *
 * That holds for messages that are no event, too: they are counted and sent again, so they stay until
 * the queue's `max_retries` is used up, and then move to its `dead_letter_queue`. Name one in the
 * wrangler file: without it Cloudflare drops a message then, whatever it holds.
 *
 * A batch can be drained once: after that each of its messages is acknowledged or on its way again.
 * @throws {AuditError} `drain` rejects with `AUDIT_OPTION_INVALID` for a wrong `portion`, otherwise
 * with what `deliver` rejected with, or the reason of an aborted `signal`.
 * @see https://developers.cloudflare.com/queues/configuration/batching-retries/
 * @example
 * import { queueLetters } from 'edge-audit/cloudflare'
 * export default {
 *   queue: async (batch: MessageBatch, env: Env) => {
 *     await queueLetters(batch).drain((rows) => storeOf(env).append(rows))
 *   },
 * }
 */
export const queueLetters = (batch: LetterBatch): Pick<DeadLetter, 'drain'> => ({
  drain: async (deliver, { portion = 100, signal } = {}): Promise<DrainOutcome> => {
    const left = new Set(batch.messages)
    try {
      checkPortion(portion)
      const letters = batch.messages.flatMap((message) => letterOf(message) ?? [])
      for (let from = 0; from < letters.length; from += portion) {
        signal?.throwIfAborted()
        const some = letters.slice(from, from + portion)
        await deliver(some.map(({ row }) => row))
        for (const { message } of some) {
          message.ack()
          left.delete(message)
        }
      }
      return { delivered: letters.length, unreadable: left.size }
    } finally {
      for (const message of left) message.retry()
    }
  },
})

interface Letter {
  readonly message: LetterMessage
  readonly row: EventRow
}

const letterOf = (message: LetterMessage): Letter | undefined => {
  const row = typeof message.body === 'string' ? revive(message.body) : undefined
  return row === undefined ? undefined : { message, row }
}

interface Batched {
  readonly batches: readonly (readonly { body: string; contentType: 'text' }[])[]
  readonly oversize: number
}

const batched = (rows: readonly EventRow[]): Batched => {
  const encoder = new TextEncoder()
  const batches: { body: string; contentType: 'text' }[][] = []
  let bytes = 0
  let oversize = 0
  for (const { record } of rows) {
    const size = encoder.encode(record).byteLength + MESSAGE_OVERHEAD
    if (size > MESSAGE_BYTES) {
      oversize += 1
      continue
    }
    bytes += size
    const last = batches.at(-1)
    const message = { body: record, contentType: 'text' } as const
    if (last !== undefined && last.length < BATCH_MESSAGES && bytes <= BATCH_BYTES) {
      last.push(message)
      continue
    }
    batches.push([message])
    bytes = size
  }
  return { batches, oversize }
}
