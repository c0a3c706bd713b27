import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { neonConfig } from '@neondatabase/serverless'
import { drizzle } from 'drizzle-orm/node-postgres'
import { Miniflare } from 'miniflare'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, inject } from 'vitest'
import { directory } from '../../../adapters/archive/directory.ts'
import { d1 } from '../../../adapters/store/d1.ts'
import { neon } from '../../../adapters/store/neon.ts'
import { postgres } from '../../../adapters/store/postgres.ts'
import type { AuditStore } from '../../../src/ports/store.ts'
import { desk, throughDesk } from '../../support/d1.ts'
import { type NeonProxy, startNeonProxy } from '../../support/neon-proxy.ts'
import { createDatabase } from '../../support/postgres.ts'
import { keepsWhole, type Parts } from './whole.ts'

interface Opened {
  readonly store: AuditStore
  close(): Promise<void>
}

const withDirectory = (open: () => Promise<Opened>) => async (): Promise<Parts> => {
  const home = await mkdtemp(join(tmpdir(), 'edge-audit-keep-'))
  const { store, close } = await open()
  await store.migrate()
  return {
    store,
    to: directory(home),
    close: async () => {
      await close()
      await rm(home, { recursive: true })
    },
  }
}

const withTable = (open: () => Promise<Opened>) => async (): Promise<Parts> => {
  const { store, close } = await open()
  await store.migrate()
  return { store, to: 'table', close }
}

const names = Array.from({ length: 8 }, (_, index) => `AUDIT_${index}`)
const unused = [...names]
let worker: Miniflare
let proxy: NeonProxy

beforeAll(async () => {
  proxy = await startNeonProxy()
  neonConfig.fetchEndpoint = proxy.endpoint
  worker = new Miniflare({
    workers: [desk(Object.fromEntries(names.map((name) => [name, name])))],
  })
})

afterAll(async () => {
  await proxy.stop()
  await worker.dispose()
})

const openPostgres = async (): Promise<Opened> => {
  const pool = new Pool({ connectionString: await createDatabase(inject('postgresUrl')) })
  return { store: postgres(drizzle(pool)), close: () => pool.end() }
}

const openNeon = async (): Promise<Opened> => {
  const connectionString = await createDatabase(inject('postgresUrl'))
  return { store: neon({ connectionString }), close: () => Promise.resolve() }
}

const openD1 = async (): Promise<Opened> => {
  const name = unused.pop()
  if (name === undefined) throw new Error('no database is left')
  const store = d1(throughDesk(await worker.unsafeGetDirectURL('desk'), name))
  return { store, close: () => Promise.resolve() }
}

describe('keep', () => {
  keepsWhole('PostgreSQL and a directory', withDirectory(openPostgres))
  keepsWhole('PostgreSQL and its second table', withTable(openPostgres))
  keepsWhole('Neon over HTTP and a directory', withDirectory(openNeon))
  keepsWhole('Neon over HTTP and its second table', withTable(openNeon))
  keepsWhole('D1 and a directory', withDirectory(openD1))
  keepsWhole('D1 and its second table', withTable(openD1))
})
