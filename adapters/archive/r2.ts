/**
 * Keeps archived objects in a bucket that a Cloudflare Worker binds.
 * @module
 */
import { AuditError } from '../../src/errors.ts'
import type { AskOptions, ObjectStore, PutOptions } from '../../src/ports/archive.ts'
import { type Failure, guarded, stopIfAborted } from './failure.ts'
import { checkListed, checkPath, checkPrefix, isPath } from './path.ts'

/** What is used of an R2 bucket. An `R2Bucket` binding is one. */
export interface ObjectBucket {
  put(key: string, value: Uint8Array<ArrayBuffer>, options: BucketPut): Promise<unknown>
  get(key: string): Promise<{ arrayBuffer(): Promise<ArrayBuffer> } | null>
  list(options: { readonly prefix: string; readonly cursor?: string }): Promise<BucketPage>
  delete(key: string): Promise<void>
}

export interface BucketPut {
  readonly httpMetadata: { readonly contentType: string }
  /** In hex. R2 holds the bytes to it. */
  readonly sha256?: string
}

/** One page of objects; the next starts at `cursor`. */
export interface BucketPage {
  readonly objects: readonly { readonly key: string }[]
  readonly truncated: boolean
  readonly cursor?: string
}

export interface R2Options {
  /** What the keys of all objects begin with, at most 124 bytes: `audit/`. @default '' */
  readonly prefix?: string | undefined
}

/**
 * Those of R2's codes that would come again: of keys, rights, sizes, sums and locks. Others, such as
 * 10058 for more than one write a second to one key, pass.
 * @see https://developers.cloudflare.com/r2/api/error-codes/
 */
const refusals = new Set([
  '10002',
  '10003',
  '10005',
  '10006',
  '10012',
  '10014',
  '10018',
  '10020',
  '10022',
  '10029',
  '10031',
  '10033',
  '10035',
  '10037',
  '10042',
  '10069',
  '100100',
])

/** The binding throws plain errors, with the code at the end of the message. */
const failureOf = (cause: unknown): Failure => {
  if (cause instanceof TypeError) return { code: 'AUDIT_ARCHIVE_REFUSED', detail: 'TypeError' }
  const [, number] = /\((\d{5,6})\)$/.exec(cause instanceof Error ? cause.message : '') ?? []
  if (number === undefined) return { code: 'AUDIT_ARCHIVE_UNAVAILABLE', detail: 'R2' }
  const code = refusals.has(number) ? 'AUDIT_ARCHIVE_REFUSED' : 'AUDIT_ARCHIVE_UNAVAILABLE'
  return { code, detail: `R2 ${number}` }
}

/**
 * Keeps objects in an R2 bucket that a Worker binds. From elsewhere R2 is reached by `s3` with R2's
 * endpoint. R2 is strongly consistent, and holds the bytes to `sha256` where it is given.
 *
 * R2 locks by rules of the bucket, for prefixes, and not by object: **`retainUntil` does nothing here**.
 * Give the prefix a bucket lock for as long as you retain; removing earlier is then refused
 * (`R2 10069`). A lifecycle rule on the prefix would delete what the audit still counts on.
 *
 * An object has at most 5 GiB and the 128 MiB of a Worker are what you meet first: `put` and `get` hold
 * it in memory. Each call, and each 1,000 paths of a list, is one subrequest. R2 takes one write a
 * second to one path. What else lies in the bucket under the prefix is listed too, if its key could be
 * a path. R2 takes no signal: an aborted call rejects at once, what it asked for may still happen.
 * @throws {AuditError} `AUDIT_OPTION_INVALID` for a prefix that is too long or no path. Calls reject
 * with `AUDIT_ARCHIVE_REFUSED` or `AUDIT_ARCHIVE_UNAVAILABLE`; the detail has R2's code: `R2 10058`.
 * @see https://developers.cloudflare.com/r2/reference/consistency/
 * @see https://developers.cloudflare.com/r2/buckets/bucket-locks/
 * @example
 * import { r2 } from 'edge-audit/r2'
 * const objects = (env: Env) => r2(env.ARCHIVE, { prefix: 'audit/' })
 */
export const r2 = (bucket: ObjectBucket, { prefix: start = '' }: R2Options = {}): ObjectStore => {
  checkPrefix(start)

  const keyOf = (path: string): string => {
    checkPath(path)
    return `${start}${path}`
  }

  async function* list(prefix: string, { signal }: AskOptions = {}): AsyncGenerator<string> {
    checkListed(prefix)
    const query = { prefix: `${start}${prefix}` }
    const ask = (cursor?: string): Promise<BucketPage> =>
      guarded(
        () => bucket.list(cursor === undefined ? query : { ...query, cursor }),
        failureOf,
        signal,
      )
    let page = await ask()
    for (;;) {
      for (const { key } of page.objects) {
        stopIfAborted(signal)
        const path = key.slice(start.length)
        if (isPath(path)) yield path
      }
      if (!page.truncated) return
      // Never a list that ends too early: what it leaves out would count as gone.
      if (page.cursor === undefined) throw new AuditError('AUDIT_ARCHIVE_UNAVAILABLE', 'R2')
      page = await ask(page.cursor)
    }
  }

  return {
    list,
    put: async (path, bytes, { mediaType, sha256, signal }: PutOptions = {}) => {
      const key = keyOf(path)
      const httpMetadata = { contentType: mediaType ?? 'application/octet-stream' }
      const options = sha256 === undefined ? { httpMetadata } : { httpMetadata, sha256 }
      await guarded(() => bucket.put(key, bytes, options), failureOf, signal)
    },
    get: async (path, { signal }: AskOptions = {}) => {
      const key = keyOf(path)
      const read = async (): Promise<Uint8Array<ArrayBuffer> | undefined> => {
        const object = await bucket.get(key)
        return object === null ? undefined : new Uint8Array(await object.arrayBuffer())
      }
      return guarded(read, failureOf, signal)
    },
    remove: async (path, { signal }: AskOptions = {}) => {
      const key = keyOf(path)
      await guarded(() => bucket.delete(key), failureOf, signal)
    },
  }
}
