import { neon as connect, neonConfig } from '@neondatabase/serverless'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { neon } from '../../../adapters/store/neon.ts'
import type { OpenedDatabase } from '../../conformance/database.ts'
import { databaseConformance } from '../../conformance/database.ts'
import { rowOf } from '../../conformance/rows.ts'
import { storeConformance } from '../../conformance/store.ts'
import type { NeonProxy } from '../../support/neon-proxy.ts'
import { startNeonProxy } from '../../support/neon-proxy.ts'
import { createDatabase } from '../../support/postgres.ts'

let proxy: NeonProxy

beforeAll(async () => {
  proxy = await startNeonProxy()
  neonConfig.fetchEndpoint = proxy.endpoint
})

afterAll(() => proxy.stop())

const open = async (): Promise<OpenedDatabase> => {
  const connectionString = await createDatabase(inject('postgresUrl'))
  const client = new Client({ connectionString })
  await client.connect()
  return {
    store: neon({ connectionString }),
    connect: () => Promise.resolve(neon({ sql: connect(connectionString) })),
    execute: (sql) => client.query(sql),
    close: () => client.end(),
  }
}

storeConformance('Neon over HTTP', open, { histories: 10 })
databaseConformance('Neon over HTTP', open)

describe('neon', () => {
  it('leaves the type parsers of the app alone', async () => {
    const { store, close } = await open()
    const sql = connect(inject('postgresUrl'))
    const before = await sql`select now() as now, 1::int8 as count`
    await store.migrate()
    await store.append([rowOf()])
    await store.page({ limit: 1 })
    const after = await sql`select now() as now, 1::int8 as count`
    expect(before[0]?.['now']).toBeInstanceOf(Date)
    expect(after[0]?.['now']).toBeInstanceOf(Date)
    expect(after[0]?.['count']).toBe(before[0]?.['count'])
    await close?.()
  })

  it('cancels the request when the signal is aborted', async () => {
    const { store, execute, close } = await open()
    await store.migrate()
    // The insert waits for this lock, so the signal finds it under way.
    await execute('BEGIN; LOCK TABLE audit_events')
    const signals: unknown[] = []
    neonConfig.fetchFunction = (url: string, init: RequestInit) => {
      signals.push(init.signal)
      return fetch(url, init)
    }
    const controller = new AbortController()
    const work = store.append([rowOf()], { signal: controller.signal })
    setImmediate(() => controller.abort())
    await expect(work).rejects.toMatchObject({ code: 'AUDIT_STORE_UNAVAILABLE', detail: 'aborted' })
    expect(signals).toEqual([controller.signal])
    neonConfig.fetchFunction = undefined
    await execute('COMMIT')
    await close?.()
  })

  it('asks once for each step of a run, and is told what became of it', async () => {
    const { store, close } = await open()
    await store.migrate()
    const ledger = await store.ledger()
    const row = rowOf()
    await store.append([row])
    let requests = 0
    neonConfig.fetchFunction = (url: string, init: RequestInit) => {
      requests += 1
      return fetch(url, init)
    }
    const steps: readonly (() => Promise<unknown>)[] = [
      () => ledger.lease('me', 60_000),
      () => ledger.renew('me', 60_000),
      () => ledger.remove([row.id], { holder: 'me' }),
      () => ledger.release('none', 'me'),
    ]
    const told: unknown[] = []
    for (const step of steps) told.push(await step())
    neonConfig.fetchFunction = undefined
    expect(told).toEqual([true, true, [], false])
    expect(requests).toBe(steps.length)
    await close?.()
  })

  it('may be tried again when nobody answers', async () => {
    const store = neon({ connectionString: 'postgres://u:p@127.0.0.1:1/x' })
    const { endpoint } = proxy
    neonConfig.fetchEndpoint = 'http://127.0.0.1:1/sql'
    const append = store.append([rowOf()])
    await expect(append).rejects.toMatchObject({ code: 'AUDIT_STORE_UNAVAILABLE' })
    neonConfig.fetchEndpoint = endpoint
  })
})
