import { Hono } from 'hono'
import type { SecurityOptions } from '../../../src/capture/security/middleware.ts'
import { security, type SecurityMiddleware } from '../../../src/capture/security/middleware.ts'
import type { AuditEvent } from '../../../src/event/schema.ts'
import type { AuditOptions } from '../../../src/options.ts'
import { NOW, trail, type Trail } from '../../support/app.ts'

/** An app with the audit and the security middleware, and a clock that goes when it is told to. */
export interface Guarded extends Trail {
  readonly app: Hono
  readonly guard: SecurityMiddleware
  /** Lets so many milliseconds pass. */
  pass(ms: number): void
  /** Sends a request from an address. */
  send(path: string, init?: RequestInit & { ip?: string }): Promise<Response>
  /** What security recorded, without the events of requests. */
  told(): Promise<readonly AuditEvent[]>
}

export interface GuardedOptions {
  readonly security?: SecurityOptions
  readonly audit?: Partial<AuditOptions>
  /** Where the middleware stands. @default 'below' */
  readonly order?: 'below' | 'above' | 'alone'
}

/** Node's socket, as `@hono/node-server` hands it over. */
export const from = (remoteAddress: string): object => ({ incoming: { socket: { remoteAddress } } })

export const guarded = ({
  security: options = {},
  audit: auditOptions = {},
  order = 'below',
}: GuardedOptions = {}): Guarded => {
  let elapsed = 0
  const made = trail(auditOptions)
  const ambient = { elapsed: () => elapsed, now: () => NOW + elapsed }
  const errors = made.errors
  const onError = (where: string, error: unknown) => errors.push({ where, error })
  const guard = security(made.audit, { onError, ...options, ambient })
  const app = new Hono().onError((error, c) => c.text(error.message, 500))
  if (order === 'above') app.use(guard)
  if (order !== 'alone') app.use(made.audit.middleware())
  if (order !== 'above') app.use(guard)
  app
    .get('/slow/:ms', (c) => {
      elapsed += Number(c.req.param('ms'))
      return c.text('slow')
    })
    .get('/status/:code', (c) => c.body(null, Number(c.req.param('code')) as 401))
    .get('/throws', () => {
      throw new Error('handler')
    })
    .post('/json', async (c) => c.json(await c.req.json()))
    .post('/form', async (c) => c.json(await c.req.parseBody()))
    .post('/unread', (c) => c.text('ok'))
    .get('/missing/*', (c) => c.notFound())
    .get('*', (c) => c.text('ok'))
  return {
    ...made,
    app,
    guard,
    pass: (ms) => {
      elapsed += ms
    },
    send: async (path, { ip = '192.0.2.1', ...init } = {}) => app.request(path, init, from(ip)),
    told: made.recorded,
  }
}
