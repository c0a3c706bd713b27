import { type Context, Hono } from 'hono'
import { auth, type AuthOptions, type AuthRoute } from '../../../src/capture/auth/auth.ts'
import type { AuditEvent } from '../../../src/event/schema.ts'
import type { AuditOptions } from '../../../src/options.ts'
import { type Trail, trail } from '../../support/app.ts'

export const login: AuthRoute = { path: '/login', action: 'login' }

export interface Guarded extends Trail {
  readonly app: Hono
  /** Asks the app, and waits until all of it is stored: for events whose order counts. */
  send(path: string, init?: RequestInit): Promise<Response>
  /** The events of kind `auth`, after a flush. */
  logins(): Promise<readonly AuditEvent[]>
  /** The only one of them. */
  only(): Promise<AuditEvent>
}

type Handler = (c: Context, made: Trail) => Response | Promise<Response>

const ok: Handler = (c) => c.json({ ok: true })

/** An app with a handler behind `/login`, `/logout` and what begins like them. */
export const guarded = (
  routes: readonly AuthRoute[] | AuthOptions,
  handler: Handler = ok,
  options: Partial<AuditOptions> = {},
): Guarded => {
  const made = trail({ ...options, auth: auth(routes) })
  const app = new Hono().use(made.audit.middleware()).all('*', (c) => handler(c, made))
  app.onError((error, c) =>
    'getResponse' in error && typeof error.getResponse === 'function'
      ? error.getResponse()
      : c.text('broken', 500),
  )
  const logins = async (): Promise<readonly AuditEvent[]> =>
    (await made.events()).filter(({ kind }) => kind === 'auth')
  return {
    ...made,
    app,
    logins,
    send: async (path, init) => {
      const response = await app.request(path, init)
      await made.audit.flush()
      return response
    },
    only: async () => {
      const [event, ...others] = await logins()
      if (event === undefined || others.length > 0)
        throw new Error(`there are ${others.length + (event ? 1 : 0)} auth events, not one`)
      return event
    },
  }
}

type Sent = Omit<RequestInit, 'headers'> & { readonly headers: Readonly<Record<string, string>> }

const withSize = (body: string, type: string): Sent => ({
  method: 'POST',
  body,
  headers: {
    'content-type': type,
    'content-length': String(new TextEncoder().encode(body).length),
  },
})

/** A request as a server hands it over: with the size of its body. */
export const json = (value: unknown): Sent =>
  withSize(typeof value === 'string' ? value : JSON.stringify(value), 'application/json')

export const form = (fields: Readonly<Record<string, string>>): Sent =>
  withSize(new URLSearchParams(fields).toString(), 'application/x-www-form-urlencoded')

export const multipart = (fields: Readonly<Record<string, string>>): Sent =>
  withSize(
    `${Object.entries(fields)
      .map(
        ([name, value]) =>
          `--edge\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      )
      .join('')}--edge--\r\n`,
    'multipart/form-data; boundary=edge',
  )

export const basic = (pair: string): Sent => ({
  method: 'POST',
  headers: { authorization: `Basic ${btoa(pair)}` },
})

/** No AsyncLocalStorage, as on a bare edge. */
export const noAsyncContext = {
  run: <Result>(_: unknown, fn: () => Result): Result => fn(),
  getStore: () => undefined,
}
