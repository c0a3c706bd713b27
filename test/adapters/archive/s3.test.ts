import { type IncomingMessage, request as httpRequest } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { s3, type S3Options } from '../../../adapters/archive/s3.ts'
import { bytesOf, listed, sha256Of } from '../../conformance/object-paths.ts'
import { objectsConformance } from '../../conformance/objects.ts'
import { rejection } from '../../conformance/reading.ts'
import { credentials, type S3, startS3 } from '../../support/s3.ts'

objectsConformance(
  'S3',
  async () => {
    const { endpoint, close } = await startS3()
    let opened = 0
    const options = { ...credentials, bucket: 'bucket', endpoint, region: 'eu-central-1' }
    return { open: async () => s3({ ...options, prefix: `test ${opened++}/` }), close }
  },
  { checks: true },
)

/** Everything that can be read off an error. */
const textOf = (error: unknown): string =>
  typeof error === 'object' && error !== null
    ? Object.getOwnPropertyNames(error)
        .map((name) => textOf(Reflect.get(error, name)))
        .join('\n')
    : String(error)

const secrets = new RegExp(
  [credentials.accessKeyId, credentials.secretAccessKey, 'Signature=', 'secret', '127.0.0.1'].join(
    '|',
  ),
)

describe('s3', () => {
  let server: S3
  beforeAll(async () => {
    server = await startS3()
  })
  beforeEach(() => {
    server.requests.length = 0
    server.faults.length = 0
  })
  afterAll(() => server.close())

  const options = (more: Partial<S3Options> = {}): S3Options => ({
    ...credentials,
    bucket: 'bucket',
    region: 'eu-central-1',
    endpoint: server.endpoint,
    ...more,
  })

  it('signs the bytes, and sends no sum that others than AWS do not know', async () => {
    const objects = s3(options({ prefix: 'audit/' }))
    const bytes = bytesOf('bytes')
    const sha256 = await sha256Of(bytes)
    await objects.put('a b/c', bytes, { mediaType: 'application/gzip', retainUntil: 1 })
    await objects.put('a b/c', bytes, { sha256 })
    const [first, second] = server.requests
    expect(first).toMatchObject({ method: 'PUT', url: '/bucket/audit/a%20b/c' })
    expect(first?.headers).toMatchObject({
      'content-type': 'application/gzip',
      'content-length': '5',
      'x-amz-content-sha256': sha256,
    })
    expect(second?.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'x-amz-content-sha256': sha256,
    })
    for (const { headers } of server.requests)
      expect(Object.keys(headers).join()).not.toMatch(/checksum|lock|token/)
  })

  it.each(['governance', 'compliance'] as const)(
    'locks by %s until the time that is given, with the sum that a lock needs',
    async (objectLock) => {
      const locking = await startS3({ locks: true })
      try {
        const objects = s3(options({ endpoint: locking.endpoint, objectLock }))
        await objects.put('a', bytesOf('abc'), { retainUntil: 4_102_444_800_000 })
        await objects.put('b', bytesOf('abc'))
        expect(locking.requests.map(({ headers }) => headers)).toEqual([
          expect.objectContaining({
            'x-amz-checksum-sha256': 'ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=',
            'x-amz-object-lock-mode': objectLock.toUpperCase(),
            'x-amz-object-lock-retain-until-date': '2100-01-01T00:00:00.000Z',
          }),
          expect.objectContaining({
            'x-amz-checksum-sha256': 'ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=',
          }),
        ])
        expect(locking.requests[1]?.headers).not.toHaveProperty('x-amz-object-lock-mode')
        const past = await rejection(objects.put('a', bytesOf(''), { retainUntil: 0 }))
        expect(past).toMatchObject({ detail: 'S3 400 InvalidArgument' })
        const never = await rejection(objects.put('a', bytesOf(''), { retainUntil: NaN }))
        expect(never).toMatchObject({ code: 'AUDIT_ARCHIVE_REFUSED', detail: 'retainUntil' })
        expect(await listed(objects, '')).toEqual(['a', 'b'])
      } finally {
        await locking.close()
      }
    },
  )

  it('signs the token of temporary keys', async () => {
    const sessionToken = 'FwoGZXIvYXdzEXAMPLE+/='
    const temporary = await startS3({ sessionToken })
    try {
      const { endpoint } = temporary
      await s3(options({ endpoint, sessionToken })).put('a', bytesOf(''))
      const [first] = temporary.requests
      expect(first?.headers['x-amz-security-token']).toBe(sessionToken)
      const without = await rejection(s3(options({ endpoint })).get('a'))
      expect(without).toMatchObject({ detail: 'S3 403 SignatureDoesNotMatch' })
    } finally {
      await temporary.close()
    }
  })

  it('names the bucket in the host of AWS, and in the path where no host could', async () => {
    /** Sends what is meant for AWS to the server, with the host that was meant. */
    const meant: string[] = []
    const toServer = async (url: string, { method = '', headers, body }: RequestInit) => {
      meant.push(new URL(url).origin)
      const { host, pathname, search } = new URL(url)
      const sent = httpRequest(server.endpoint + pathname + search, {
        method,
        headers: { ...Object.fromEntries(new Headers(headers)), host },
      })
      sent.end(body)
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        sent.once('response', resolve).once('error', reject)
      })
      const status = answer.statusCode ?? 0
      return new Response(status === 204 ? null : await buffer(answer), { status })
    }
    const aws = (bucket: string, region = 'eu-central-1') =>
      s3({ ...credentials, bucket, region, fetch: toServer })
    const objects = aws('bucket')
    await objects.put('häuser/a b+c', bytesOf('1'))
    expect(await objects.get('häuser/a b+c')).toEqual(bytesOf('1'))
    expect(await listed(objects, 'häuser/')).toEqual(['häuser/a b+c'])
    await objects.remove('häuser/a b+c')
    expect(await listed(objects, 'häuser/')).toEqual([])
    expect([...new Set(meant.splice(0))]).toEqual(['https://bucket.s3.eu-central-1.amazonaws.com'])
    await rejection(aws('with.dots').get('a'))
    await rejection(aws('bucket', 'cn-north-1').get('a'))
    expect(meant).toEqual([
      'https://s3.eu-central-1.amazonaws.com',
      'https://bucket.s3.cn-north-1.amazonaws.com.cn',
    ])
  })

  const told: readonly (readonly [status: number, code: string, expected: string])[] = [
    [408, '', 'UNAVAILABLE'],
    [429, 'TooManyRequests', 'UNAVAILABLE'],
    [500, 'InternalError', 'UNAVAILABLE'],
    [502, '', 'UNAVAILABLE'],
    [503, 'SlowDown', 'UNAVAILABLE'],
    [400, 'RequestTimeout', 'UNAVAILABLE'],
    [409, 'OperationAborted', 'UNAVAILABLE'],
    [307, 'TemporaryRedirect', 'UNAVAILABLE'],
    [301, 'PermanentRedirect', 'REFUSED'],
    [400, 'ExpiredToken', 'REFUSED'],
    [403, 'AccessDenied', 'REFUSED'],
    [404, 'NoSuchBucket', 'REFUSED'],
    [404, '', 'REFUSED'],
    [501, 'NotImplemented', 'REFUSED'],
  ]

  it.each(told)('tells %i %s as %s', async (status, code, expected) => {
    const objects = s3(options())
    const body = code && `<Error><Code>${code}</Code><Message>secret</Message></Error>`
    const headers = { location: `${server.endpoint}/elsewhere/secret` }
    const times = expected === 'REFUSED' ? 1 : 3
    const calls = [
      () => objects.put('secret', bytesOf('secret')),
      () => objects.get('secret'),
      () => objects.remove('secret'),
      () => listed(objects, ''),
    ]
    server.faults.push(
      ...Array.from({ length: times * calls.length }, () => ({ status, body, headers })),
    )
    const detail = code ? `S3 ${status} ${code}` : `S3 ${status}`
    for (const error of await Promise.all(calls.map((call) => rejection(call())))) {
      expect(error).toMatchObject({ code: `AUDIT_ARCHIVE_${expected}`, detail })
      expect(textOf(error)).not.toMatch(secrets)
    }
    expect(server.requests).toHaveLength(times * calls.length)
  })

  it('tries again what passes: a busy server, and a broken connection', async () => {
    const objects = s3(options())
    server.faults.push({ status: 503 }, undefined)
    await objects.put('again', bytesOf('whole'))
    server.faults.push(undefined, { status: 500 })
    expect(await objects.get('again')).toEqual(bytesOf('whole'))
    server.faults.push({ status: 503 })
    expect(await listed(objects, 'again')).toEqual(['again'])
    expect(server.requests).toHaveLength(8)
    const dates = server.requests.map(({ headers }) => headers.authorization)
    expect(dates.every((each) => each?.startsWith('AWS4-HMAC-SHA256 '))).toBe(true)
  })

  it('gives nothing of an object whose end did not come', async () => {
    const cut = { status: 200, headers: { 'content-length': '100' }, body: 'half', cut: true }
    server.faults.push(cut, cut, cut)
    const error = await rejection(s3(options()).get('a'))
    expect(error).toMatchObject({ code: 'AUDIT_ARCHIVE_UNAVAILABLE' })
    expect(server.requests).toHaveLength(3)
  })

  it('does not try again once the signal is aborted', async () => {
    const stop = new AbortController()
    let sent = 0
    const objects = s3(
      options({
        fetch: async (url, init) => {
          sent += 1
          const answer = await fetch(url, init)
          stop.abort()
          return answer
        },
      }),
    )
    server.faults.push({ status: 503 })
    const error = await rejection(objects.get('a', { signal: stop.signal }))
    expect(error).toMatchObject({ code: 'AUDIT_ARCHIVE_UNAVAILABLE', detail: 'aborted' })
    // Another call pauses as long as this one would have, and began later.
    server.faults.push({ status: 503 })
    await s3(options()).get('a')
    expect(sent).toBe(1)
  })

  it('leaves no letter of a path to how a server reads URLs', async () => {
    await s3(options()).put("a+b c/it's (1)*!~-_./ä%&=", bytesOf(''))
    expect(server.requests[0]?.url).toBe(
      '/bucket/a%2Bb%20c/it%27s%20%281%29%2A%21~-_./%C3%A4%25%26%3D',
    )
  })

  it('refuses keys that the store does not know, and tells neither them nor what was signed', async () => {
    for (const [wrong, code] of [
      [{ secretAccessKey: 'wrong-secret' }, 'SignatureDoesNotMatch'],
      [{ accessKeyId: 'AKIAWRONGEXAMPLE' }, 'InvalidAccessKeyId'],
    ] as const) {
      const error = await rejection(s3(options(wrong)).put('a', bytesOf('secret')))
      expect(error).toMatchObject({ code: 'AUDIT_ARCHIVE_REFUSED', detail: `S3 403 ${code}` })
      expect(textOf(error)).not.toMatch(secrets)
      expect(textOf(error)).not.toMatch(/wrong|WRONG/)
    }
  })

  it('tells the code of a network that does not answer, and no address', async () => {
    const { endpoint, close } = await startS3()
    await close()
    const error = await rejection(s3(options({ endpoint })).get('a'))
    expect(error).toMatchObject({ code: 'AUDIT_ARCHIVE_UNAVAILABLE', detail: 'ECONNREFUSED' })
    expect(textOf(error)).not.toMatch(secrets)
    const odd = () => Promise.reject(new Error('http://key:secret@127.0.0.1/'))
    const other = await rejection(s3(options({ fetch: odd })).get('a'))
    expect(other).toMatchObject({ code: 'AUDIT_ARCHIVE_UNAVAILABLE', detail: 'network' })
    expect(textOf(other)).not.toMatch(secrets)
  })

  it('leaves out keys of others that are no paths', async () => {
    const others = s3(options({ prefix: 'mixed/' }))
    await others.put('ours', bytesOf(''))
    const keys = ['mixed/', 'mixed/folder/', 'mixed//a', 'mixed/../b', 'mixed/ours']
    const contents = keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')
    const body = `<ListBucketResult><IsTruncated>false</IsTruncated>${contents}</ListBucketResult>`
    server.faults.push({ status: 200, body })
    expect(await listed(others, '')).toEqual(['ours'])
  })

  it.each([
    ['', 'nothing'],
    ['<html>Sign in to the network</html>', 'a page'],
    ['<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>', 'no way to go on'],
    ['<ListBucketResult><IsTruncated>false</IsTruncated>', 'half of a list'],
  ])('fails rather than ends a list at %j: %s', async (body) => {
    server.faults.push({ status: 200, body })
    const error = await rejection(listed(s3(options()), ''))
    expect(error).toMatchObject({ code: 'AUDIT_ARCHIVE_UNAVAILABLE', detail: 'S3 list' })
  })

  it('works below a path, as some stores have it', async () => {
    const endpoint = `${server.endpoint}/storage/v1/s3/`
    server.faults.push({ status: 200 })
    await s3(options({ endpoint })).put('a', bytesOf(''))
    expect(server.requests[0]?.url).toBe('/storage/v1/s3/bucket/a')
  })
})
