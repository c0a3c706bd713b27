import { Hono } from 'hono'
import { stream, streamSSE } from 'hono/streaming'
import { describe, expect, it } from 'vitest'
import { body as keeping } from '../../../src/capture/body/body.ts'
import { trail } from '../../support/app.ts'
import { gate } from '../../support/gate.ts'
import { bytes, fedBody } from './fed-body.ts'

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
    for (const rule of [{}, { body: keeping({ until: 'end', response: true }) }]) {
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
        rules: [{ match: '**', body: keeping({ until: 'end', response: true }) }],
      })
      const response = made()
      const app = new Hono().use(audit.middleware()).on(method, '/a', () => response)
      expect(await app.request('/a', { method })).toBe(response)
      expect((await request()).data).toMatchObject({ status: response.status, responseBytes: 0 })
    },
  )

  it('of HEAD ends at once, and its body is neither pulled nor kept', async () => {
    const { audit, request } = trail({ rules: [{ match: '**', body: keeping({ until: 'end' }) }] })
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
    const { audit, request } = trail({ rules: [{ match: '**', body: keeping({ until: 'end' }) }] })
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
