import { Hono } from 'hono'
import { stream, streamSSE } from 'hono/streaming'
import { describe, expect, it } from 'vitest'
import { memory } from '../../../adapters/store/memory.ts'
import { always, faultyStore } from '../../support/faulty.ts'
import { gate, until } from '../../support/gate.ts'
import { trail } from '../../support/app.ts'

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

/** A body that the test feeds, and that says what became of it. */
const fedBody = () => {
  const seen: { pulls: number; cancelled?: unknown } = { pulls: 0 }
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  const body = new ReadableStream<Uint8Array>(
    {
      start: (given) => {
        controller = given
      },
      pull: () => {
        seen.pulls += 1
      },
      cancel: (reason) => {
        seen.cancelled = reason
      },
    },
    { highWaterMark: 0 },
  )
  return {
    body,
    seen,
    send: (text: string) => controller?.enqueue(bytes(text)),
    end: () => controller?.close(),
    fail: (error: unknown) => controller?.error(error),
  }
}

describe('a response', () => {
  const untouched: readonly (readonly [name: string, method: string, made: () => Response])[] = [
    ['text', 'GET', () => new Response('text', { headers: { 'x-a': '1' } })],
    ['204', 'GET', () => new Response(null, { status: 204 })],
    ['205', 'POST', () => new Response(null, { status: 205 })],
    ['304', 'GET', () => new Response(null, { status: 304, headers: { etag: '"1"' } })],
    ['a redirect', 'GET', () => Response.redirect('http://localhost/b')],
    ['a stream', 'GET', () => new Response(fedBody().body)],
    // Node cannot make one; a runtime hands it over like this.
    ['101', 'GET', () => Object.defineProperty(new Response(), 'status', { value: 101 })],
  ]

  it.each(untouched)('is the very one that the handler made: %s', async (_, method, made) => {
    for (const rule of [{}, { until: 'body' as const, body: { response: true } }]) {
      const { audit, errors } = trail({ rules: [{ match: '/none', ...rule }] })
      const response = made()
      const app = new Hono().use(audit.middleware()).on(method, '/a', () => response)
      expect(await app.request('/a', { method })).toBe(response)
      expect(errors).toEqual([])
    }
  })

  it.each(untouched.filter(([name]) => /^\d/.test(name)))(
    'is not wrapped even where bodies are kept: %s',
    async (_, method, made) => {
      const { audit, request } = trail({
        rules: [{ match: '**', until: 'body', body: { response: true } }],
      })
      const response = made()
      const app = new Hono().use(audit.middleware()).on(method, '/a', () => response)
      expect(await app.request('/a', { method })).toBe(response)
      expect((await request()).data).toMatchObject({ status: response.status, responseBytes: 0 })
    },
  )

  it('of HEAD ends at once, and its body is neither pulled nor kept', async () => {
    const { audit, request } = trail({ rules: [{ match: '**', until: 'body' }] })
    const { body, seen } = fedBody()
    const app = new Hono().use(audit.middleware()).get('/a', () => new Response(body))
    const response = await app.request('/a', { method: 'HEAD' })
    expect(response.body).toBeNull()
    expect((await request()).request).toMatchObject({ method: 'HEAD', route: '/a' })
    expect(seen.pulls).toBe(0)
  })

  it('that is a stream goes out while it is made, and its event does not wait for it', async () => {
    const { audit, request } = trail()
    const open = gate()
    const app = new Hono().use(audit.middleware()).get('/a', (c) =>
      stream(c, async (out) => {
        await out.write('one')
        await open.passed
        await out.write('two')
      }),
    )
    const response = await app.request('/a')
    expect((await request()).data).toMatchObject({ status: 200, responseBytes: null })
    const reader = response.body?.getReader()
    expect(await reader?.read()).toEqual({ done: false, value: bytes('one') })
    open.open()
    expect(await reader?.read()).toEqual({ done: false, value: bytes('two') })
    expect(await reader?.read()).toEqual({ done: true, value: undefined })
  })

  it('of server-sent events has the same bytes and headers as without us', async () => {
    const { audit, request } = trail({ rules: [{ match: '**', until: 'body' }] })
    const sse = (app: Hono): Hono =>
      app.get('/a', (c) =>
        streamSSE(c, async (out) => {
          await out.writeSSE({ data: 'one', event: 'tick', id: '1' })
          await out.writeSSE({ data: 'two' })
        }),
      )
    const audited = await sse(new Hono().use(audit.middleware())).request('/a')
    const without = await sse(new Hono()).request('/a')
    expect(await audited.text()).toBe(await without.text())
    expect([...audited.headers]).toEqual([...without.headers])
    expect((await request()).data).toMatchObject({ ended: 'complete', responseBytes: 40 })
  })
})

