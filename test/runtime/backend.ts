import { createClient } from '@libsql/client/web'
import { Client } from 'pg'
import { inject } from 'vitest'
import { libsql } from '../../adapters/store/libsql.ts'
import { migrations as pgMigrations } from '../../adapters/store/pg/migrations.ts'
import { migrations as sqliteMigrations } from '../../adapters/store/sqlite/migrations.ts'
import type { AuditEvent } from '../../src/index.ts'
import { startNeonProxy } from '../support/neon-proxy.ts'
import { createDatabase } from '../support/postgres.ts'
import { startSqld } from '../support/sqld.ts'
import type { Gate } from './control.ts'
import { createGate, startGatedProxy } from './control.ts'
import type { AppEnv } from './store.ts'
import { storeOf } from './store.ts'

/** A real database, with a gate before it that only the app has to pass. */
export interface Backend {
  /** What the app needs to find it. */
  readonly env: Omit<AppEnv, 'CONTROL' | 'DB' | 'GATE'>
  readonly gate: Gate
  /** The events with this value in a column, read without the library. */
  events(column: 'request_id' | 'action', value: string): Promise<readonly AuditEvent[]>
  /** Migrates from here, while the app does so too. */
  migrate(): Promise<readonly string[]>
  /** Names of all migrations that it takes. */
  readonly migrations: readonly string[]
  stop(): Promise<void>
}

export const eventsOf = (records: readonly unknown[]): readonly AuditEvent[] =>
  records.map((record): AuditEvent => JSON.parse(String(record)))

// Of 200 writes at once this sqld answers some with 429, and of eight it now and then never answers
// one again, nor any query after it: seen with the client alone, without this library. So the proxy
// lets one through at a time, as a server of one writer may as well.
const sqldWrites = 1

export const startLibsql = async (): Promise<Backend> => {
  const sqld = await startSqld()
  const gate = createGate()
  const proxy = await startGatedProxy(`http://${sqld.address}`, gate, sqldWrites)
  const url = `http://${sqld.address}`
  const client = createClient({ url })
  return {
    env: { STORE: 'libsql', STORE_URL: `http://${proxy.address}` },
    gate,
    events: async (column, value) => {
      const sql = `SELECT record FROM audit_events WHERE ${column} = ? ORDER BY occurred_at, id`
      const { rows } = await client.execute({ sql, args: [value] })
      return eventsOf(rows.map(({ record }) => record))
    },
    migrate: () => libsql({ url }).migrate(),
    migrations: sqliteMigrations.map(({ name }) => name),
    stop: async () => {
      client.close()
      await proxy.stop()
      await sqld.stop()
    },
  }
}

export const startNeon = async (): Promise<Backend> => {
  const connectionString = await createDatabase(inject('postgresUrl'))
  const neonProxy = await startNeonProxy()
  const gate = createGate()
  const proxy = await startGatedProxy(neonProxy.endpoint, gate, 100)
  const client = new Client({ connectionString })
  await client.connect()
  const env = { STORE: 'neon', STORE_URL: connectionString } as const
  return {
    env: { ...env, NEON_ENDPOINT: `http://${proxy.address}/sql` },
    gate,
    events: async (column, value) => {
      const sql = `SELECT record FROM audit_events WHERE ${column} = $1 ORDER BY occurred_at, id`
      const { rows } = await client.query<{ record: string }>(sql, [value])
      return eventsOf(rows.map(({ record }) => record))
    },
    migrate: () => storeOf({ ...env, NEON_ENDPOINT: neonProxy.endpoint, CONTROL: '' }).migrate(),
    migrations: pgMigrations.map(({ name }) => name),
    stop: async () => {
      await client.end()
      await proxy.stop()
      await neonProxy.stop()
    },
  }
}
