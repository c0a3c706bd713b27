import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { text as textOf } from 'node:stream/consumers'
import type { PoolClient } from 'pg'
import { DatabaseError, Pool } from 'pg'

// Neon's SQL over HTTP on a PostgreSQL of our own, after proxy/src/serverless/sql_over_http.rs of
// https://github.com/neondatabase/neon: text output, one transaction to a batch, 400 with the fields
// of the error.

interface Query {
  readonly query: string
  readonly params?: unknown[]
}

interface Batch {
  readonly queries: readonly Query[]
}

export interface NeonProxy {
  /** For `neonConfig.fetchEndpoint`. */
  readonly endpoint: string
  stop(): Promise<void>
}

const isolationLevels: Readonly<Record<string, string>> = {
  ReadUncommitted: 'READ UNCOMMITTED',
  ReadCommitted: 'READ COMMITTED',
  RepeatableRead: 'REPEATABLE READ',
  Serializable: 'SERIALIZABLE',
}

const errorFields = [
  'message',
  'code',
  'severity',
  'detail',
  'hint',
  'position',
  'where',
  'schema',
  'table',
  'column',
  'dataType',
  'constraint',
  'file',
  'line',
  'routine',
] as const

const run = async (client: PoolClient, { query, params = [] }: Query): Promise<unknown> => {
  const { fields, rows, command, rowCount } = await client.query({
    text: query,
    values: params,
    rowMode: 'array',
    // As the server sent it, which is what `Neon-Raw-Text-Output: true` asks for.
    types: { getTypeParser: () => (value: string) => value },
  })
  return { fields, rows, command, rowCount, rowAsArray: true }
}

const begin = ({ headers }: IncomingMessage): string => {
  const level = isolationLevels[String(headers['neon-batch-isolation-level'])]
  return [
    'BEGIN',
    level === undefined ? '' : `ISOLATION LEVEL ${level}`,
    headers['neon-batch-read-only'] === 'true' ? 'READ ONLY' : '',
    headers['neon-batch-deferrable'] === 'true' ? 'DEFERRABLE' : '',
  ].join(' ')
}

const runBatch = async (client: PoolClient, request: IncomingMessage, { queries }: Batch) => {
  await client.query(begin(request))
  try {
    const results: unknown[] = []
    for (const query of queries) results.push(await run(client, query))
    await client.query('COMMIT')
    return { results }
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  }
}

const send = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** Starts a server that speaks Neon's SQL over HTTP for any database that the client names. */
export const startNeonProxy = async (): Promise<NeonProxy> => {
  const pools = new Map<string, Pool>()

  const poolFor = (connectionString: string): Pool => {
    const known = pools.get(connectionString)
    if (known !== undefined) return known
    const pool = new Pool({ connectionString })
    pools.set(connectionString, pool)
    return pool
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body: Query | Batch = JSON.parse(await textOf(request))
    const client = await poolFor(String(request.headers['neon-connection-string'])).connect()
    try {
      const result = await ('queries' in body ? runBatch(client, request, body) : run(client, body))
      send(response, 200, result)
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error
      const fields = errorFields.map((name) => [name, Reflect.get(error, name) ?? null])
      send(response, 400, Object.fromEntries(fields))
    } finally {
      client.release()
    }
  }

  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      send(response, 500, { message: String(error) })
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    endpoint: `http://127.0.0.1:${address.port}/sql`,
    async stop() {
      server.close()
      server.closeAllConnections()
      await Promise.all([...pools.values()].map((pool) => pool.end()))
    },
  }
}
