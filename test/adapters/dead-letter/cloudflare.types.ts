// Compiled, never run: the bindings of Cloudflare's own types are what the factories take.
import type { KVNamespace, MessageBatch, Queue, R2Bucket } from '@cloudflare/workers-types'
import {
  kvDeadLetter,
  queueDeadLetter,
  queueLetters,
  r2DeadLetter,
} from '../../../adapters/dead-letter/cloudflare.ts'
import type { DeadLetter } from '../../../src/ports/dead-letter.ts'

export const accepted = (
  namespace: KVNamespace,
  bucket: R2Bucket,
  queue: Queue,
  typedQueue: Queue<string>,
  batch: MessageBatch,
): readonly (DeadLetter | Pick<DeadLetter, 'put'> | Pick<DeadLetter, 'drain'>)[] => [
  kvDeadLetter(namespace),
  r2DeadLetter(bucket, { prefix: 'letters/' }),
  queueDeadLetter(queue),
  queueDeadLetter(typedQueue),
  queueLetters(batch),
]

export const refused = (queue: Queue, batch: MessageBatch): readonly unknown[] => [
  // @ts-expect-error a producer cannot read its queue
  queueDeadLetter(queue).drain,
  // @ts-expect-error a consumer's batch takes no letters
  queueLetters(batch).put,
]
