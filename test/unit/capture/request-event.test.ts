import { Hono } from 'hono'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { trail } from '../../support/app.ts'
import { eventOf } from './event-of.ts'

// Hono's own error handler writes every error to the console.
beforeEach(() => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  return () => error.mockRestore()
})

describe('a request event', () => {
  it('holds what was asked, of whom, and how it came out', async () => {
    let elapsed = 10
    const event = await eventOf(
      new Request('https://shop.example:8443/invoices/7?tag=a&tag=b', {
        method: 'POST',
        body: '12345',
        headers: {
          'content-length': '5',
          'user-agent': 'curl/8.5',
          referer: 'https://shop.example/invoices',
        },
      }),
      { ambient: { now: () => 1_767_225_600_123, elapsed: () => elapsed } },
      (app) =>
        app.post('/invoices/:id', (c) => {
          elapsed = 12.3456
          return c.body('done', 201, { 'content-length': '4' })
        }),
    )
    expect(event).toMatchObject({
      v: 1,
      kind: 'request',
      action: 'http.post',
      outcome: 'success',
      occurredAt: 1_767_225_600_123,
      tenant: null,
      actor: { id: 'anonymous', type: 'anonymous' },
      targets: [],
      request: {
        method: 'POST',
        route: '/invoices/:id',
        path: '/invoices/7',
        host: 'shop.example:8443',
        scheme: 'https',
        userAgent: 'curl/8.5',
        referrer: 'https://shop.example/invoices',
      },
      data: {
        status: 201,
        durationMs: 2.346,
        requestBytes: 5,
        responseBytes: 4,
        query: { tag: ['a', 'b'] },
      },
    })
  })

  it('holds the query as a multi-map with its secrets masked', async () => {
    const { data } = await eventOf('/?q=shoes&token=abc&token=def&__proto__=x&empty=')
    expect(data?.['query']).toEqual(
      JSON.parse('{"q":["shoes"],"token":"***REDACTED***","__proto__":["x"],"empty":[""]}'),
    )
  })

  it('holds no query when there is none, or when it is not wanted', async () => {
    expect((await eventOf('/')).data).not.toHaveProperty('query')
    expect((await eventOf('/?q=1', { query: false })).data).not.toHaveProperty('query')
  })

  it('notes that a long query was cut', async () => {
    const event = await eventOf(`/?a=1&b=${'x'.repeat(9_000)}`)
    expect(event.truncated).toContain('data.query')
    expect(event.data?.['query']).toMatchObject({ a: ['1'] })
  })

  it('has null for sizes that nobody stated, and 0 where there can be none', async () => {
    expect((await eventOf('/')).data).toMatchObject({ requestBytes: null, responseBytes: null })
    const empty = await eventOf('/', {}, (app) => app.get('/', (c) => c.body(null, 204)))
    expect(empty.data).toMatchObject({ status: 204, responseBytes: 0 })
  })

  it('keeps what the handler added, the last value of a name winning', async () => {
    const made = trail()
    const app = new Hono().use(made.audit.middleware()).get('/', (c) => {
      made.audit.set({ plan: 'free', seats: 1 })
      made.audit.set({ plan: 'pro', password: 'hunter2' })
      return c.text('ok')
    })
    await app.request('/')
    expect((await made.request()).metadata).toEqual({
      plan: 'pro',
      seats: 1,
      password: '***REDACTED***',
    })
  })

  it('keeps what the handler added also when it throws', async () => {
    for (const thrown of [new Error('no'), 'no']) {
      const made = trail()
      const app = new Hono().use(made.audit.middleware()).get('/', () => {
        made.audit.set({ step: 3 })
        return Promise.reject(thrown)
      })
      await Promise.allSettled([app.request('/')])
      expect((await made.request()).metadata).toEqual({ step: 3 })
    }
  })
})
