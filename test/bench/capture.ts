import { httpInstrumentationMiddleware } from '@hono/otel'
import {
  BasicTracerProvider,
  SimpleSpanProcessor,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base'
import { initLogger } from 'evlog'
import { evlog, type EvlogVariables } from 'evlog/hono'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { pinoLogger } from 'hono-pino'
import pino from 'pino'
import { body as keeping } from '../../src/capture/body/body.ts'
import { memory } from '../../adapters/store/memory.ts'
import { type AuditStore, createAudit, type Rule } from '../../src/index.ts'
import { type Bench, median, type Row } from './rows.ts'

/** Short rounds, many of them: a busy neighbour spoils some, and the median is of the others. */
const REQUESTS = 320
const ROUNDS = 121
const WARM = 40
const BODY = JSON.stringify({
  customer: 'cus_9f2a',
  amount: 1_250,
  currency: 'EUR',
  note: 'second delivery was damaged',
  lines: [
    { sku: 'A-17', quantity: 2 },
    { sku: 'B-03', quantity: 1 },
  ],
})
const HEADERS = {
  'content-type': 'application/json',
  'content-length': String(BODY.length),
  'user-agent':
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36',
  referer: 'https://app.example.com/invoices',
  authorization: 'Bearer 3f9a1c77',
}

/** Opened once; `reset` empties what it keeps, `settle` ends what was put off, inside the measured time. */
export interface Subject {
  readonly name: string
  readonly fetch: (request: Request) => Response | Promise<Response>
  readonly settle: () => Promise<void>
  readonly reset: () => void
}

type User = { readonly id: string; readonly name: string; readonly role: string }
const user: User = { id: 'usr_41', name: 'Ada Lovelace', role: 'admin' }
const nothing = (): Promise<void> => Promise.resolve()
const quiet = (): void => undefined

/** What the others keep in memory, so that nobody wins by keeping nothing. */
const kept: unknown[] = []
const keep = (event: unknown): void => {
  kept.push(event)
}
const forget = (): void => {
  kept.length = 0
}

export type Variables = { user: User }
export const authenticate: MiddlewareHandler<{ Variables: Variables }> = async (c, next) => {
  c.set('user', user)
  await next()
}
export const refund = async (c: Context): Promise<Response> => {
  const { amount } = await c.req.json<{ amount: number }>()
  return c.json({ ok: true, amount })
}

export const bare = (): Subject => {
  const app = new Hono<{ Variables: Variables }>()
    .use(authenticate)
    .post('/invoices/:id/refund', refund)
  return { name: 'bare', fetch: app.fetch, settle: nothing, reset: quiet }
}

const audited = (name: string, rules: readonly Rule[]): Subject => {
  let current = memory()
  const store: AuditStore = { ...current, append: (rows, options) => current.append(rows, options) }
  const audit = createAudit({ store, actor: (c) => c.get('user'), rules })
  const app = new Hono<{ Variables: Variables }>()
    .use(audit.middleware())
    .use(authenticate)
    .post('/invoices/:id/refund', refund)
  return {
    name,
    fetch: app.fetch,
    settle: audit.flush,
    reset: () => {
      current = memory()
    },
  }
}

const withEvlog = (): Subject => {
  // As in production: redaction on, and a drain that keeps the event. Silent, for the console would cost it more.
  initLogger({
    env: { service: 'bench', environment: 'production' },
    redact: true,
    silent: true,
    drain: ({ event }) => keep(event),
  })
  const app = new Hono<EvlogVariables & { Variables: Variables }>()
    .use(evlog())
    .use(async (c, next) => {
      c.set('user', user)
      c.get('log').set({ user })
      await next()
    })
    .post('/invoices/:id/refund', refund)
  return { name: 'evlog', fetch: app.fetch, settle: nothing, reset: forget }
}

const withPino = (): Subject => {
  const logger = pino({ redact: ['req.headers.authorization'] }, { write: keep })
  const app = new Hono<{
    Variables: Variables & { logger: { assign: (bindings: object) => void } }
  }>()
    .use(pinoLogger({ pino: logger }))
    .use(async (c, next) => {
      c.set('user', user)
      c.get('logger').assign({ user })
      await next()
    })
    .post('/invoices/:id/refund', refund)
  return { name: 'hono-pino', fetch: app.fetch, settle: nothing, reset: forget }
}

const withOtel = (): Subject => {
  const exporter: SpanExporter = {
    export: (spans, done) => {
      spans.forEach(keep)
      done({ code: 0 })
    },
    shutdown: nothing,
  }
  const tracerProvider = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  })
  const app = new Hono<{ Variables: Variables }>()
    .use(httpInstrumentationMiddleware({ serviceName: 'bench', tracerProvider }))
    .use(authenticate)
    .post('/invoices/:id/refund', refund)
  return { name: 'hono-otel', fetch: app.fetch, settle: nothing, reset: forget }
}

/** CPU time of the process, in µs a request. */
const round = async ({ name, fetch, settle, reset }: Subject): Promise<number> => {
  reset()
  const start = process.cpuUsage()
  for (let request = 0; request < REQUESTS; request++) {
    const response = await fetch(
      new Request(`http://localhost:3000/invoices/${request}/refund`, {
        method: 'POST',
        headers: HEADERS,
        body: BODY,
      }),
    )
    if (response.status !== 200) throw new Error(`${name} answered ${response.status}`)
  }
  await settle()
  const { user: busy, system } = process.cpuUsage(start)
  return (busy + system) / REQUESTS
}

const run = async (): Promise<readonly Row[]> => {
  const body: Rule = { match: '/invoices/**', body: keeping({ request: true }) }
  const base = bare()
  const others = [
    withEvlog(),
    withPino(),
    withOtel(),
    audited('edge-audit', []),
    audited('edge-audit+body', [body]),
  ]
  return compared('capture', base, others, 'evlog')
}

/** What each of the others adds to the base, in alternating rounds. */
export const compared = async (
  bench: string,
  base: Subject,
  others: readonly Subject[],
  against: string,
): Promise<readonly Row[]> => {
  const subjects = [base, ...others]
  const times = new Map<string, number[]>(subjects.map(({ name }) => [name, []]))
  for (let index = 0; index < WARM + ROUNDS; index++) {
    // Alternating, and each round another one goes first.
    for (let turn = 0; turn < subjects.length; turn++) {
      const subject = subjects[(turn + index) % subjects.length] ?? base
      const time = await round(subject)
      if (index >= WARM) times.get(subject.name)?.push(time)
    }
  }
  const whole = median(times.get('bare') ?? [])
  return [
    { bench, subject: 'bare (whole request)', value: whole, unit: 'µs' },
    ...others.map(({ name }): Row => {
      const value = median(times.get(name) ?? []) - whole
      return { bench, subject: name, value, unit: 'µs', against }
    }),
  ]
}

export const capture: Bench = {
  name: 'capture',
  about:
    'CPU added to a POST with a JSON body by capture, redaction, actor and scope; memory store',
  run,
}
