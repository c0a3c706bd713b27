import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { executionContext, trail } from '../../support/app.ts'

/** A context that holds nothing: what a runtime without AsyncLocalStorage amounts to. */
const noAsyncContext = {
  run: <Result>(_: unknown, fn: () => Result): Result => fn(),
  getStore: () => undefined,
}

describe('mounting the middleware', () => {
  it('records a request when it is mounted on the whole app', async () => {
    const { audit, request } = trail()
    const app = new Hono().use(audit.middleware()).get('/a', (c) => c.text('ok'))
    expect(await (await app.request('/a')).text()).toBe('ok')
    expect(await request()).toMatchObject({ request: { path: '/a' }, outcome: 'success' })
  })

  it('records only the requests of the route it is mounted on', async () => {
    const { audit, events } = trail()
    const app = new Hono()
      .get('/a', audit.middleware(), (c) => c.text('a'))
      .get('/b', (c) => c.text('b'))
    await app.request('/a')
    await app.request('/b')
    expect((await events()).map(({ request }) => request?.path)).toEqual(['/a'])
  })

  it('records what middleware above it has not answered', async () => {
    const { audit, events } = trail()
    const app = new Hono()
      .use('/closed/*', (c) => Promise.resolve(c.text('no', 401)))
      .use(audit.middleware())
      .all('*', (c) => c.text('ok'))
    await app.request('/closed/a')
    await app.request('/open')
    expect((await events()).map(({ request }) => request?.path)).toEqual(['/open'])
  })

  it('records one event when it is mounted twice in a chain', async () => {
    const { audit, request } = trail()
    const app = new Hono()
      .use(audit.middleware())
      .use('/a/*', audit.middleware())
      .get('/a/b', audit.middleware(), (c) => c.text('ok'))
    await app.request('/a/b')
    await request()
  })

  it('records one event when it is mounted twice and there is no async context', async () => {
    const { audit, request } = trail({ asyncContext: noAsyncContext })
    const app = new Hono()
      .use(audit.middleware())
      .get('/a', audit.middleware(), (c) => c.text('ok'))
    await app.request('/a')
    await request()
  })

  it('records one event when an app hands its request to an app that audits too', async () => {
    const { audit, request } = trail()
    const inner = new Hono().use(audit.middleware()).get('/a', (c) => c.text('ok'))
    const app = new Hono().use(audit.middleware()).all('*', (c) => inner.fetch(c.req.raw))
    await app.request('/a')
    await request()
  })

  it('records one event for a request whose Request was replaced on the way', async () => {
    const { audit, request } = trail()
    const app = new Hono()
      .use(audit.middleware())
      .use((c, next) => {
        c.req.raw = new Request(c.req.raw, { headers: { 'user-agent': 'replaced' } })
        return next()
      })
      .use(audit.middleware())
      .get('/a', (c) => c.text('ok'))
    await app.request('/a')
    await request()
  })

  it('records a request that the handler makes to its own app as an event of its own', async () => {
    const { audit, events } = trail()
    const app = new Hono().use(audit.middleware())
    app.get('/inner', (c) => c.text('inner'))
    app.get('/outer', () => app.fetch(new Request('http://localhost/inner')))
    await app.request('/outer')
    expect((await events()).map(({ request }) => request?.path).toSorted()).toEqual([
      '/inner',
      '/outer',
    ])
  })

  it('lets two audits record the same request, each in its own store', async () => {
    const one = trail()
    const two = trail()
    const app = new Hono()
      .use(one.audit.middleware(), two.audit.middleware())
      .get('/a', one.audit.route({ action: 'a.read' }), (c) => c.text('ok'))
    await app.request('/a')
    expect((await one.request()).action).toBe('a.read')
    expect((await two.request()).action).toBe('http.get')
  })
})

describe('waitUntil', () => {
  it('is registered before the handler runs and settles when the event is stored', async () => {
    const { audit, store } = trail()
    const context = executionContext()
    let registered = 0
    const app = new Hono().use(audit.middleware()).get('/a', (c) => {
      registered = context.waited.length
      return c.text('ok')
    })
    await app.request('/a', {}, {}, context)
    expect(registered).toBe(1)
    await context.drained()
    expect((await store.page({ limit: 10 })).rows).toHaveLength(1)
  })

  it('settles also when the handler throws what is no Error', async () => {
    const { audit, store } = trail()
    const context = executionContext()
    const app = new Hono().use(audit.middleware()).get('/a', () => Promise.reject('text'))
    await expect(app.request('/a', {}, {}, context)).rejects.toBe('text')
    await context.drained()
    expect((await store.page({ limit: 10 })).rows).toHaveLength(1)
  })

  it('settles also when there is nothing to store', async () => {
    const { audit } = trail({ exclude: ['**'] })
    const context = executionContext()
    const app = new Hono().use(audit.middleware()).get('/a', (c) => c.text('ok'))
    await app.request('/a', {}, {}, context)
    await context.drained()
    expect(audit.stats().captured).toBe(0)
  })
})