describe('an event that ends with the body', () => {
  const streaming = (options: Parameters<typeof trail>[0] = {}) => {
    const made = trail({ rules: [{ match: '**', until: 'body' }], ...options })
    const fed = fedBody()
    const app = new Hono()
      .use(made.audit.middleware())
      .get('/a', () => new Response(fed.body, { status: 201, headers: { 'x-a': '1' } }))
    return { ...made, ...fed, app }
  }

  it('counts the bytes and comes when the last is out, once', async () => {
    const { app, audit, send, end, request } = streaming()
    const response = await app.request('/a')
    await audit.flush()
    expect(audit.stats().captured).toBe(0)
    send('four')
    send('more')
    end()
    expect(response.status).toBe(201)
    expect(response.headers.get('x-a')).toBe('1')
    expect(await response.text()).toBe('fourmore')
    expect(await request()).toMatchObject({
      outcome: 'success',
      data: { ended: 'complete', responseBytes: 8, status: 201 },
    })
  })

  it('does not pull before the client does', async () => {
    const { app, seen, audit } = streaming()
    const response = await app.request('/a')
    await audit.flush()
    expect(seen.pulls).toBe(0)
    await response.body?.cancel()
  })

  it('tells that the client hung up, passes the reason on, and comes once', async () => {
    const { app, send, seen, request } = streaming()
    const response = await app.request('/a')
    send('four')
    const reader = response.body?.getReader()
    await reader?.read()
    const pending = reader?.read()
    await reader?.cancel('gone')
    await pending
    expect(seen.cancelled).toBe('gone')
    expect((await request()).data).toMatchObject({ ended: 'cancelled', responseBytes: 4 })
  })

  it('is a failure with its error when the body breaks, and the client sees that very error', async () => {
    const { app, send, fail, request } = streaming()
    const response = await app.request('/a')
    const reader = response.body?.getReader()
    send('four')
    await reader?.read()
    const broken = new RangeError('disk')
    fail(broken)
    await expect(reader?.read()).rejects.toBe(broken)
    expect(await request()).toMatchObject({
      outcome: 'failure',
      data: { ended: 'error', status: 201, responseBytes: 4 },
      error: { type: 'RangeError', message: 'disk' },
    })
  })

  it('is taken for endless at the deadline, and the body goes on', async () => {
    const { app, audit, send, end, request } = streaming({ streamDeadline: 1 })
    const response = await app.request('/a')
    const reader = response.body?.getReader()
    send('four')
    await reader?.read()
    await until(() => audit.stats().captured === 1)
    send('more')
    end()
    expect(await reader?.read()).toEqual({ done: false, value: bytes('more') })
    expect(await reader?.read()).toMatchObject({ done: true })
    expect((await request()).data).toMatchObject({ ended: 'open', responseBytes: 4 })
  })

  it('lets the explicit events go before', async () => {
    const { audit, recorded, events, ...made } = trail({ rules: [{ match: '**', until: 'body' }] })
    const { body, end } = fedBody()
    const app = new Hono().use(audit.middleware()).get('/a', () => {
      audit.record({ action: 'a.read' })
      return new Response(body)
    })
    const response = await app.request('/a')
    expect(await recorded()).toHaveLength(1)
    end()
    await response.text()
    expect(await made.request()).toBeDefined()
    expect(await events()).toHaveLength(2)
  })

  it('answers 503 at once where the explicit events could not be stored, and lets go of the body', async () => {
    const { audit, losses } = trail({
      rules: [{ match: '**', until: 'body' }],
      delivery: 'await',
      onFailure: 'closed',
      store: faultyStore(memory(), always({ when: 'before', how: 'refused' })),
    })
    const { body, seen } = fedBody()
    const app = new Hono().use(audit.middleware()).get('/a', () => {
      audit.record({ action: 'a.read' })
      return new Response(body)
    })
    const response = await app.request('/a')
    expect(response.status).toBe(503)
    expect(seen).toHaveProperty('cancelled')
    await audit.flush()
    const lost = losses.flatMap(({ events }) => events)
    expect(lost.map(({ action, data }) => [action, data?.['ended']])).toEqual([
      ['a.read', undefined],
      ['http.get', 'cancelled'],
    ])
  })
})
