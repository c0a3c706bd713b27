import type { Client, Config, ResultSet } from '@libsql/client/web'
import { createClient } from '@libsql/client/web'
import type { AuditStore } from '../../src/ports/store.ts'
import type { SqliteDriver } from './sqlite/driver.ts'
import { outside } from '../../src/runtime/outside.ts'
import { sqliteStore } from './sqlite/store.ts'

export type LibsqlOptions = LibsqlAddress | LibsqlClient

export interface LibsqlAddress {
  /** `libsql:`, `https:`, `http:`, `wss:` or `ws:` for a server, `file:` or `:memory:` for a local database. */
  readonly url: string
  readonly authToken?: string | undefined
  /** Replaces the global `fetch` for `libsql:`, `https:` and `http:`. */
  readonly fetch?: typeof fetch | undefined
  /**
   * Set once on a local database; a server has its own. WAL with FULL loses no event that was
   * acknowledged, not even when the power fails; NORMAL may lose the last ones then.
   * Add `busy_timeout = …` if other processes write too: it blocks the event loop while it waits,
   * and without it such a clash is `AUDIT_STORE_UNAVAILABLE`, to be tried again.
   * @default ['journal_mode = WAL', 'synchronous = FULL']
   */
  readonly pragmas?: readonly string[] | undefined
}

export interface LibsqlClient {
  /** Your own client. It stays open when the store is closed, and calls are not cancelled by a signal. */
  readonly client: Client
}

interface Clients {
  open(signal?: AbortSignal): Promise<Client>
  close(): Promise<void>
}

const local = /^(?:file:|:memory:)/
const overHttp = /^(?:libsql|https?):/

// 32,766 is SQLite's own limit (https://www.sqlite.org/limits.html, SQLITE_MAX_VARIABLE_NUMBER).
const maxParameters = 32_766

const openLocal = async ({ url, pragmas }: LibsqlAddress): Promise<Client> => {
  // Native code, so only where a local database is asked for.
  const { createClient: createLocal } = await outside(() => import('@libsql/client'))
  // One connection: the binding is synchronous and gains nothing from more, and pragmas are per connection.
  const client = createLocal({ url, concurrency: 1 })
  const settings = pragmas ?? ['journal_mode = WAL', 'synchronous = FULL']
  try {
    await client.executeMultiple(settings.map((setting) => `PRAGMA ${setting};`).join('\n'))
    return client
  } catch (error) {
    client.close()
    throw error
  }
}

const localClients = (address: LibsqlAddress): Clients => {
  let opening: Promise<Client> | undefined
  const start = async (): Promise<Client> => {
    try {
      return await openLocal(address)
    } catch (error) {
      // The next call tries again.
      opening = undefined
      throw error
    }
  }
  return {
    open: () => (opening ??= start()),
    close: async () => {
      const client = await opening
      if (client === undefined) return
      try {
        // So that a copy of the one file is a copy of all events, without its -wal beside it.
        await client.execute('PRAGMA wal_checkpoint(TRUNCATE)')
      } catch {
        // Another process reads: the events are in the -wal file, where SQLite finds them.
      }
      client.close()
    },
  }
}

const remoteClients = ({ url, authToken, fetch: send = fetch }: LibsqlAddress): Clients => {
  // Without a limit no call waits for another, which Workers forbid across requests. The url has the
  // last word on TLS.
  const config: Config = {
    url,
    concurrency: 0,
    ...(authToken === undefined ? {} : { authToken }),
  }
  const make = (signal?: AbortSignal): Client =>
    createClient({
      ...config,
      fetch: (request: Request) =>
        signal === undefined ? send(request) : send(request, { signal }),
    })
  let shared: Client | undefined
  return {
    // The client takes no signal, but over HTTP it holds no connection either: one for the call is cheap.
    open: async (signal) => {
      if (signal !== undefined && overHttp.test(url)) return make(signal)
      shared ??= make()
      return shared
    },
    close: async () => shared?.close(),
  }
}

const clientsOf = (options: LibsqlOptions): Clients => {
  if ('client' in options)
    return { open: () => Promise.resolve(options.client), close: () => Promise.resolve() }
  return local.test(options.url) ? localClients(options) : remoteClients(options)
}

const listsOf = ({ rows }: Pick<ResultSet, 'rows'>): readonly (readonly unknown[])[] =>
  rows.map((row) => Array.from(row))

const driverOf = ({ open, close }: Clients): SqliteDriver => ({
  maxParameters,
  async read(statement) {
    const client = await open()
    return listsOf(await client.execute(statement))
  },
  async write(statements, signal) {
    const client = await open(signal)
    const [only, ...more] = statements
    if (only !== undefined && more.length === 0) return listsOf(await client.execute(only))
    return (await client.batch([...statements], 'write')).flatMap(listsOf)
  },
  close,
})

/**
 * Keeps events in libSQL: Turso, `sqld`, or a local file. Making a store does no I/O; the client is
 * made at the first call. An append is one request: one statement, or one batch if it has more than
 * 100 rows or 1,000,000 characters. A record may have 4 MiB on Turso.
 *
 * Rejects with `AUDIT_STORE_UNAVAILABLE` (network, timeout, 408, 429, 5xx, busy, aborted),
 * `AUDIT_STORE_NOT_MIGRATED` or `AUDIT_STORE_REFUSED`, whose `detail` is a code such as
 * `SQLITE_CONSTRAINT` or `HTTP 401`. Over HTTP a signal cancels the request.
 * @example
 * const store = libsql({ url: 'file:audit.db' })
 * await store.migrate()
 * @see https://github.com/tursodatabase/libsql-client-ts
 */
export const libsql = (options: LibsqlOptions): AuditStore =>
  sqliteStore(driverOf(clientsOf(options)))
