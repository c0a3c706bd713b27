import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EdgeRuntime } from 'edge-runtime'
import { Miniflare } from 'miniflare'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { S3Options } from '../../../adapters/archive/s3.ts'
import { credentials, type S3, startS3 } from '../../support/s3.ts'
import { run, runtimes } from '../runtime/child.ts'
import { expected } from './round-trip.ts'
import { bundled } from '../../support/bundle.ts'

describe('archives', () => {
  let server: S3
  beforeAll(async () => {
    server = await startS3()
  })
  afterAll(() => server.close())

  const options = (prefix: string): S3Options => ({
    ...credentials,
    bucket: 'bucket',
    region: 'auto',
    endpoint: server.endpoint,
    prefix,
  })

  it.each(runtimes)('in a directory and in S3 keep what is put on %s', async (runtime) => {
    const home = await mkdtemp(join(tmpdir(), 'edge-audit-objects-'))
    try {
      const given = JSON.stringify(options(`${runtime}/`))
      const outcome = await run(runtime, '../archive/on-runtime.ts', join(home, 'a', 'b'), given)
      const { lines, code, errors } = outcome
      expect({ code, errors }).toEqual({ code: 0, errors: '' })
      expect(lines.map((line): unknown => JSON.parse(line))).toEqual([expected, expected])
    } finally {
      await rm(home, { recursive: true })
    }
  })

  it('in R2 and in S3 keep what is put in workerd, without flags', async () => {
    const module = new URL('archive-worker.ts', import.meta.url)
    const miniflare = new Miniflare({
      modules: true,
      script: await bundled(module),
      // An old one: nothing that came later is needed.
      compatibilityDate: '2024-01-01',
      r2Buckets: ['BUCKET'],
    })
    try {
      const url = await miniflare.ready
      for (const given of [null, options('workerd/')]) {
        // A connection of its own: workerd closes one that was idle whenever it likes.
        const headers = { connection: 'close' }
        const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(given) })
        expect(await answer.json()).toEqual(expected)
      }
    } finally {
      await miniflare.dispose()
    }
  })

  it('in S3 keep what is put in the VM of edge functions', async () => {
    const module = new URL('edge.ts', import.meta.url)
    const initialCode = await bundled(module, {
      format: 'iife',
      conditions: ['edge-light', 'worker', 'browser'],
    })
    const runtime = new EdgeRuntime({ initialCode })
    const body = JSON.stringify(options('edge/'))
    const answer = await runtime.dispatchFetch('http://edge/', { method: 'POST', body })
    expect(await answer.json()).toEqual(expected)
  })
})
