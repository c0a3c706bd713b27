import { Miniflare } from 'miniflare'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { d1 } from '../../../adapters/store/d1.ts'
import type { AuditStore } from '../../../src/ports/store.ts'
import { rowOf } from '../../conformance/rows.ts'
import { desk, throughDesk } from '../../support/d1.ts'
import { bundled } from '../../support/bundle.ts'

const cron = { cron: '17 3 * * *' }

let miniflare: Miniflare
let store: AuditStore

beforeAll(async () => {
  const app = {
    name: 'app',
    modules: true as const,
    script: await bundled(new URL('scheduled-worker.ts', import.meta.url), {
      external: ['node:*'],
    }),
    compatibilityDate: '2026-04-01',
    compatibilityFlags: ['nodejs_compat'],
    d1Databases: { DB: 'audit' },
    r2Buckets: ['ARCHIVE'],
  }
  miniflare = new Miniflare({ host: '127.0.0.1', port: 0, workers: [app, desk({ DB: 'audit' })] })
  await miniflare.ready
  store = d1(throughDesk(await miniflare.unsafeGetDirectURL('desk'), 'DB'))
})
afterAll(() => miniflare.dispose())

const actions = async (): Promise<readonly string[]> =>
  (await store.page({ order: 'oldest', limit: 100 })).rows.map(({ action }) => action)

describe('the scheduled handler in workerd', () => {
  it('fails as the platform sees it when the run does', async () => {
    // The tables are not there yet.
    const worker = await miniflare.getWorker('app')
    expect(await worker.scheduled(cron)).toMatchObject({ outcome: 'exception' })
  })

  it('archives from D1 into R2 when the trigger fires, and again does nothing', async () => {
    await store.migrate()
    const days = [0, 1, 2].map((day) => Date.UTC(2020, 0, 1 + day))
    await store.append(days.map((occurredAt) => rowOf({ occurredAt, action: 'invoice.refund' })))

    const worker = await miniflare.getWorker('app')
    expect(await worker.scheduled(cron)).toEqual({ outcome: 'ok', noRetry: false })
    expect(await actions()).not.toContain('invoice.refund')
    const verified = await miniflare.dispatchFetch('http://app/')
    expect(await verified.json()).toEqual({ manifests: 3, events: 3, findings: [], objects: 4 })

    expect(await worker.scheduled(cron)).toEqual({ outcome: 'ok', noRetry: false })
    expect((await actions()).filter((action) => action === 'audit.keep')).toHaveLength(2)
  })
})
