import { Worker } from 'node:worker_threads'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { memory } from '../../adapters/store/memory.ts'
import { type AuditStore, createAudit } from '../../src/index.ts'
import { type Bench, median, percentile, type Row } from './rows.ts'

const REQUESTS = 1_500
const ROUNDS = 11
const STORE_MS = 50

/** A store that takes 50 ms for each write, as one across an ocean does. */
const slow = (): AuditStore => {
  const store = memory()
  return {
    ...store,
    append: async (rows, options) => {
      await new Promise((resolve) => setTimeout(resolve, STORE_MS))
      await store.append(rows, options)
    },
  }
}

/** A handler that does what handlers do: a little work and a turn of the event loop. */
const answering = (app: Hono): Hono =>
  app.get('/invoices/:id', async (c) => {
    await new Promise((resolve) => setImmediate(resolve))
    return c.json({ id: c.req.param('id'), amount: 1_250 })
  })

interface Served {
  readonly name: string
  readonly port: number
  readonly stop: () => Promise<unknown>
}

const serving = (name: string, app: Hono): Promise<Served> =>
  new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0 }, ({ port }) =>
      resolve({ name, port, stop: () => new Promise((done) => server.close(done)) }),
    )
  })

/** What a client sees: one request after another on a connection that stays, from first byte to last. */
const latencies = ({ port }: Served): Promise<readonly number[]> =>
  new Promise((resolve, reject) => {
    const workerData = { port, requests: REQUESTS }
    const client = new Worker(new URL('client.ts', import.meta.url), { workerData })
    client.on('message', resolve).on('error', reject)
  })

const run = async (): Promise<readonly Row[]> => {
  // Everything waits in the queue: what is asked is whether anybody notices.
  const audit = createAudit({ store: slow(), queue: { events: 1_000_000, bytes: 2 ** 31 } })
  const subjects = [
    await serving('bare', answering(new Hono())),
    await serving('edge-audit', answering(new Hono().use(audit.middleware()))),
  ]
  const p50 = new Map<string, number[]>(subjects.map(({ name }) => [name, []]))
  const p99 = new Map<string, number[]>(subjects.map(({ name }) => [name, []]))
  for (let index = -2; index < ROUNDS; index++) {
    for (const served of index % 2 === 0 ? subjects : subjects.toReversed()) {
      const { name } = served
      const taken = await latencies(served)
      if (index < 0) continue
      p50.get(name)?.push(percentile(taken, 0.5))
      p99.get(name)?.push(percentile(taken, 0.99))
    }
  }
  await Promise.all(subjects.map(({ stop }) => stop()))
  await audit.flush()
  if (audit.stats().lost > 0) throw new Error('the slow store lost events')
  const row = (
    subject: string,
    of: ReadonlyMap<string, readonly number[]>,
    which: string,
  ): Row => ({
    bench: 'latency',
    subject: `${subject} ${which}`,
    value: median(of.get(subject) ?? []),
    unit: 'µs',
    ...(subject !== 'bare' && { against: `bare ${which}` }),
  })
  return subjects.flatMap(({ name }) => [row(name, p50, 'p50'), row(name, p99, 'p99')])
}

export const latency: Bench = {
  name: 'latency',
  about: `latency of a response over HTTP while the store takes ${STORE_MS} ms a write, delivery 'defer'`,
  run,
}
