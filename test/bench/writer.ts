// Another process that writes events to the address it is given until its input ends, and tells how long
// each took, in ms.
import { Pool } from 'pg'
import { drizzle } from 'drizzle-orm/node-postgres'
import { libsql } from '../../adapters/store/libsql.ts'
import { postgres } from '../../adapters/store/postgres.ts'
import { rowOf } from '../conformance/rows.ts'
import { percentile } from './rows.ts'

const url = process.argv[2] ?? ''
const pool = url.startsWith('postgres') ? new Pool({ connectionString: url, max: 1 }) : undefined
const pragmas = ['journal_mode = WAL', 'synchronous = OFF', 'busy_timeout = 10000']
const store = pool === undefined ? libsql({ url, pragmas }) : postgres(drizzle(pool))

const input = { ended: false }
process.stdin.resume().once('end', () => {
  input.ended = true
})
const times: number[] = []
while (!input.ended) {
  const row = rowOf({ id: crypto.randomUUID(), occurredAt: Date.now() })
  const start = performance.now()
  await store.append([row])
  times.push(performance.now() - start)
  // As an app writes: now and then.
  await new Promise((resolve) => setTimeout(resolve, 5))
}
process.stdout.write(JSON.stringify({ p99: percentile(times, 0.99), most: Math.max(...times) }))
await store.close()
await pool?.end()
