/**
 * Keeps archived objects in a bucket of AWS S3 or of anything that speaks like it.
 * @module
 */
import { AuditError } from '../../src/errors.ts'
import type { AskOptions, ObjectStore, PutOptions } from '../../src/ports/archive.ts'
import { sha256Of } from '../../src/runtime/hash.ts'
import { guarded, stopIfAborted } from './failure.ts'
import { checkListed, checkPath, checkPrefix, isPath } from './path.ts'
import { type ListPage, listPageOf } from './s3-list.ts'
import { bucketUrl, checkOptions, type S3Options } from './s3-options.ts'
import { type Answer, type Ask, networkFailure, sender } from './s3-send.ts'

export type { S3Options } from './s3-options.ts'

/** SHA-256 of no bytes: what a request without a body is signed with. */
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

const base64Of = (hex: string): string =>
  btoa(hex.replaceAll(/../g, (byte) => String.fromCharCode(Number.parseInt(byte, 16))))

/** RFC 3986: what signatures and servers agree about, also where `encodeURIComponent` leaves letters. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )

const encodedPath = (key: string): string => key.split('/').map(encoded).join('/')

const dateOf = (time: number): string => {
  const date = new Date(time)
  if (Number.isNaN(date.getTime())) throw new AuditError('AUDIT_ARCHIVE_REFUSED', 'retainUntil')
  return date.toISOString()
}

/**
 * Keeps objects in a bucket of AWS S3, or with `endpoint` in R2, MinIO, Ceph, Backblaze B2 and others.
 * Runs wherever there is `fetch` and Web Crypto. Needs `aws4fetch`.
 *
 * Every request is signed together with the SHA-256 of its body, so the store takes no other bytes.
 * With `objectLock` it sends `x-amz-checksum-sha256` too, which Object Lock asks for and some other
 * stores do not know, and locks each object that has a `retainUntil` until then. Object Lock keeps
 * versions: `remove` and a second `put` hide a locked object, and its version stays until the lock ends.
 *
 * It needs the rights `s3:PutObject`, `s3:GetObject`, `s3:DeleteObject`, `s3:ListBucket` (without it S3
 * says 403 of what is not there) and, to lock, `s3:PutObjectRetention`. Each call, and each 1,000 paths
 * of a list, is one request; a request that S3 cannot answer now or that gets lost is sent at most three
 * times, over 300 ms. There is no limit of time but your `signal`. An object has at most 5 GiB and is
 * held in memory. Directory buckets (S3 Express) list in no order and are not for this. What else lies
 * in the bucket under the prefix is listed too, if its key could be a path.
 * @throws {AuditError} `AUDIT_OPTION_INVALID` for a wrong option. Calls reject with
 * `AUDIT_ARCHIVE_UNAVAILABLE` when S3 was not reached or says 408, 429, 5xx or a code that passes, and
 * with `AUDIT_ARCHIVE_REFUSED` for other answers; the detail has the status and S3's code:
 * `S3 403 AccessDenied`. No error holds a key, a signature or an address.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
 * @see https://developers.cloudflare.com/r2/api/s3/api/
 * @example
 * import { s3 } from 'edge-audit/s3'
 * const objects = (env: Env) =>
 *   s3({
 *     bucket: 'acme-audit',
 *     region: 'eu-central-1',
 *     accessKeyId: env.AWS_ACCESS_KEY_ID,
 *     secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
 *     objectLock: 'compliance',
 *   })
 */
export const s3 = (options: S3Options): ObjectStore => {
  checkOptions(options)
  const { prefix: start = '', objectLock, sessionToken, region } = options
  const { accessKeyId, secretAccessKey, fetch: ask = fetch } = options
  checkPrefix(start)
  const root = bucketUrl(options)
  const send = sender({ accessKeyId, secretAccessKey, sessionToken, region }, ask)

  const asked = ({ signal, ...rest }: Ask): Promise<Answer> =>
    guarded(() => send({ ...rest, signal }), networkFailure, signal)

  const urlOf = (path: string): string => {
    checkPath(path)
    return `${root}${encodedPath(start + path)}`
  }

  const lockHeaders = (sha256: string, retainUntil?: number): Readonly<Record<string, string>> => {
    if (objectLock === undefined) return {}
    // Also without a time: a bucket may lock by itself, and then asks for the sum as well.
    const checksum = { 'x-amz-checksum-sha256': base64Of(sha256) }
    if (retainUntil === undefined) return checksum
    return {
      ...checksum,
      'x-amz-object-lock-mode': objectLock.toUpperCase(),
      'x-amz-object-lock-retain-until-date': dateOf(retainUntil),
    }
  }

  const pageOf = async (
    prefix: string,
    token: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<ListPage> => {
    const parameters = {
      ...(token !== undefined && { 'continuation-token': token }),
      'encoding-type': 'url',
      'list-type': '2',
      prefix: start + prefix,
    }
    const query = Object.entries(parameters).map(([name, value]) => `${name}=${encoded(value)}`)
    const url = `${root}?${query.join('&')}`
    const { status, bytes } = await asked({ method: 'GET', url, sha256: EMPTY, signal })
    const page = status === 404 ? undefined : listPageOf(new TextDecoder().decode(bytes))
    if (page === undefined) throw new AuditError('AUDIT_ARCHIVE_UNAVAILABLE', 'S3 list')
    return page
  }

  async function* list(prefix: string, { signal }: AskOptions = {}): AsyncGenerator<string> {
    checkListed(prefix)
    let next: string | undefined
    do {
      const page = await pageOf(prefix, next, signal)
      for (const key of page.keys) {
        stopIfAborted(signal)
        const path = key.slice(start.length)
        if (isPath(path)) yield path
      }
      next = page.next
    } while (next !== undefined)
  }

  return {
    list,
    put: async (path, bytes, { mediaType, sha256, retainUntil, signal }: PutOptions = {}) => {
      const url = urlOf(path)
      const sum = sha256 ?? (await sha256Of(bytes))
      const headers = {
        ...lockHeaders(sum, retainUntil),
        'content-type': mediaType ?? 'application/octet-stream',
      }
      await asked({ method: 'PUT', url, sha256: sum, headers, body: bytes, signal })
    },
    get: async (path, { signal }: AskOptions = {}) => {
      const url = urlOf(path)
      const { status, bytes } = await asked({ method: 'GET', url, sha256: EMPTY, signal })
      return status === 404 ? undefined : bytes
    },
    remove: async (path, { signal }: AskOptions = {}) => {
      const url = urlOf(path)
      await asked({ method: 'DELETE', url, sha256: EMPTY, signal })
    },
  }
}
