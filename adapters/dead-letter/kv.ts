import type { DeadLetter } from '../../src/ports/dead-letter.ts'
import { bundledDeadLetter } from './bundles.ts'
import { checkPrefix } from './failure.ts'

/** What is used of a Workers KV namespace. A `KVNamespace` binding is one. */
export interface LetterNamespace {
  put(key: string, value: string): Promise<void>
  get(key: string, type: 'arrayBuffer'): Promise<ArrayBuffer | null>
  list(options: { readonly prefix: string; readonly cursor?: string | null }): Promise<LetterKeys>
  delete(key: string): Promise<void>
}

/** One page of keys; the next starts at `cursor`. */
export interface LetterKeys {
  readonly keys: readonly { readonly name: string }[]
  readonly list_complete: boolean
  readonly cursor?: string
}

export interface KvDeadLetterOptions {
  /** What the keys of the letters begin with, at most 412 bytes. @default 'audit/dead-letter/' */
  readonly prefix?: string
}

/** Cloudflare: a key has at most 512 bytes. */
const LONGEST_KEY = 512

/**
 * Keeps letters in Workers KV, one value for each `put` (several above 1 MiB or 500 letters).
 *
 * KV is eventually consistent: for a minute or so another location may list a value that was
 * forgotten, which hands its letters over a second time (the store drops them by id), or not yet see
 * one that was put, which leaves it to the next drain. Nothing is lost by either.
 *
 * Every bundle costs a read and a delete: a drain in a Worker is bounded by the subrequests of its
 * invocation. What was delivered by then is forgotten, and the next drain goes on. Where few are
 * allowed ask for small portions.
 * @throws {AuditError} `AUDIT_OPTION_INVALID` for a prefix that is too long. `put` and `drain` reject
 * with `AUDIT_DEAD_LETTER_FAILED` when KV does not answer.
 * @see https://developers.cloudflare.com/kv/concepts/how-kv-works/
 * @see https://developers.cloudflare.com/kv/platform/limits/
 * @example
 * import { kvDeadLetter } from 'edge-audit/cloudflare'
 * const audit = createAudit({ store, deadLetter: (env: Env) => kvDeadLetter(env.LETTERS) })
 */
export const kvDeadLetter = (
  namespace: LetterNamespace,
  { prefix = 'audit/dead-letter/' }: KvDeadLetterOptions = {},
): DeadLetter => {
  checkPrefix(prefix, LONGEST_KEY)

  async function* list(): AsyncGenerator<string> {
    let cursor: string | null = null
    do {
      const page: LetterKeys = await namespace.list({ prefix, cursor })
      for (const { name } of page.keys) yield name.slice(prefix.length)
      cursor = page.list_complete ? null : (page.cursor ?? null)
    } while (cursor !== null)
  }

  return bundledDeadLetter({
    list,
    write: (name, text) => namespace.put(`${prefix}${name}`, text),
    read: async (name) => {
      const content = await namespace.get(`${prefix}${name}`, 'arrayBuffer')
      return content === null ? undefined : new Uint8Array(content)
    },
    remove: async (names) => {
      await Promise.all(names.map((name) => namespace.delete(`${prefix}${name}`)))
    },
  })
}
