import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { SignatureV4 } from '@smithy/signature-v4'

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** What AWS's signer asks for: SHA-256, keyed or not. */
class Sha256 {
  readonly #hash: Hash | Hmac

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    if (secret === undefined) this.#hash = createHash('sha256')
    else this.#hash = createHmac('sha256', typeof secret === 'string' ? secret : bytesOf(secret))
  }

  update(data: Uint8Array): void {
    this.#hash.update(data)
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }

  reset(): void {
    throw new Error('not asked for')
  }
}

const bytesOf = (data: ArrayBuffer | ArrayBufferView): Uint8Array =>
  data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength)

export const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** `20260102T030405Z`, as the header has it. */
const timeOf = (text: string): Date =>
  new Date(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))

const FIFTEEN_MINUTES = 900_000

/**
 * The code that S3 refuses a request with, or undefined: AWS's own signer signs what arrived, and comes
 * to the same signature or not.
 */
export const refusalOf = async (
  request: IncomingMessage,
  { accessKeyId, ...secrets }: Credentials,
): Promise<string | undefined> => {
  const { authorization = '', host = '', 'x-amz-date': date } = request.headers
  const [, key, region = '', names = '', signature] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([\da-f]{64})$/.exec(
      authorization,
    ) ?? []
  if (key === undefined) return 'AccessDenied'
  if (key !== accessKeyId) return 'InvalidAccessKeyId'
  const time = timeOf(String(date))
  if (!(Math.abs(Date.now() - time.getTime()) < FIFTEEN_MINUTES)) return 'RequestTimeTooSkewed'
  const signed = names.split(';')
  // Whatever begins like this must be signed, or it could be added on the way.
  const unsigned = Object.keys(request.headers).filter((name) => name.startsWith('x-amz-'))
  if (!['host', ...unsigned].every((name) => signed.includes(name))) return 'AccessDenied'
  const url = new URL(request.url ?? '/', 'http://s3')
  const signer = new SignatureV4({
    service: 's3',
    region,
    credentials: { accessKeyId, ...secrets },
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: false,
  })
  const again = await signer.sign(
    {
      method: request.method ?? '',
      protocol: 'http:',
      hostname: host,
      path: url.pathname
        .split('/')
        .map((part) => encoded(decodeURIComponent(part)))
        .join('/'),
      query: Object.fromEntries(url.searchParams),
      headers: Object.fromEntries(signed.map((name) => [name, String(request.headers[name])])),
    },
    { signingDate: time },
  )
  const matches = again.headers['authorization']?.endsWith(`Signature=${signature}`)
  return matches === true ? undefined : 'SignatureDoesNotMatch'
}
