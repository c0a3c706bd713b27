/**
 * Dead letters in what Cloudflare Workers bind: a Queue, a KV namespace, an R2 bucket.
 * @module
 */
export { kvDeadLetter } from './kv.ts'
export type { KvDeadLetterOptions, LetterKeys, LetterNamespace } from './kv.ts'
export { queueDeadLetter, queueLetters } from './queue.ts'
export type { LetterBatch, LetterMessage, LetterQueue } from './queue.ts'
export { r2DeadLetter } from './r2.ts'
export type { LetterBucket, LetterObjects, R2DeadLetterOptions } from './r2.ts'
