import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { serve, type ServerType } from '@hono/node-server'
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { auth } from '../../../src/capture/auth/auth.ts'
import { body } from '../../../src/capture/body/body.ts'
import { trail } from '../../support/app.ts'

describe('a real Node server', () => {
  const listening = async (app: Hono): Promise<{ server: ServerType; port: number }> => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
    await once(server, 'listening')
    return { server, port: (server.address() as AddressInfo).port }
  }

  it('gives the socket’s address, and bodies, answers and echoes pass as they should', async () => {
    const { audit, request } = trail({
      rules: [{ match: '**', body: body({ request: true, response: true }) }],
      requestId: { echo: true },
    })
    const app = new Hono()
      .use(audit.middleware())
      .post('/a', async (c) => c.json(await c.req.json()))
    const { server, port } = await listening(app)
    try {
      const response = await fetch(`http://127.0.0.1:${port}/a?q=1`, {
        method: 'POST',
        body: '{"a":1}',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': '6.6.6.6' },
      })
      expect(await response.json()).toEqual({ a: 1 })
      expect(await request()).toMatchObject({
        request: {
          ip: '127.0.0.1',
          ipFrom: 'socket',
          path: '/a',
          host: `127.0.0.1:${port}`,
          id: response.headers.get('x-request-id'),
        },
        data: { body: { a: 1 }, responseBody: { a: 1 }, requestBytes: 7, responseBytes: 7 },
      })
    } finally {
      server.close()
    }
  })

  it('tells of logins, whose bodies the handler reads as ever, or not at all', async () => {
    const made = trail({ auth: auth([{ path: '/login/*', action: 'login' }]) })
    const app = new Hono()
      .use(made.audit.middleware())
      .post('/login/json', async (c) => c.json(await c.req.json()))
      .post('/login/raw', async (c) => c.json(await c.req.raw.json()))
      .post('/login/form', async (c) => c.json(await c.req.parseBody()))
      .post('/login/nothing', (c) => c.json({ username: 'ada' }))
    const { server, port } = await listening(app)
    try {
      for (const how of ['json', 'raw', 'form', 'nothing']) {
        const response = await fetch(`http://127.0.0.1:${port}/login/${how}`, {
          method: 'POST',
          ...(how === 'form'
            ? { body: new URLSearchParams({ username: 'ada' }) }
            : { body: '{"username":"ada"}', headers: { 'content-type': 'application/json' } }),
        })
        expect(await response.json()).toEqual({ username: 'ada' })
      }
      expect((await made.recorded()).map(({ actor, request }) => [actor.id, request?.ip])).toEqual(
        Array.from({ length: 4 }, () => ['ada', '127.0.0.1']),
      )
    } finally {
      server.close()
    }
  })

  it('tells of a client that hung up, once, where the event ends with the body', async () => {
    const { audit, request, events } = trail({
      rules: [{ match: '**', body: body({ until: 'end' }) }],
    })
    const cancelled = Promise.withResolvers<void>()
    const app = new Hono().use(audit.middleware()).get('/a', () => {
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode('first')),
        cancel: () => cancelled.resolve(),
      })
      return new Response(body)
    })
    const { server, port } = await listening(app)
    try {
      const hangUp = new AbortController()
      const response = await fetch(`http://127.0.0.1:${port}/a`, { signal: hangUp.signal })
      await response.body?.getReader().read()
      hangUp.abort()
      await cancelled.promise
      expect((await request()).data).toMatchObject({ ended: 'cancelled', responseBytes: 5 })
      expect(await events()).toHaveLength(1)
    } finally {
      server.close()
    }
  })
})
