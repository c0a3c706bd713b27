import { PGlite } from '@electric-sql/pglite'
import { drizzle as drizzlePg } from 'drizzle-orm/node-postgres'
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite'
import { Pool } from 'pg'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { postgres } from '../../../adapters/store/postgres.ts'
import type { OpenedDatabase } from '../../conformance/database.ts'
import { databaseConformance } from '../../conformance/database.ts'
import { rowOf } from '../../conformance/rows.ts'
import { storeConformance } from '../../conformance/store.ts'
import { createDatabase } from '../../support/postgres.ts'

const pglite = new PGlite()

afterAll(() => pglite.close())

const openPglite = async (): Promise<OpenedDatabase> => {
  await pglite.exec('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
  const connect = () => postgres(drizzlePglite(pglite))
  return {
    store: connect(),
    connect: () => Promise.resolve(connect()),
    execute: (sql) => pglite.exec(sql),
  }
}

const openServer = async (): Promise<OpenedDatabase> => {
  const pool = new Pool({ connectionString: await createDatabase(inject('postgresUrl')) })
  const connect = () => postgres(drizzlePg(pool))
  return {
    store: connect(),
    connect: () => Promise.resolve(connect()),
    execute: (sql) => pool.query(sql),
    close: () => pool.end(),
  }
}

storeConformance('PGlite', openPglite)
databaseConformance('PGlite', openPglite)

storeConformance('node-postgres', openServer)
databaseConformance('node-postgres', openServer)

describe('postgres', () => {
  it('gives up when the signal is aborted while it waits', async () => {
    const connectionString = await createDatabase(inject('postgresUrl'))
    const pool = new Pool({ connectionString })
    const store = postgres(drizzlePg(pool))
    await store.migrate()
    const other = await pool.connect()
    await other.query('BEGIN; LOCK TABLE audit_events')
    const controller = new AbortController()
    const work = store.append([rowOf()], { signal: controller.signal })
    setImmediate(() => controller.abort())
    await expect(work).rejects.toMatchObject({ code: 'AUDIT_STORE_UNAVAILABLE', detail: 'aborted' })
    await other.query('COMMIT')
    other.release()
    await pool.end()
  })

  it('asks for the migration when only the first of them were applied', async () => {
    const { store, execute, close } = await openServer()
    await store.migrate()
    await execute('DROP FUNCTION audit_json')
    const summary = store.summary({ from: 0, to: 1, top: 1 })
    await expect(summary).rejects.toMatchObject({ code: 'AUDIT_STORE_NOT_MIGRATED' })
    await close?.()
  })

  it('counts past a record that is nested deeper than the stack of the server', async () => {
    const { store, close } = await openServer()
    await store.migrate()
    const record = '['.repeat(100_000)
    await store.append([rowOf({ kind: 'request', occurredAt: 0, record })])
    const rows = await store.summary({ from: 0, to: 1, top: 1 })
    expect(rows.find(({ part }) => part === 'request')).toMatchObject({ total: 1, p50: null })
    await close?.()
  })

  it.each([
    ['57P01', 'AUDIT_STORE_UNAVAILABLE', `SELECT pg_terminate_backend(pg_backend_pid())`],
    ['57014', 'AUDIT_STORE_UNAVAILABLE', `SET LOCAL statement_timeout = 1; SELECT pg_sleep(5)`],
  ])('may be tried again after %s', async (state, code, sql) => {
    const connectionString = await createDatabase(inject('postgresUrl'))
    const pool = new Pool({ connectionString, max: 1 })
    pool.on('error', () => {
      // The connection was ended on purpose.
    })
    const db = drizzlePg(pool)
    // The statement of the append is preceded by one that makes the server end it.
    const store = postgres({
      select: db.select.bind(db),
      execute: (query) => pool.query(sql).then(() => db.execute(query)),
      transaction: db.transaction.bind(db),
    })
    await expect(store.append([rowOf()])).rejects.toMatchObject({ code, detail: state })
    await pool.end()
  })
})
