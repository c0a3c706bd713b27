import type { DeadLetter } from '../../src/ports/dead-letter.ts'
import { bundledDeadLetter } from './bundles.ts'
import { checkPrefix } from './failure.ts'

/** What is used of an R2 bucket. An `R2Bucket` binding is one. */
export interface LetterBucket {
  put(key: string, value: string): Promise<unknown>
  get(key: string): Promise<{ arrayBuffer(): Promise<ArrayBuffer> } | null>
  list(options: { readonly prefix: string; readonly cursor?: string }): Promise<LetterObjects>
  delete(keys: string[]): Promise<void>
}

/** One page of objects; the next starts at `cursor`. */
export interface LetterObjects {
  readonly objects: readonly { readonly key: string }[]
  readonly truncated: boolean
  readonly cursor?: string
}

export interface R2DeadLetterOptions {
  /** What the keys of the letters begin with, at most 924 bytes. @default 'audit/dead-letter/' */
  readonly prefix?: string
}

/** Cloudflare: a key has at most 1,024 bytes, and one call deletes at most 1,000. */
const LONGEST_KEY = 1_024
const MOST_DELETED = 1_000

/**
 * Keeps letters in an R2 bucket, one object for each `put` (several above 1 MiB or 500 letters).
 * R2 is strongly consistent: a letter is there for every drain that begins after its `put` resolved.
 *
 * Do not give the prefix a lifecycle rule: a letter that expires is lost.
 * @throws {AuditError} `AUDIT_OPTION_INVALID` for a prefix that is too long. `put` and `drain` reject
 * with `AUDIT_DEAD_LETTER_FAILED` when R2 does not answer.
 * @see https://developers.cloudflare.com/r2/reference/consistency/
 * @see https://developers.cloudflare.com/r2/api/workers/workers-api-reference/
 * @example
 * import { r2DeadLetter } from 'edge-audit/cloudflare'
 * const audit = createAudit({ store, deadLetter: (env: Env) => r2DeadLetter(env.LETTERS) })
 */
export const r2DeadLetter = (
  bucket: LetterBucket,
  { prefix = 'audit/dead-letter/' }: R2DeadLetterOptions = {},
): DeadLetter => {
  checkPrefix(prefix, LONGEST_KEY)

  async function* list(): AsyncGenerator<string> {
    let page: LetterObjects = await bucket.list({ prefix })
    for (;;) {
      for (const { key } of page.objects) yield key.slice(prefix.length)
      if (!page.truncated || page.cursor === undefined) return
      page = await bucket.list({ prefix, cursor: page.cursor })
    }
  }

  return bundledDeadLetter({
    list,
    write: async (name, text) => {
      await bucket.put(`${prefix}${name}`, text)
    },
    read: async (name) => {
      const object = await bucket.get(`${prefix}${name}`)
      return object === null ? undefined : new Uint8Array(await object.arrayBuffer())
    },
    remove: async (names) => {
      for (let from = 0; from < names.length; from += MOST_DELETED) {
        const some = names.slice(from, from + MOST_DELETED)
        await bucket.delete(some.map((name) => `${prefix}${name}`))
      }
    },
  })
}
