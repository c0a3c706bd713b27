import { context, trace } from '@opentelemetry/api'
import { httpInstrumentationMiddleware } from '@hono/otel'
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { initLogger } from 'evlog'
import { evlog, type EvlogVariables } from 'evlog/hono'
import { Hono } from 'hono'
import { pinoLogger } from 'hono-pino'
import pino from 'pino'
import { memory } from '../../adapters/store/memory.ts'
import { createAudit } from '../../src/index.ts'
import { type Bench, median, type Row } from './rows.ts'

const REQUESTS = 2_000
const ROUNDS = 41
const BODY = JSON.stringify({
  customer: 'cus_9f2a',
  amount: 1_250,
  currency: 'EUR',
  note: 'second delivery was damaged',
  lines: [{ sku: 'A-17', quantity: 2 }, { sku: 'B-03', quantity: 1 }],
})
const HEADERS = {
  'content-type': 'application/json',
  'content-length': String(BODY.length),
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36',
  referer: 'https://app.example.com/invoices',
  authorization: 'Bearer 3f9a1c77',
}

/** Ready to be called; `settle` ends what was put off, inside the measured time. */
interface Subject {
  readonly name: string
  readonly open: () => { readonly fetch: (request: Request) => Response | Promise<Response>; readonly settle: () => Promise<void> }
}

type User = { readonly id: string; readonly name: string; readonly role: string }
const user: User = { id: 'usr_41', name: 'Ada Lovelace', role: 'admin' }
const nothing = (): Promise<void> => Promise.resolve()

/** What each subject keeps, so that nobody wins by keeping nothing. */
const keep = (): { readonly add: (event: unknown) => void } => {
  const kept: unknown[] = []
  return { add: (event) => kept.push(event) }
}

const bare: Subject = {
  name: 'bare',
  open: () => {
    const app = new Hono<{ Variables: { user: User } }>()
    app.use(async (c, next) => {
      c.set('user', user)
      await next()
    })
    app.post('/invoices/:id/refund', async (c) => {
      const { amount } = await c.req.json<{ amount: number }>()
      return c.json({ ok: true, amount })
    })
    return { fetch: app.fetch, settle: nothing }
  },
}

const audited = (name: string, body: boolean): Subject => ({
  name,
  open: () => {
    const audit = createAudit({
      store: memory(),
      actor: (c) => c.get('user'),
      ...(body && { rules: [{ match: '/invoices/**', body: { request: true } }] }),
    })
    const app = new Hono<{ Variables: { user: User } }>()
    app.use(audit.middleware())
    app.use(async (c, next) => {
      c.set('user', user)
      await next()
    })
    app.post('/invoices/:id/refund', async (c) => {
      const { amount } = await c.req.json<{ amount: number }>()
      return c.json({ ok: true, amount })
    })
    return {
      fetch: app.fetch,
      settle: async () => {
        await audit.flush()
        const { stored } = audit.stats()
        if (stored === 0) throw new Error('edge-audit stored nothing')
      },
    }
  },
})

const withEvlog: Subject = {
  name: 'evlog',
  open: () => {
    const { add } = keep()
    // As in production: redaction on, and a drain that keeps the event. Silent, for the console would cost it more.
    initLogger({ env: { service: 'bench', environment: 'production' }, redact: true, silent: true, drain: ({ event }) => add(event) })
    const app = new Hono<EvlogVariables & { Variables: { user: User } }>()
    app.use(evlog())
    app.use(async (c, next) => {
      c.set('user', user)
      c.get('log').set({ user })
      await next()
    })
    app.post('/invoices/:id/refund', async (c) => {
      const { amount } = await c.req.json<{ amount: number }>()
      return c.json({ ok: true, amount })
    })
    return { fetch: app.fetch, settle: nothing }
  },
}

const withPino: Subject = {
  name: 'hono-pino',
  open: () => {
    const { add } = keep()
    const app = new Hono<{ Variables: { user: User; logger: { assign: (bindings: object) => void } } }>()
    app.use(pinoLogger({ pino: pino({ redact: ['req.headers.authorization'] }, { write: add }) }))
    app.use(async (c, next) => {
      c.set('user', user)
      c.get('logger').assign({ user })
      await next()
    })
    app.post('/invoices/:id/refund', async (c) => {
      const { amount } = await c.req.json<{ amount: number }>()
      return c.json({ ok: true, amount })
    })
    return { fetch: app.fetch, settle: nothing }
  },
}

const withOtel: Subject = {
  name: 'hono-otel',
  open: () => {
    const { add } = keep()
    const tracerProvider = new BasicTracerProvider({
      spanProcessors: [
        new SimpleSpanProcessor({
          export: (spans, done) => {
            for (const span of spans) add(span)
            done({ code: 0 })
          },
          shutdown: nothing,
        }),
      ],
    })
    const app = new Hono<{ Variables: { user: User } }>()
    app.use(httpInstrumentationMiddleware({ serviceName: 'bench', tracerProvider }))
    app.use(async (c, next) => {
      c.set('user', user)
      trace.getSpan(context.active())?.setAttribute('user.id', user.id)
      await next()
    })
    app.post('/invoices/:id/refund', async (c) => {
      const { amount } = await c.req.json<{ amount: number }>()
      return c.json({ ok: true, amount })
    })
    return { fetch: app.fetch, settle: nothing }
  },
}

const subjects = [bare, withEvlog, withPino, withOtel, audited('edge-audit', false), audited('edge-audit+body', true)]

/** CPU time of the process, in µs a request: what a busy neighbour cannot add to. */
const round = async (subject: Subject): Promise<number> => {
  const { fetch, settle } = subject.open()
  const start = process.cpuUsage()
  for (let request = 0; request < REQUESTS; request++) {
    const response = await fetch(
      new Request(`http://localhost:3000/invoices/${request}/refund`, { method: 'POST', headers: HEADERS, body: BODY }),
    )
    if (response.status !== 200) throw new Error(`${subject.name} answered ${response.status}`)
  }
  await settle()
  const { user: busy, system } = process.cpuUsage(start)
  return (busy + system) / REQUESTS
}

const run = async (): Promise<readonly Row[]> => {
  const times = new Map<string, number[]>(subjects.map(({ name }) => [name, []]))
  for (let index = -3; index < ROUNDS; index++) {
    // Alternating, and each round another one goes first.
    for (let turn = 0; turn < subjects.length; turn++) {
      const subject = subjects[(turn + index + 3) % subjects.length]
      if (subject === undefined) continue
      globalThis.gc?.()
      const time = await round(subject)
      if (index >= 0) times.get(subject.name)?.push(time)
    }
  }
  const base = times.get('bare') ?? []
  const rows = subjects.slice(1).map(({ name }): Row => {
    const added = (times.get(name) ?? []).map((time, index) => time - (base[index] ?? 0))
    return { bench: 'capture', subject: name, value: median(added), unit: 'µs', against: 'evlog' }
  })
  return [{ bench: 'capture', subject: 'bare (whole request)', value: median(base), unit: 'µs' }, ...rows]
}

export const capture: Bench = {
  name: 'capture',
  about: 'CPU added to a POST with a JSON body by capture, redaction, actor and scope; memory store',
  run,
}
