import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { type Credentials, encoded, refusalOf } from './s3-signature.ts'

export const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
} as const satisfies Credentials

interface Told {
  readonly status: number
  readonly body?: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
  /** Whether the connection breaks after the body. */
  readonly cut?: boolean
}

export interface SeenRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
}

export interface S3 {
  readonly endpoint: string
  /** What came, in its order. */
  readonly requests: SeenRequest[]
  /** What is told instead, one request after the other; `undefined` breaks the connection. */
  readonly faults: (Told | undefined)[]
  close(): Promise<void>
}

const statuses: Readonly<Record<string, number>> = {
  AccessDenied: 403,
  InvalidAccessKeyId: 403,
  SignatureDoesNotMatch: 403,
  RequestTimeTooSkewed: 403,
  NoSuchBucket: 404,
  NoSuchKey: 404,
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** As S3 does: what it refused is quoted, so that a careless client leaks it. */
const failure = (code: string, { url, headers }: IncomingMessage): Told => ({
  status: statuses[code] ?? 400,
  body: `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>${code}</Code><Message>Refused ${escaped(url ?? '')}</Message><StringToSign>${escaped(JSON.stringify(headers))}</StringToSign></Error>`,
})

const sha256 = (body: Buffer, as: 'hex' | 'base64'): string =>
  createHash('sha256').update(body).digest(as)

const isoDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/

/** Why S3 would not put it. */
const refusedPut = (key: string, body: Buffer, headers: IncomingHttpHeaders, locks: boolean) => {
  const sum = headers['x-amz-checksum-sha256']
  const mode = headers['x-amz-object-lock-mode']
  const until = headers['x-amz-object-lock-retain-until-date']
  if (Buffer.byteLength(key) > 1_024) return 'KeyTooLongError'
  if (headers['x-amz-content-sha256'] !== sha256(body, 'hex')) return 'XAmzContentSHA256Mismatch'
  // As others than AWS do, that know no such header.
  if (sum !== undefined && !locks) return 'NotImplemented'
  if (sum !== undefined && sum !== sha256(body, 'base64')) return 'BadDigest'
  if (locks && sum === undefined) return 'InvalidRequest'
  if ((mode === undefined) !== (until === undefined)) return 'InvalidArgument'
  if (mode === undefined) return undefined
  if (!locks || !/^(?:GOVERNANCE|COMPLIANCE)$/.test(String(mode))) return 'InvalidRequest'
  const isLater = isoDate.test(String(until)) && Date.parse(String(until)) > Date.now()
  return isLater ? undefined : 'InvalidArgument'
}

/** As forms are encoded: measured on AWS, where `a b+c` comes as `a+b%2Bc`. */
const formEncoded = (key: string): string =>
  key
    .split('/')
    .map((part) => encoded(part).replaceAll('%20', '+'))
    .join('/')

const PAGE = 1_000

const listOf = (objects: ReadonlyMap<string, Buffer>, query: URLSearchParams): string => {
  const prefix = query.get('prefix') ?? ''
  const token = query.get('continuation-token')
  const after = token === null ? '' : Buffer.from(token, 'base64').toString()
  const keys = [...objects.keys()]
    .toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
    .filter((key) => key.startsWith(prefix))
  const rest = token === null ? keys : keys.slice(keys.indexOf(after) + 1)
  const page = rest.slice(0, PAGE)
  const isUrl = query.get('encoding-type') === 'url'
  const more = rest.length > PAGE
  const next = Buffer.from(page.at(-1) ?? '').toString('base64')
  const contents = page.map((key) => {
    const shown = isUrl ? formEncoded(key) : escaped(key)
    const size = objects.get(key)?.length
    return `<Contents><Key>${shown}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>&quot;x&quot;</ETag><Size>${size}</Size><StorageClass>STANDARD</StorageClass></Contents>`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>bucket</Name><Prefix>${formEncoded(prefix)}</Prefix>${more ? `<NextContinuationToken>${next}</NextContinuationToken>` : ''}<KeyCount>${page.length}</KeyCount><MaxKeys>${PAGE}</MaxKeys>${isUrl ? '<EncodingType>url</EncodingType>' : ''}<IsTruncated>${more}</IsTruncated>${contents.join('')}</ListBucketResult>`
}

/** `/bucket/key`, or `/key` where the host begins with the bucket. */
const placeOf = ({ url = '/', headers }: IncomingMessage): readonly [string, string] => {
  const parts = new URL(url, 'http://s3').pathname.slice(1).split('/').map(decodeURIComponent)
  const [, bucket] = /^(.+)\.s3\.[\w-]+\.amazonaws\.com$/.exec(headers.host ?? '') ?? []
  return bucket === undefined
    ? [parts[0] ?? '', parts.slice(1).join('/')]
    : [bucket, parts.join('/')]
}

/**
 * A server with one `bucket` that is as strict as S3: it checks each signature by AWS's own code, holds
 * bodies to their sums, asks of locks what Object Lock asks, and lists as AWS does.
 */
export const startS3 = async ({
  locks = false,
  ...more
}: { readonly locks?: boolean; readonly sessionToken?: string } = {}): Promise<S3> => {
  const objects = new Map<string, Buffer>()
  const requests: SeenRequest[] = []
  const faults: (Told | undefined)[] = []

  const answer = async (request: IncomingMessage, body: Buffer): Promise<Told> => {
    const refusal = await refusalOf(request, { ...credentials, ...more })
    if (refusal !== undefined) return failure(refusal, request)
    const [bucket, key] = placeOf(request)
    if (bucket !== 'bucket') return failure('NoSuchBucket', request)
    const { searchParams } = new URL(request.url ?? '/', 'http://s3')
    if (request.method === 'PUT') {
      const refused = refusedPut(key, body, request.headers, locks)
      if (refused !== undefined) return failure(refused, request)
      objects.set(key, body)
      return { status: 200 }
    }
    if (request.method === 'DELETE') {
      objects.delete(key)
      return { status: 204 }
    }
    if (key === '' && searchParams.get('list-type') === '2')
      return { status: 200, body: listOf(objects, searchParams) }
    const found = objects.get(key)
    return found === undefined ? failure('NoSuchKey', request) : { status: 200, body: found }
  }

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    const { method = '', url = '', headers } = request
    requests.push({ method, url, headers })
    const body = await buffer(request)
    const isFault = faults.length > 0
    const told = isFault ? faults.shift() : await answer(request, body)
    if (told === undefined) return request.socket.destroy()
    response.writeHead(told.status, told.headers)
    if (told.cut !== true) return response.end(told.body)
    return response.write(told.body, () => request.socket.destroy())
  }

  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    // A client that went away: there is nobody to tell.
    respond(request, response).catch(() => request.socket.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  // Listening on a port, so this is one.
  const { port } = server.address() as AddressInfo

  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    faults,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
