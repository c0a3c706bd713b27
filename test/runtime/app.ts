// The app that runs on every runtime, the same code each time. It knows no runtime: what differs is
// handed in by the entry that starts it.
import type { Context } from 'hono'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { streamSSE } from 'hono/streaming'
import { auditRoutes } from '../../adapters/http/routes.ts'
import type { Audit, AuditOptions, ScopeHandle } from '../../src/index.ts'
import { attempts } from '../../src/capture/auth/attempts.ts'
import { auth } from '../../src/capture/auth/auth.ts'
import { body } from '../../src/capture/body/body.ts'
import { hmac } from '../../src/capture/hash.ts'
import { security } from '../../src/capture/security/middleware.ts'
import { createAudit } from '../../src/index.ts'
import { findAsyncContext, sharesIo, staysAwake, workersModule } from '../../src/runtime/ambient.ts'
import { findWaitUntil } from '../../src/runtime/wait-until.ts'
import type { ExportFormat } from '../../src/read/export/format.ts'
import type { AppEnv } from './store.ts'
import { storeOf } from './store.ts'

export interface Setup {
  /** The configuration, where it does not come with the request. */
  readonly env?: AppEnv
  readonly asyncContext?: AuditOptions['asyncContext']
  /** Answers a WebSocket handshake, and then sends back what it gets. */
  readonly upgrade?: (c: AppContext) => Response | Promise<Response>
}

type Env = { Bindings: AppEnv; Variables: { audit?: ScopeHandle } }
export type AppContext = Context<Env>

