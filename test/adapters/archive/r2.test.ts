import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ObjectBucket, r2 } from '../../../adapters/archive/r2.ts'
import { bytesOf, listed } from '../../conformance/object-paths.ts'
import { objectsConformance } from '../../conformance/objects.ts'
import { type R2, startR2 } from '../../support/r2.ts'

objectsConformance(
  'R2',
  async () => {
    const { bucket, close } = await startR2()
    let opened = 0
    return { open: async () => r2(bucket, { prefix: `test ${opened++}/` }), close }
  },
  { checks: true },
)

describe('r2', () => {
  let started: R2
  beforeAll(async () => {
    started = await startR2()
  })
  afterAll(() => started.close())

  it('puts objects under its prefix with their media type, and lists nothing else', async () => {
    const { bucket } = started
    const options: unknown[] = []
    const watched: ObjectBucket = {
      ...bucket,
      put: (key, value, given) => {
        options.push({ key, ...given })
        return bucket.put(key, value, given)
      },
    }
    const objects = r2(watched, { prefix: 'audit/' })
    await objects.put('a/b', bytesOf('1'), { mediaType: 'application/gzip', retainUntil: 1 })
    await objects.put('a/c', bytesOf('2'))
    await r2(bucket, { prefix: 'audit' }).put('x', bytesOf('not ours'))
    await r2(bucket).put('audits/a', bytesOf('not ours'))
    const httpMetadata = { contentType: 'application/octet-stream' }
    expect(options).toEqual([
      { key: 'audit/a/b', httpMetadata: { contentType: 'application/gzip' } },
      { key: 'audit/a/c', httpMetadata },
    ])
    expect(await listed(objects, '')).toEqual(['a/b', 'a/c'])
    expect(await listed(r2(bucket), '')).toEqual(
      ['audit/a/b', 'audit/a/c', 'auditx', 'audits/a'].toSorted(),
    )
  })

  it('leaves out keys of others that are no paths', async () => {
    const { bucket } = started
    const httpMetadata = { contentType: 'text/plain' }
    for (const key of ['mixed/', 'mixed/a/', 'mixed//b', 'mixed/../c', 'mixed/ours'])
      await bucket.put(key, bytesOf(key), { httpMetadata })
    expect(await listed(r2(bucket, { prefix: 'mixed/' }), '')).toEqual(['ours'])
  })

  it.each([
    ['put: We encountered an internal error. Please try again. (10001)', 'UNAVAILABLE', 'R2 10001'],
    ['put: Reduce your concurrent request rate. (10058)', 'UNAVAILABLE', 'R2 10058'],
    ['Network connection lost.', 'UNAVAILABLE', 'R2'],
    ['put: The object is locked by the bucket policy. (10069)', 'REFUSED', 'R2 10069'],
    ['put: Your account has exceeded its size. (100100)', 'REFUSED', 'R2 100100'],
  ])('understands what R2 says: %s', async (message, code, detail) => {
    const fails = () => Promise.reject(new Error(message))
    const objects = r2({ put: fails, get: fails, list: fails, delete: fails })
    const expected = { code: `AUDIT_ARCHIVE_${code}`, detail }
    for (const call of [
      objects.put('a', bytesOf('')),
      objects.get('a'),
      objects.remove('a'),
      listed(objects, ''),
    ]) {
      const error: unknown = await call.catch((cause: unknown) => cause)
      expect(error).toMatchObject(expected)
      expect(error).not.toHaveProperty('cause')
    }
  })

  it('fails rather than ends a list that R2 cannot go on with', async () => {
    const list = async () => ({ objects: [{ key: 'a' }], truncated: true })
    const objects = r2({ ...started.bucket, list })
    await expect(listed(objects, '')).rejects.toMatchObject({ code: 'AUDIT_ARCHIVE_UNAVAILABLE' })
  })

  it.each(['/', 'a//', '../', 'a/../', 'x'.repeat(125), 'a\ud800'])(
    'refuses the prefix %j',
    (prefix) => {
      const invalid = expect.objectContaining({ code: 'AUDIT_OPTION_INVALID' })
      expect(() => r2(started.bucket, { prefix })).toThrow(invalid)
    },
  )

  it('takes the longest path behind the longest prefix', async () => {
    const objects = r2(started.bucket, { prefix: `${'p'.repeat(123)}/` })
    const path = `${'x'.repeat(254)}/`.repeat(3) + 'y'.repeat(135)
    await objects.put(path, bytesOf('far'))
    expect(await objects.get(path)).toEqual(bytesOf('far'))
    expect(await listed(objects, '')).toEqual([path])
  })
})
