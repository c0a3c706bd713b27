import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Outcome } from '../../../src/event/schema.ts'
import type { AuditOptions } from '../../../src/options.ts'
import { trail } from '../../support/app.ts'

// Hono's own error handler writes every error to the console.
beforeEach(() => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  return () => error.mockRestore()
})

const failing = (thrown: unknown, options: Partial<AuditOptions> = {}) => {
  const made = trail(options)
  const app = new Hono().use(made.audit.middleware()).get('/', () => Promise.reject(thrown))
  return { ...made, app }
}

describe('outcome', () => {
  it.each<[number, Outcome]>([
    [200, 'success'],
    [204, 'success'],
    [302, 'success'],
    [304, 'success'],
    [400, 'failure'],
    [401, 'denied'],
    [403, 'denied'],
    [404, 'failure'],
    [500, 'failure'],
    [503, 'failure'],
  ])('of %i is %s', async (status, outcome) => {
    const { audit, request } = trail()
    const body = [204, 304].includes(status) ? null : 'x'
    const app = new Hono().use(audit.middleware()).get('/', () => new Response(body, { status }))
    await app.request('/')
    expect(await request()).toMatchObject({ outcome, data: { status } })
  })

  it('of a request that nothing answers is failure, with 404', async () => {
    const { audit, request } = trail()
    await new Hono().use(audit.middleware()).request('/')
    expect(await request()).toMatchObject({ outcome: 'failure', data: { status: 404 } })
  })

  it('is what the app says: by option, by route, by handler, the later the stronger', async () => {
    const { audit, events } = trail({
      outcome: (c, status) => (c.req.path === '/quiet' || status !== 404 ? undefined : 'success'),
    })
    const app = new Hono()
      .use(audit.middleware())
      .get('/route', audit.route({ outcome: 'unknown' }), (c) => c.text('ok'))
      .get('/handler', audit.route({ outcome: 'unknown' }), (c) => {
        audit.scope().override({ outcome: 'denied' })
        return c.text('ok')
      })
    for (const path of ['/absent', '/quiet', '/route', '/handler']) await app.request(path)
    const byPath = (await events()).map(({ request, outcome }) => [request?.path, outcome])
    expect(Object.fromEntries(byPath)).toEqual({
      '/absent': 'success',
      '/quiet': 'failure',
      '/route': 'unknown',
      '/handler': 'denied',
    })
  })

  it('falls back to the status when the option throws or says what is no outcome', async () => {
    for (const outcome of [
      () => {
        throw new Error('mine')
      },
      () => 'great","kind":"x' as Outcome,
    ]) {
      const { audit, request } = trail({ outcome })
      await new Hono()
        .use(audit.middleware())
        .get('/', (c) => c.text('ok'))
        .request('/')
      expect((await request()).outcome).toBe('success')
    }
  })
})

describe('an error', () => {
  it('is kept with type, message, stack and causes, and answered as without us', async () => {
    const cause = new RangeError('no funds', { cause: new TypeError('amount') })
    const { app, request } = failing(new Error('refund failed', { cause }))
    const response = await app.request('/')
    expect([response.status, await response.text()]).toEqual([500, 'Internal Server Error'])
    const { error, outcome } = await request()
    expect(outcome).toBe('failure')
    expect(error).toMatchObject({
      type: 'Error',
      message: 'refund failed',
      causes: [
        { type: 'RangeError', message: 'no funds' },
        { type: 'TypeError', message: 'amount' },
      ],
    })
    expect(error?.stack).toContain('outcome.test.ts')
  })

  it('is kept without its stack when that is not wanted', async () => {
    const { app, request } = failing(new Error('x'), { stack: false })
    await app.request('/')
    expect((await request()).error).not.toHaveProperty('stack')
  })

  it('that is an HTTPException keeps its own response and its type', async () => {
    const res = new Response('custom', { status: 403, headers: { 'x-a': '1' } })
    const { app, request } = failing(new HTTPException(403, { res, message: 'not yours' }))
    const response = await app.request('/')
    expect([response.status, await response.text()]).toEqual([403, 'custom'])
    expect(await request()).toMatchObject({
      outcome: 'denied',
      error: { type: 'HTTPException', message: 'not yours' },
      data: { status: 403 },
    })
  })

  it('that onError turned into a response is kept beside the status of that', async () => {
    const { app, request } = failing(new SyntaxError('bad'))
    app.onError((_, c) => c.json({ error: 'bad' }, 422))
    expect((await app.request('/')).status).toBe(422)
    expect(await request()).toMatchObject({
      data: { status: 422 },
      error: { type: 'SyntaxError', message: 'bad' },
    })
  })

  it('that onError threw itself is the one that is kept', async () => {
    const { app, request } = failing(new Error('first'))
    app.onError(() => {
      throw new Error('second')
    })
    await Promise.allSettled([app.request('/')])
    expect((await request()).error).toMatchObject({ message: 'second' })
  })

  it.each([
    ['a text', 'plain', { type: 'string', message: 'plain' }],
    ['undefined', undefined, { type: 'undefined', message: 'undefined' }],
    ['null', null, { type: 'null', message: 'null' }],
    ['an object', { code: 7 }, { type: 'object', message: '{"code":7}' }],
    ['a symbol', Symbol('s'), { type: 'symbol', message: 'Symbol(s)' }],
  ])('that is none passes on as it came, and is kept: %s', async (_, thrown, error) => {
    const { app, request } = failing(thrown)
    const [settled] = await Promise.allSettled([app.request('/')])
    expect(settled).toEqual({ status: 'rejected', reason: thrown })
    expect(await request()).toMatchObject({
      outcome: 'failure',
      error,
      data: { status: null, responseBytes: null },
    })
  })

  it('that cannot be read does not cost the event', async () => {
    const hostile = new Proxy(new Error('x'), {
      get: () => {
        throw new Error('trap')
      },
      getPrototypeOf: () => {
        throw new Error('trap')
      },
    })
    const { app, request } = failing(hostile)
    await Promise.allSettled([app.request('/')])
    expect(await request()).toMatchObject({ outcome: 'failure', request: { path: '/' } })
  })

  it('has its secrets masked in message, stack and causes', async () => {
    const cause = new Error('postgres://app:hunter2@db/x')
    const { app, request } = failing(new Error('password=hunter2', { cause }))
    await app.request('/')
    expect(JSON.stringify((await request()).error)).not.toContain('hunter2')
  })
})
