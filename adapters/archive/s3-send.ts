import { AwsV4Signer } from 'aws4fetch'
import { AuditError, isAuditError } from '../../src/errors.ts'
import type { Failure } from './failure.ts'

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export interface Signing {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string | undefined
  readonly region: string
}

export interface Ask {
  readonly method: 'GET' | 'PUT' | 'DELETE'
  readonly url: string
  /** Of the body, in hex; S3 holds the body to it. */
  readonly sha256: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array<ArrayBuffer>
  readonly signal: AbortSignal | undefined
}

export interface Answer {
  /** 404 means that there is no such object; other failures are thrown. */
  readonly status: number
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** S3 says of itself that single requests fail now and then, and are to be sent again. */
const TRIES = 3
const FIRST_PAUSE_MS = 100

/** Codes that pass although their status says otherwise. */
const passing = new Set([
  'IncompleteBody',
  'OperationAborted',
  'RequestThrottled',
  'RequestTimeout',
  'SlowDown',
  'TemporaryRedirect',
  'Throttling',
])

const codeOf = (bytes: Uint8Array): string | undefined =>
  // Nothing else of the answer is told: S3 quotes keys, paths and the string to sign in it.
  /<Code>([A-Za-z0-9.]{1,64})<\/Code>/.exec(new TextDecoder().decode(bytes))?.[1]

const failureOf = ({ status, bytes }: Answer): Failure | undefined => {
  if (status >= 200 && status < 300) return undefined
  const code = codeOf(bytes)
  // Only what S3 says itself: a 404 of a missing bucket or of a proxy must not read as no object.
  if (status === 404 && code === 'NoSuchKey') return undefined
  const isPassing = status === 408 || status === 429 || (status >= 500 && status !== 501)
  const unavailable = isPassing || (code !== undefined && passing.has(code))
  return {
    code: unavailable ? 'AUDIT_ARCHIVE_UNAVAILABLE' : 'AUDIT_ARCHIVE_REFUSED',
    detail: code === undefined ? `S3 ${status}` : `S3 ${status} ${code}`,
  }
}

/** The code of the network, as Node and Bun name it; messages would tell addresses. */
export const networkFailure = (error: unknown): Failure => {
  const link = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = link instanceof Error && 'code' in link ? String(link.code) : ''
  const detail = /^\w{1,40}$/.test(code) ? code : 'network'
  return { code: 'AUDIT_ARCHIVE_UNAVAILABLE', detail }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * Sends requests to S3, each signed and tried up to three times, 100 and 200 ms apart. All that is asked
 * here may be asked twice. aws4fetch's own `fetch` would try ten times more, not stop at a signal, and
 * not at all when the connection breaks: it only signs.
 */
export const sender = ({ sessionToken, ...signing }: Signing, ask: Fetch) => {
  // Keys for signing, one a day.
  const cache = new Map<string, ArrayBuffer>()
  const credentials = sessionToken === undefined ? signing : { ...signing, sessionToken }

  const once = async ({ method, url, sha256, headers, body, signal }: Ask): Promise<Answer> => {
    const signed = await new AwsV4Signer({
      ...credentials,
      service: 's3',
      cache,
      method,
      url,
      headers: { ...headers, 'x-amz-content-sha256': sha256 },
    }).sign()
    const response = await ask(String(signed.url), {
      method,
      headers: signed.headers,
      // A signature holds for one host: to follow is to fail, or to show another host what was signed.
      redirect: 'manual',
      ...(body !== undefined && { body }),
      ...(signal !== undefined && { signal }),
    })
    return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) }
  }

  const attempt = async (asked: Ask): Promise<Answer> => {
    const answer = await once(asked)
    const failure = failureOf(answer)
    if (failure !== undefined) throw new AuditError(failure.code, failure.detail)
    return answer
  }

  return async (asked: Ask): Promise<Answer> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await attempt(asked)
      } catch (error) {
        const passes = !isAuditError(error) || error.code === 'AUDIT_ARCHIVE_UNAVAILABLE'
        if (!passes || tries === TRIES) throw error
      }
      await pause(FIRST_PAUSE_MS * tries)
      asked.signal?.throwIfAborted()
    }
  }
}
