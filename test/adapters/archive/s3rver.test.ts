import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import S3rver from 's3rver'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { s3, type S3Options } from '../../../adapters/archive/s3.ts'
import { verifyArchive } from '../../../src/keep/keep.ts'
import { withArchive } from '../../../src/archive.ts'
import { query } from '../../../src/read/page.ts'
import { bytesOf, listed } from '../../conformance/object-paths.ts'
import { desk } from '../../unit/keep/desk.ts'

// A server of S3 that is not ours. The whole suite is not for it: it lists in another order than S3,
// takes no name of more than 241 bytes, and lets one read half of what is being put. It believes every
// signature of version 4; those are compared with AWS's own signer by our server.

describe('S3 by a server of somebody else', () => {
  let directory: string
  let server: S3rver
  let options: S3Options

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'edge-audit-s3rver-'))
    const configureBuckets = [{ name: 'bucket', configs: [] }]
    server = new S3rver({
      port: 0,
      address: '127.0.0.1',
      silent: true,
      directory,
      configureBuckets,
    })
    const { port } = await server.run()
    const endpoint = `http://127.0.0.1:${port}`
    const keys = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }
    options = { ...keys, bucket: 'bucket', endpoint, region: 'us-east-1' }
  })

  afterAll(async () => {
    await server.close()
    await rm(directory, { recursive: true })
  })

  it('takes every call, whatever the path', async () => {
    const objects = s3({ ...options, prefix: 'calls of one/' })
    const paths = ['tenant=a%2Fb/é=ü+1.gz', "it's (here)!*", 'a&b=c?d#e', 'plain']
    for (const path of paths) await objects.put(path, bytesOf(`in ${path}`))
    for (const path of paths) expect(await objects.get(path)).toEqual(bytesOf(`in ${path}`))
    expect((await listed(objects, '')).toSorted()).toEqual(paths.toSorted())
    expect(await listed(objects, 'tenant=')).toEqual(paths.slice(0, 1))
    for (const path of paths) await objects.remove(path)
    expect(await listed(objects, '')).toEqual([])
  })

  it('refuses a key that it does not know', async () => {
    const objects = s3({ ...options, accessKeyId: 'ANOTHER' })
    const refused = { code: 'AUDIT_ARCHIVE_REFUSED', detail: 'S3 403 InvalidAccessKeyId' }
    await expect(objects.put('a', bytesOf('a'))).rejects.toMatchObject(refused)
    await expect(objects.get('a')).rejects.toMatchObject(refused)
  })

  it('keeps what a run moves, to be verified and read again', async () => {
    const { aged, audit, keep, live } = desk()
    const rows = await aged([120, 110, 100, 100, 1])
    const to = s3({ ...options, prefix: 'audit/' })
    expect(await keep({ to })).toMatchObject({ state: 'done', moved: 4, left: 0 })
    expect(await live()).toHaveLength(1)
    expect(await keep({ to })).toMatchObject({ state: 'done', moved: 0 })
    expect(await verifyArchive(audit, { archive: to })).toMatchObject({ findings: [], events: 4 })
    const read: string[] = []
    for await (const { id } of query(withArchive(audit, { archive: to }), { kind: 'custom' }))
      read.push(id)
    expect(read.toSorted()).toEqual(rows.map(({ id }) => id).toSorted())
  })
})
