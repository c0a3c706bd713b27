import { type Handler, Hono, type MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { RegExpRouter } from 'hono/router/reg-exp-router'
import { TrieRouter } from 'hono/router/trie-router'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { trail } from '../../support/app.ts'

// Hono's own error handler writes every error to the console.
beforeEach(() => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  return () => error.mockRestore()
})

const ok: Handler = (c) => c.text('ok')
const pass: MiddlewareHandler = (_, next) => next()
const deny: MiddlewareHandler = async (c, next) => {
  if (c.req.query('in') === undefined) return c.text('who?', 401)
  await next()
  return undefined
}

interface Case {
  readonly name: string
  readonly app: (app: Hono) => Hono
  readonly path?: string
  readonly method?: string
  readonly route: string | undefined
  readonly status?: number
}

const cases: readonly Case[] = [
  { name: 'a parameter', app: (app) => app.get('/a/:id', ok), route: '/a/:id' },
  {
    name: 'route middleware before the handler',
    app: (app) => app.use('/a/*', pass).get('/a/:id', pass, ok),
    route: '/a/:id',
  },
  {
    name: 'a sub-app',
    app: (app) => app.route('/a', new Hono().get('/:id', ok)),
    route: '/a/:id',
  },
  {
    name: 'a sub-app with its own onError that answered',
    app: (app) =>
      app.route(
        '/a',
        new Hono()
          .onError((_, c) => c.text('mine', 418))
          .use(pass)
          .get('/:id', () => {
            throw new HTTPException(400)
          }),
      ),
    route: '/a/:id',
    status: 418,
  },
  {
    name: 'a sub-app in a sub-app',
    app: (app) => app.route('/', new Hono().route('/a', new Hono().get('/:id', ok))),
    route: '/a/:id',
  },
  {
    name: 'a base path',
    app: (app) => app.basePath('/a').get('/:id', ok),
    route: '/a/:id',
  },
  {
    name: 'middleware that answers 401 before the handler',
    app: (app) => app.use('/a/*', deny).get('/a/:id', ok),
    route: '/a/:id',
    status: 401,
  },
  {
    name: 'middleware of the route itself that answers 401',
    app: (app) => app.get('/a/:id', deny, ok),
    route: '/a/:id',
    status: 401,
  },
  { name: 'nothing', app: (app) => app.get('/b', ok), route: undefined, status: 404 },
  {
    name: 'nothing below middleware',
    app: (app) => app.use('/a/*', pass),
    route: undefined,
    status: 404,
  },
  {
    name: 'another method only',
    app: (app) => app.post('/a/:id', ok),
    route: undefined,
    status: 404,
  },
  { name: 'app.all', app: (app) => app.all('/a/:id', ok), route: '/a/:id' },
  {
    name: 'app.all, with a catch-all registered after it',
    app: (app) => app.all('/a/:id', ok).get('*', ok),
    route: '/a/:id',
  },
  {
    name: 'app.all behind middleware that answers 401, with a catch-all after it',
    app: (app) => app.use('/a/*', deny).all('/a/:id', ok).get('*', ok),
    route: '/a/:id',
    status: 401,
  },
  {
    name: 'a catch-all that answered',
    app: (app) => app.get('/b', ok).get('*', ok),
    route: '/*',
  },
  { name: 'app.all as a catch-all', app: (app) => app.all('*', ok), route: '/*' },
  {
    name: 'app.all in a sub-app with its own onError, with a catch-all after it',
    app: (app) =>
      app
        .route('/a', new Hono().onError((_, c) => c.text('mine', 500)).all('/:id', ok))
        .get('*', ok),
    route: '/a/:id',
  },
  {
    name: 'method middleware of all paths that lets through',
    app: (app) => app.on('GET', '*', pass).get('/a/:id', ok),
    route: '/a/:id',
  },
  {
    name: 'method middleware of all paths that answered',
    app: (app) => app.on('GET', '*', deny).get('/a/:id', ok),
    route: '/a/:id',
    status: 401,
  },
  {
    name: 'a handler that throws',
    app: (app) =>
      app.get('/a/:id', () => {
        throw new Error('no')
      }),
    route: '/a/:id',
    status: 500,
  },
  { name: 'HEAD', app: (app) => app.get('/a/:id', ok), method: 'HEAD', route: '/a/:id' },
]

const routers = [
  ['the default router', () => new Hono()],
  ['TrieRouter', () => new Hono({ router: new TrieRouter() })],
  ['RegExpRouter', () => new Hono({ router: new RegExpRouter() })],
] as const

describe.each(routers)('request.route with %s', (_, make) => {
  it.each(cases)(
    'is the pattern of: $name',
    async ({ app, path = '/a/7', method = 'GET', ...is }) => {
      const { audit, request } = trail()
      const response = await app(make().use(audit.middleware())).request(path, { method })
      expect(response.status).toBe(is.status ?? 200)
      const event = await request()
      expect(event.request?.route).toBe(is.route)
      expect(event.request?.path).toBe(path)
    },
  )
})

describe('request.route', () => {
  it('is known when the middleware is mounted on the route alone', async () => {
    const { audit, request } = trail()
    await new Hono().get('/a/:id', audit.middleware(), ok).request('/a/7')
    expect((await request()).request?.route).toBe('/a/:id')
  })

  it('is known when the handler rejects with what is no Error', async () => {
    const { audit, request } = trail()
    const app = new Hono().use(audit.middleware()).get('/a/:id', () => Promise.reject(null))
    await expect(app.request('/a/7')).rejects.toBeNull()
    expect((await request()).request?.route).toBe('/a/:id')
  })
})
