import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { body as keeping, type BodyOptions } from '../../../src/capture/body/body.ts'
import { trail } from '../../support/app.ts'
import { json, kept, type Read, urlencoded } from './kept-body.ts'

describe('the cap on bodies', () => {
  it.each<[string, Read]>([
    ['text', (c) => c.req.text()],
    ['bytes', (c) => c.req.arrayBuffer()],
    ['a blob', (c) => c.req.blob()],
  ])('is 8 KiB, in bytes, and noted, for %s', async (_, read) => {
    const body = JSON.stringify({ note: 'é'.repeat(5_000) })
    expect(body.length).toBeLessThan(8_192)
    const event = await kept(body, json, read)
    expect(event.truncated).toContain('data.body')
    const text = event.data?.['body']
    expect(text).toBeTypeOf('string')
    expect(new TextEncoder().encode(String(text)).length).toBeLessThanOrEqual(8_192)
    expect(body.startsWith(String(text))).toBe(true)
  })

  it('leaves a body of just that size whole', async () => {
    const body = JSON.stringify({ a: 'x'.repeat(8_192 - 8) })
    const event = await kept(body, json, (c) => c.req.text())
    expect(event).not.toHaveProperty('truncated')
    expect(event.data?.['body']).toEqual(JSON.parse(body))
  })

  it('is what the rule or the route says, and what is told of it is true', async () => {
    const told: unknown[] = []
    const made = trail({
      rules: [{ match: '/rule', body: keeping({ request: true, limit: 10 }) }],
      onTruncate: ({ field, limit, length }) => told.push({ field, limit, length }),
    })
    const app = new Hono()
      .use(made.audit.middleware())
      .use('/route', made.audit.route({ body: keeping({ request: true, limit: 4 }) }))
      .post('*', async (c) => c.text(await c.req.text()))
    const init = { method: 'POST', body: 'abcdefghijklm' }
    for (const path of ['/rule', '/route']) await app.request(path, init)
    expect((await made.events()).map(({ data }) => data?.['body'])).toEqual(['abcdefghij', 'abcd'])
    expect(told).toEqual([
      { field: 'data.body', limit: 10, length: 13 },
      { field: 'data.body', limit: 4, length: 13 },
    ])
  })

  it('holds for a form and masks what it cuts through', async () => {
    const { data } = await kept(
      `password=hunter2&a=${'x'.repeat(100)}`,
      urlencoded,
      (c) => c.req.text(),
      {
        limit: 13,
      },
    )
    expect(data?.['body']).toEqual({ password: '***REDACTED***' })
  })
})

describe('the deny list of bodies', () => {
  const ask = async (path: string, options: BodyOptions = {}) => {
    const made = trail({
      rules: [{ match: '**', body: keeping({ request: true, response: true, ...options }) }],
    })
    const app = new Hono()
      .use(made.audit.middleware())
      .use('/routed/*', made.audit.route({ body: keeping({ request: true }) }))
      .post('*', async (c) => c.text(await c.req.text()))
    const response = await app.request(path, { method: 'POST', body: 'hunter2' })
    expect(await response.text()).toBe('hunter2')
    return JSON.stringify(await made.request())
  }

  it.each([
    '/login',
    '/api/LogIn',
    '/oauth/token',
    '/users/7/password',
    '/reset',
    '/pass-word',
    '/sign_in',
    '/l%6fgin',
    '/api/mfa/verify',
    '/otp',
    '/client-secret',
    '/routed/login',
  ])('keeps %s out, whatever a rule or a route says', async (path) => {
    expect(await ask(path)).not.toContain('hunter2')
  })

  it('is overridden by name, and only for that name', async () => {
    expect(await ask('/token', { allow: ['token'] })).toContain('hunter2')
    expect(await ask('/token/reset', { allow: ['token'] })).not.toContain('hunter2')
  })
})
