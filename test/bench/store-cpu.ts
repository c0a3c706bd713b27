import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@libsql/client'
import { Hono } from 'hono'
import { written } from '../../src/event/columns.ts'
import { libsql } from '../../adapters/store/libsql.ts'
import { memory } from '../../adapters/store/memory.ts'
import { auditEvents } from '../../adapters/store/sqlite/table.ts'
import { type AuditStore, createAudit, type EventRow } from '../../src/index.ts'
import { type Bench, median, type Row } from './rows.ts'

const REQUESTS = 6_400
const CONCURRENT = 64
const ROUNDS = 9

type User = { readonly id: string; readonly name: string }

const appOf = (
  audit: ReturnType<typeof createAudit> | undefined,
): Hono<{ Variables: { user: User } }> => {
  const app = new Hono<{ Variables: { user: User } }>()
  if (audit !== undefined) app.use(audit.middleware())
  app.use(async (c, next) => {
    c.set('user', { id: `usr_${c.req.path.length}`, name: 'Ada Lovelace' })
    await next()
  })
  app.post('/invoices/:id/refund', async (c) => {
    const { amount } = await c.req.json<{ amount: number }>()
    return c.json({ ok: true, amount })
  })
  return app
}

/** 64 clients, each with its next request as soon as the one before is answered. */
const traffic = async (app: ReturnType<typeof appOf>): Promise<void> => {
  let next = 0
  const client = async (): Promise<void> => {
    while (next < REQUESTS) {
      const number = next++
      const request = new Request(`http://localhost:3000/invoices/${number}/refund`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)',
        },
        body: '{"amount":1250}',
      })
      await app.fetch(request)
      // As between two requests on a socket: the event loop turns.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  await Promise.all(Array.from({ length: CONCURRENT }, client))
}

const cpu = async (
  work: () => Promise<void>,
): Promise<{ readonly cpu: number; readonly wall: number }> => {
  const start = process.cpuUsage()
  const clock = performance.now()
  await work()
  const { user, system } = process.cpuUsage(start)
  return { cpu: (user + system) / REQUESTS, wall: performance.now() - clock }
}

/** The very rows that the app makes, taken once from a store in memory. */
const rowsOfTraffic = async (): Promise<readonly EventRow[]> => {
  const rows: EventRow[] = []
  const store: AuditStore = {
    ...memory(),
    append: async (batch) => {
      rows.push(...batch)
    },
  }
  const audit = createAudit({ store, actor: (c) => c.get('user') })
  await traffic(appOf(audit))
  await audit.flush()
  return rows
}

/** What anybody would write by hand: the bare driver, a hundred rows a statement, the same table. */
const rawInserts = (url: string, rows: readonly EventRow[]) => async (): Promise<void> => {
  const client = createClient({ url })
  await client.executeMultiple('PRAGMA synchronous=FULL')
  const names = written.map((column) => auditEvents[column].name)
  const values = `(${names.map(() => '?').join(',')})`
  const sql = `insert into audit_events (${names.join(',')}) values ${Array.from({ length: 100 }, () => values).join(',')} on conflict (id) do nothing`
  for (let start = 0; start < rows.length; start += 100) {
    const args = rows
      .slice(start, start + 100)
      .flatMap((row) => written.map((column) => row[column]))
    await client.execute({ sql, args })
  }
  client.close()
}

const countOf = async (url: string): Promise<number> => {
  const client = createClient({ url })
  const { rows } = await client.execute('select count(*) from audit_events')
  client.close()
  return Number(rows[0]?.[0])
}

const run = async (): Promise<readonly Row[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'edge-audit-bench-'))
  const rows = await rowsOfTraffic()
  const times = {
    bare: [] as number[],
    raw: [] as number[],
    audited: [] as number[],
    wall: [] as number[],
  }
  const database = async (
    name: string,
  ): Promise<{ readonly url: string; readonly store: AuditStore }> => {
    const url = `file:${join(folder, `${name}.db`)}`
    const store = libsql({ url })
    await store.migrate()
    return { url, store }
  }
  // One app for all rounds, as in production; each round has a database of its own.
  let current: AuditStore = memory()
  const audit = createAudit({
    store: { ...current, append: (batch, options) => current.append(batch, options) },
    actor: (c) => c.get('user'),
  })
  const bareApp = appOf(undefined)
  const auditedApp = appOf(audit)
  for (let index = -3; index < ROUNDS; index++) {
    const bareTime = await cpu(() => traffic(bareApp))
    const raw = await database(`raw${index}`)
    const rawTime = await cpu(rawInserts(raw.url, rows))
    const audited = await database(`audited${index}`)
    current = audited.store
    const auditedTime = await cpu(async () => {
      await traffic(auditedApp)
      await audit.flush()
    })
    const stored = [await countOf(raw.url), await countOf(audited.url)]
    await Promise.all([raw.store.close(), audited.store.close()])
    if (stored.some((count) => count !== REQUESTS))
      throw new Error(`stored ${stored.join(' and ')} of ${REQUESTS}`)
    if (index < 0) continue
    times.bare.push(bareTime.cpu)
    times.raw.push(rawTime.cpu)
    times.audited.push(auditedTime.cpu)
    times.wall.push(auditedTime.wall)
  }
  await rm(folder, { recursive: true, force: true })
  const bare = median(times.bare)
  const bench = 'store-cpu'
  return [
    { bench, subject: 'bare (whole request)', value: bare, unit: 'µs' },
    { bench, subject: 'raw', value: median(times.raw), unit: 'µs' },
    {
      bench,
      subject: 'edge-audit',
      value: median(times.audited) - bare,
      unit: 'µs',
      against: 'raw',
    },
    {
      bench,
      subject: 'stored per second',
      value: REQUESTS / (median(times.wall) / 1_000),
      unit: 'events/s',
    },
  ]
}

export const storeCpu: Bench = {
  name: 'store-cpu',
  about:
    'CPU per stored event from request to disk, libSQL file, 64 concurrent requests, the bare app taken off',
  run,
}