export interface Server {
  fetch(request: Request, env?: unknown, ctx?: unknown): Response | Promise<Response>
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** A task that goes on after the response, given to the platform as an app would. */
const keepAlive = (c: AppContext, task: Promise<unknown>): void => {
  const vercel: unknown = Reflect.get(globalThis, Symbol.for('@vercel/request-context'))
  if (vercel === undefined) {
    try {
      c.executionCtx.waitUntil(task)
    } catch {
      // The process stays up, or nothing can be done.
    }
    return
  }
  // What `waitUntil` of @vercel/functions does.
  ;(vercel as { get(): { waitUntil(work: Promise<unknown>): void } }).get().waitUntil(task)
}

/** Bytes of a stream, one chunk for each text. */
const streamOf = (
  next: () => Promise<string | undefined>,
  cancel: () => void,
): ReadableStream<Uint8Array> => {
  const encoder = new TextEncoder()
  return new ReadableStream({
    pull: async (controller) => {
      const chunk = await next()
      if (chunk === undefined) controller.close()
      else controller.enqueue(encoder.encode(chunk))
    },
    cancel,
  })
}

/** A file that has no end. */
const endless: ExportFormat = {
  name: 'endless',
  mediaType: 'text/plain',
  extension: 'txt',
  encode: async function* () {
    for (;;) {
      yield { bytes: new TextEncoder().encode('and on\n'.repeat(1_024)), rows: 1 }
      await pause(1)
    }
  },
}

const descriptor = (value: object, name: string): boolean => {
  const set = Reflect.defineProperty(value, name, { value: 1, configurable: true })
  return set && Reflect.get(value, name) === 1 && Reflect.deleteProperty(value, name)
}

export const createServer = ({ env: fixed, asyncContext, upgrade }: Setup): Server => {
  const losses: string[] = []
  const errors: string[] = []
  const cancelled = new Set<string>()
  let inFlight = 0
  let peak = 0

  const options: AuditOptions = {
    store: (env: AppEnv) => storeOf(fixed ?? env),
    actor: [
      (c) => (c.req.header('x-user') === undefined ? null : { id: c.req.header('x-user') ?? '' }),
      // A promise that the platform made, and no async function.
      (c) => {
        const digested = c.req.header('x-digested')
        if (digested === undefined) return null
        const bytes = new TextEncoder().encode(digested)
        return crypto.subtle.digest('SHA-256', bytes).then(() => ({ id: digested }))
      },
    ],
    tenant: (c) => c.req.header('x-tenant'),
    auth: auth({
      routes: [{ path: '/login', action: 'login', method: 'password' }],
      attempts: attempts({ perName: 3, perIp: 1_000 }),
    }),
    redact: { hash: hmac('a key of the test') },
    exclude: [],
    headers: ['x-user'],
    // 200 commits one after the other take long on a busy disk, and it is not time that is tested.
    deadline: 60_000,
    rules: [
      { match: '/whole/**', body: body({ until: 'end' }) },
      { match: '/await', delivery: 'await' },
      { match: '/body/**', body: body({ request: true }) },
      { match: '/body/both', body: body({ request: true, response: true }) },
    ],
    onLoss: (events, error) =>
      losses.push(...events.map(({ action }) => `${action} ${error.code}`)),
    onError: (where, error) => errors.push(`${where} ${String(error)}`),
    asyncContext,
  }

  /** Waits for the test, at a place that the test knows. */
  const hold = async (c: AppContext): Promise<string> => {
    const { CONTROL } = fixed ?? c.env
    const released = await fetch(`${CONTROL}/hold/${c.req.query('hold')}`)
    return released.text()
  }

  const routes = (audit: Audit | undefined): Hono<Env> => {
    const app = new Hono<Env>()
    // Hono's own, without the stack on the console.
    app.onError((error, c) =>
      error instanceof HTTPException ? error.getResponse() : c.text('Internal Server Error', 500),
    )
    // Time is not what is tested, nor how many answers of one address are refused.
    if (audit !== undefined)
      app.use(audit.middleware(), security(audit, { slow: false, burst: false }))
    const scopeOf = (c: AppContext): ScopeHandle | undefined => audit?.tryScope() ?? c.get('audit')

    const sse = (c: AppContext): Response =>
      streamSSE(c, async (stream) => {
        await stream.writeSSE({ data: 'first' })
        await hold(c)
        await stream.writeSSE({ data: 'second' })
      })
    const file = (c: AppContext): Response => {
      c.header('set-cookie', 'a=1; Path=/')
      c.header('set-cookie', 'b=2; HttpOnly', { append: true })
      c.header('etag', '"v1"')
      return c.body('a file of 23 characters', 200, {
        'content-type': 'text/plain; charset=utf-8',
        'content-length': '23',
      })
    }

    if (audit !== undefined)
      app.route(
        '/trail',
        auditRoutes(audit, {
          authorize: () => true,
          formats: [endless],
          reports: () => import('../../adapters/render/pdf/pdf.ts'),
        }),
      )
    return app
      .post('/echo', async (c) => c.json(await c.req.json()))
      .get('/text', (c) => c.text('hello'))
      .get('/file', file)
      .get('/whole/file', file)
      .get('/empty', (c) => c.body(null, 204, { 'x-kept': 'yes' }))
      .get('/whole/empty', (c) => c.body(null, 204))
      .get('/unchanged', (c) => c.body(null, 304, { etag: '"v1"' }))
      .get('/whole/unchanged', (c) => c.body(null, 304, { etag: '"v1"' }))
      .get('/moved', (c) => c.redirect('/text', 302))
      .get('/error', () => {
        throw new Error('broken')
      })
      .get('/thrown', () => {
        // oxlint-disable-next-line typescript/only-throw-error -- what is tested
        throw 'no error'
      })
      .get('/forbidden', () => {
        throw new HTTPException(403, { message: 'not yours' })
      })
      .post('/events', async (c) => {
        const scope = scopeOf(c)
        scope?.set({ step: 'read' })
        scope?.record({
          action: 'invoice.refund',
          target: { type: 'invoice', id: 7 },
          reason: 'duplicate',
          metadata: { password: 'hunter2' },
        })
        scope?.override({ target: { type: 'invoice', id: 7 } })
        return c.json({ ok: true })
      })
      .post('/login', async (c) => {
        const { password } = await c.req.json<{ password: string }>()
        return password === 'right' ? c.json({ ok: true }) : c.json({ ok: false }, 401)
      })
      .post('/kinds', async (c) => {
        const here = audit?.in(c)
        const order = here?.process('order.place', { steps: ['pay', 'ship'] })
        if (audit === undefined || here === undefined || order === undefined) return c.json({})
        here.auth('mfa.verify', { actor: { id: 'ann' }, method: 'totp', session: 'a session' })
        await order.step('pay').run(() => pause(1))
        order.step('ship').fail('parcel', 'no address')
        here.viewed({ type: 'invoice', id: 7 })
        here.viewed({ list: 'invoice', count: 2, filter: { status: 'open' } })
        here.exported({ type: 'invoices', format: 'csv', records: 2 }).downloaded()
        here.resolve(here.system('error', { error: new Error('mail 12 was refused') }))
        await audit.runAs({ source: 'queue', tenant: 'acme', env: c.env }, (scope) => {
          audit.in(scope).process.resume(order.id).step('ship').ok('parcel')
        })
        return c.json({ id: order.id })
      })
      .get('/who', async (c) => {
        inFlight++
        peak = Math.max(peak, inFlight)
        const user = c.req.header('x-user') ?? ''
        const own = c.get('audit')?.requestId()
        let mixed = 0
        for (let hop = 0; hop < 4; hop++) {
          await pause((user.length * 7 + hop * 3) % 5)
          const scope = scopeOf(c)
          if (scope?.requestId() !== own) mixed++
          scope?.set({ [`hop${hop}`]: user })
        }
        scopeOf(c)?.record({ action: 'who.seen', metadata: { user } })
        inFlight--
        return c.json({ user, mixed })
      })
      .get('/context', (c) =>
        c.json({
          ambient: audit?.tryScope()?.requestId() ?? null,
          variable: c.get('audit')?.requestId() ?? null,
        }),
      )
      .get('/sse', sse)
      .get('/whole/sse', sse)
      .get('/whole/pages', () => {
        let page = 0
        const next = async () => (page++ < 3 ? `page ${page}\n` : undefined)
        return new Response(streamOf(next, () => undefined))
      })
      .get('/whole/broken', (c) => {
        let page = 0
        const next = async (): Promise<string> => {
          if (page++ === 0) return 'page 1\n'
          await hold(c)
          throw new Error('the source broke')
        }
        return new Response(streamOf(next, () => undefined))
      })
      .get('/whole/endless', (c) => {
        const name = c.req.query('hold') ?? ''
        const next = async (): Promise<string> => {
          await pause(2)
          return 'and on\n'
        }
        return new Response(streamOf(next, () => cancelled.add(name)))
      })
      .get('/slow', async (c) => {
        await hold(c)
        scopeOf(c)?.record({ action: 'slow.done' })
        return c.text('done')
      })
      .get('/later', (c) => {
        const task = async (): Promise<void> => {
          await hold(c)
          scopeOf(c)?.record({ action: 'late.event' })
        }
        keepAlive(c, task())
        return c.text('soon')
      })
      .post('/await', (c) => c.json({ awaited: true }))
      .post('/body/raw', async (c) => c.json(await c.req.raw.json()))
      .post('/body/twice', async (c) => {
        const copy = await c.req.raw.clone().text()
        return c.json([copy, await c.req.json()])
      })
      .post('/body/form', async (c) => {
        const form = await c.req.formData()
        return c.json([...form.keys()])
      })
      .post('/body/unread', (c) => c.text('unread'))
      .post('/body/both', async (c) => c.json({ got: await c.req.json(), token: 'abc' }))
      .get('/job', async (c) => {
        const mark = c.req.query('hold')
        const done = await audit?.runAs(
          { actor: { id: 'nightly', type: 'service' }, tenant: 'acme', source: 'cron', env: c.env },
          async (scope) => {
            await pause(1)
            scope.record({ action: 'job.step', metadata: { mark } })
            return 'done'
          },
        )
        return c.json({ done: done ?? 'done' })
      })
      .get('/socket', (c) => upgrade?.(c) ?? c.text('no sockets here', 426))
  }

  const audit = createAudit(options)
  const audited = routes(audit)
  const plain = routes(undefined)

  // Beside the audited app: nothing of this is audited, and there is no request scope.
  const side = new Hono<Env>()
    .basePath('/side')
    .get('/stats', (c) => c.json({ ...audit.stats() }))
    .get('/losses', (c) => c.json({ losses, errors }))
    .get('/peak', (c) => c.json(peak))
    .get('/cancelled', (c) => c.json(cancelled.has(c.req.query('hold') ?? '')))
    // An instance of its own each time, as another process would be.
    .get('/migrate', async (c) => c.json(await createAudit(options).migrate(c.env)))
    .get('/outside', async (c) => {
      const event = { action: 'outside.event', metadata: { mark: c.req.query('hold') } }
      if (c.req.query('await') === undefined) return c.text(audit.record(event))
      return c.text(await audit.record(event, { delivery: 'await' }))
    })
    .get('/flush', async (c) => {
      await audit.flush()
      return c.text('flushed')
    })
    .get('/facts', (c) => {
      let executionCtx = true
      try {
        executionCtx = typeof c.executionCtx.waitUntil === 'function'
      } catch {
        executionCtx = false
      }
      const limit: unknown = Reflect.get(Error, 'stackTraceLimit')
      const stackTraceLimit = Reflect.set(Error, 'stackTraceLimit', 0)
      Reflect.set(Error, 'stackTraceLimit', limit)
      const copied = new Response(
        'x',
        new Response(null, {
          status: 201,
          headers: [
            ['set-cookie', 'a'],
            ['set-cookie', 'b'],
          ],
        }),
      )
      return c.json({
        asyncContext: findAsyncContext(asyncContext) !== undefined,
        copiesCookies: copied.status === 201 && copied.headers.getSetCookie().join() === 'a,b',
        definesOnRequest: descriptor(c.req.raw, 'text'),
        executionCtx,
        requestIP: typeof Reflect.get(Object(c.env), 'requestIP') === 'function',
        setImmediate: typeof Reflect.get(globalThis, 'setImmediate') === 'function',
        setsStackTraceLimit: stackTraceLimit,
        sharesIo: sharesIo(),
        staysAwake: staysAwake(),
        waitUntil: findWaitUntil(c) !== undefined,
        workersModule: workersModule() !== undefined,
      })
    })

  return {
    fetch: (request, env, ctx) => {
      const { pathname } = new URL(request.url)
      const app = pathname.startsWith('/side/')
        ? side
        : request.headers.get('x-plain') === null
          ? audited
          : plain
      // The platform's own values, whatever they are; Hono hands them through.
      return app.fetch(request, env as AppEnv, ctx as never)
    },
  }
}
