import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmod, copyFile, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createClient } from '@libsql/client'
import { drizzle } from 'drizzle-orm/node-postgres'
import { Pool } from 'pg'
import { libsql } from '../../adapters/store/libsql.ts'
import { postgres } from '../../adapters/store/postgres.ts'
import type { AuditStore } from '../../src/index.ts'
import { createDatabase, startPostgres } from '../support/postgres.ts'
import { trailOf } from './trail.ts'

/** How many events the benches of reading read. `--events 10000000` for more. */
export const events = (() => {
  const at = process.argv.indexOf('--events')
  return at === -1 ? 1_000_000 : Number(process.argv[at + 1])
})()

export type Value = string | number | null

/** A copy of a database, to be emptied. */
export interface Copy {
  readonly store: AuditStore
  /** How another process reaches it. */
  readonly url: string
  /** The bare driver, for statements of one transaction. */
  transact(
    statements: readonly { readonly sql: string; readonly values: readonly Value[] }[],
  ): Promise<void>
  end(): Promise<void>
}

/** A database with a trail in it, read by the library and by the bare driver. */
export interface Database {
  copy(): Promise<Copy>
  /** Dumps the events and compresses them, by the database's own program and gzip. Resolves to bytes. */
  dump(): Promise<number>
  readonly name: 'libsql' | 'postgres'
  readonly store: AuditStore
  /** The bare driver; question marks stand for values. */
  bare(sql: string, values: readonly Value[]): Promise<readonly unknown[]>
  /** How a time is written in a statement of this database. */
  readonly time: string
  /** A time in ms as this database takes it. */
  at(ms: number): Value
  /** The statements that the store has sent since it was asked the last time. */
  sent(): readonly { readonly sql: string; readonly values: readonly unknown[] }[]
}

type Sent = { sql: string; values: readonly unknown[] }

/** By bash, which tells when a program of a pipe fails. */
const shell = async (line: string): Promise<void> => {
  await promisify(execFile)('bash', ['-c', line])
}

const ends: (() => Promise<unknown>)[] = []

/** Ends all databases. */
export const closeDatabases = async (): Promise<void> => {
  for (const end of ends.splice(0)) await end()
}

const fill = async (store: AuditStore, count: number): Promise<void> => {
  await store.migrate()
  for await (const rows of trailOf(count)) await store.append(rows)
}

const openLibsql = async (count: number): Promise<Database> => {
  const folder = await mkdtemp(join(tmpdir(), 'edge-audit-bench-'))
  const url = `file:${join(folder, 'trail.db')}`
  // How it is written is not what is measured here.
  const pragmas = ['journal_mode = WAL', 'synchronous = OFF', 'cache_size = -200000']
  const writer = libsql({ url, pragmas })
  await fill(writer, count)
  await writer.close()
  const client = createClient({ url })
  await client.execute('ANALYZE')
  const sent: Sent[] = []
  const watched: typeof client = Object.assign(Object.create(client), {
    execute: (statement: { sql: string; args: Value[] }) => {
      sent.push({ sql: statement.sql, values: statement.args })
      return client.execute(statement)
    },
  })
  ends.push(async () => {
    client.close()
    await rm(folder, { recursive: true, force: true })
  })
  const path = join(folder, 'trail.db')
  let copies = 0
  return {
    copy: async () => {
      await client.execute('PRAGMA wal_checkpoint(TRUNCATE)')
      const file = join(folder, `copy-${++copies}.db`)
      await copyFile(path, file)
      const other = createClient({ url: `file:${file}`, concurrency: 1 })
      await other.executeMultiple(
        'PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA busy_timeout = 5000;',
      )
      return {
        store: libsql({ client: other }),
        url: `file:${file}`,
        transact: async (statements) => {
          const batch = statements.map(({ sql, values }) => ({ sql, args: [...values] }))
          await other.batch(batch, 'write')
        },
        end: async () => {
          other.close()
          await Promise.all(
            ['', '-wal', '-shm'].map((more) => rm(`${file}${more}`, { force: true })),
          )
        },
      }
    },
    dump: async () => {
      await client.execute('PRAGMA wal_checkpoint(TRUNCATE)')
      const out = join(folder, 'dump.gz')
      await shell(`set -o pipefail; sqlite3 '${path}' '.dump audit_events' | gzip > '${out}'`)
      const { size } = await stat(out)
      await rm(out)
      return size
    },
    name: 'libsql',
    store: libsql({ client: watched }),
    bare: async (sql, values) => (await client.execute({ sql, args: [...values] })).rows,
    time: 'occurred_at',
    at: (ms) => ms,
    sent: () => sent.splice(0),
  }
}

const openPostgres = async (count: number): Promise<Database> => {
  const server = await startPostgres()
  const address = await createDatabase(server.url)
  const pool = new Pool({ connectionString: address, max: 1 })
  // The server is stopped while the last connection is still on its way out.
  pool.on('error', () => {})
  const sent: Sent[] = []
  const logQuery = (sql: string, values: unknown[]): void => {
    sent.push({ sql, values })
  }
  const store = postgres(drizzle(pool, { logger: { logQuery } }))
  await fill(store, count)
  sent.length = 0
  await pool.query('VACUUM ANALYZE audit_events')
  await pool.query('VACUUM ANALYZE audit_event_targets')
  ends.push(async () => {
    await pool.end()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  })
  const numbered = (sql: string): string => {
    let place = 0
    return sql.replaceAll('?', () => `$${++place}`)
  }
  const folder = await mkdtemp(join(tmpdir(), 'edge-audit-bench-'))
  // The server is another user, and writes the dump itself.
  await chmod(folder, 0o777)
  return {
    copy: async () => {
      const from = new URL(address).pathname.slice(1)
      const admin = new Pool({ connectionString: server.url, max: 1 })
      const name = `copy_${randomUUID().replaceAll('-', '')}`
      await admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${from}'`,
      )
      await admin.query(`create database ${name} template ${from}`)
      const url = new URL(server.url)
      url.pathname = name
      const other = new Pool({ connectionString: url.href, max: 2 })
      other.on('error', () => {})
      return {
        store: postgres(drizzle(other)),
        url: url.href,
        transact: async (statements) => {
          const one = await other.connect()
          await one.query('begin')
          for (const { sql, values } of statements) await one.query(numbered(sql), [...values])
          await one.query('commit')
          one.release()
        },
        end: async () => {
          await other.end()
          await admin.query(`drop database ${name} with (force)`)
          await admin.end()
        },
      }
    },
    dump: async () => {
      const out = join(folder, 'dump.gz')
      await pool.query(`copy audit_events to program 'gzip > ${out}'`)
      const { size } = await stat(out)
      await rm(out, { force: true })
      return size
    },
    name: 'postgres',
    store,
    bare: async (sql, values) => (await pool.query(numbered(sql), [...values])).rows,
    time: 'occurred_at',
    at: (ms) => new Date(ms).toISOString(),
    sent: () => sent.splice(0),
  }
}

const opened = new Map<string, Promise<Database>>()

/** A database with so many events; one of a name and size is made once for all benches of a run. */
export const database = (name: Database['name'], count: number): Promise<Database> => {
  const key = `${name} ${count}`
  const known = opened.get(key) ?? (name === 'libsql' ? openLibsql(count) : openPostgres(count))
  opened.set(key, known)
  return known
}
