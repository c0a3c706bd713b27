import { Hono } from 'hono'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { AuditOptions } from '../../../src/options.ts'
import { trail } from '../../support/app.ts'

// Hono's own error handler writes every error to the console.
beforeEach(() => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  return () => error.mockRestore()
})

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'

/** The event of one request to an app that answers anything. */
const eventOf = async (
  request: Request | string,
  options: Partial<AuditOptions> = {},
  answer: (app: Hono) => Hono = (app) => app.all('*', (c) => c.text('ok')),
) => {
  const made = trail(options)
  await answer(new Hono().use(made.audit.middleware())).request(request)
  return made.request()
}

const asked = (headers: Record<string, string>): Request =>
  new Request('http://localhost/', { headers })

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

describe('the request id', () => {
  it.each(['abc', 'a'.repeat(128), '01J8-x:y/z+1=@.'])(
    'is the one that came in: %s',
    async (id) => {
      expect((await eventOf(asked({ 'x-request-id': id }))).request?.id).toBe(id)
    },
  )

  it.each(['', 'a b', 'a'.repeat(129), 'a"b', 'a;b', '<x>'])(
    'is minted when what came in is not well-formed: «%s»',
    async (id) => {
      const { request } = await eventOf(asked({ 'x-request-id': id }))
      expect(request?.id).toMatch(
        /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
      )
    },
  )

  it('is minted when the app does not take foreign ids', async () => {
    const { request } = await eventOf(asked({ 'x-request-id': 'abc' }), {
      requestId: { accept: false },
    })
    expect(request?.id).not.toBe('abc')
  })

  it('is read and echoed under the name that the app gives', async () => {
    const made = trail({ requestId: { header: 'X-Correlation-Id', echo: true } })
    const app = new Hono().use(made.audit.middleware()).get('/', (c) => c.text('ok'))
    const response = await app.request('/', { headers: { 'x-correlation-id': 'abc' } })
    expect(response.headers.get('x-correlation-id')).toBe('abc')
    expect(await response.text()).toBe('ok')
    expect((await made.request()).request?.id).toBe('abc')
  })

  it('is not echoed unless asked for, and echoing leaves body and status alone', async () => {
    const make = (echo: boolean): Hono =>
      new Hono()
        .use(trail({ requestId: { echo } }).audit.middleware())
        .get('/', () => Response.json({ a: 1 }, { status: 202, headers: { 'x-a': '1' } }))
    const silent = await make(false).request('/')
    expect(silent.headers.has('x-request-id')).toBe(false)
    const echoed = await make(true).request('/')
    expect(echoed.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/)
    expect([echoed.status, echoed.headers.get('x-a'), await echoed.json()]).toEqual([
      202,
      '1',
      { a: 1 },
    ])
  })

  it('is what the handler sees, and what its events carry', async () => {
    const made = trail()
    const app = new Hono().use(made.audit.middleware()).get('/', (c) => {
      made.audit.record({ action: 'a.read' })
      return c.text(made.audit.scope().requestId() ?? '')
    })
    const id = await (await app.request('/')).text()
    expect((await made.events()).map(({ request }) => request?.id)).toEqual([id, id])
  })
})

describe('trace context', () => {
  it.each([
    ['version 00', `00-${TRACE}-${SPAN}-01`],
    ['a version to come with more fields', `cc-${TRACE}-${SPAN}-01-what-the-future-brings`],
  ])('is taken from traceparent: %s', async (_, traceparent) => {
    const { request } = await eventOf(asked({ traceparent }))
    expect(request).toMatchObject({ traceId: TRACE, spanId: SPAN })
  })

  it.each([
    ['all zeros as trace', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['all zeros as span', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['version ff', `ff-${TRACE}-${SPAN}-01`],
    ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['something behind version 00', `00-${TRACE}-${SPAN}-01-x`],
    ['flags that go on', `00-${TRACE}-${SPAN}-01a`],
    ['too short', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['no flags', `00-${TRACE}-${SPAN}`],
  ])('is left out when it is malformed: %s', async (_, traceparent) => {
    const { request } = await eventOf(asked({ traceparent }))
    expect(request).not.toHaveProperty('traceId')
    expect(request).not.toHaveProperty('spanId')
  })
})
