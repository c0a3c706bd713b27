import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { describe, expect, it } from 'vitest'
import { body as keeping } from '../../../src/capture/body/body.ts'
import { trail } from '../../support/app.ts'
import { json, kept, type Read, urlencoded } from './kept-body.ts'

const form = (): FormData => {
  const made = new FormData()
  made.append('name', 'Ada')
  made.append('card', new File(['%PDF-1.7'], 'card.pdf', { type: 'application/pdf' }))
  return made
}

describe('a request body', () => {
  it('is not kept by default, and not even watched', async () => {
    const { audit, request } = trail()
    const app = new Hono().use(audit.middleware()).post('/a', async (c) => {
      expect(Object.getOwnPropertyNames(c.req.raw)).toEqual([])
      return c.text(await c.req.text())
    })
    await app.request('/a', { method: 'POST', body: 'text' })
    expect((await request()).data).not.toHaveProperty('body')
  })

  it.each<[string, Read]>([
    ['c.req.json()', (c) => c.req.json()],
    ['c.req.text()', (c) => c.req.text()],
    ['c.req.arrayBuffer()', (c) => c.req.arrayBuffer()],
    ['c.req.blob()', (c) => c.req.blob()],
    ['c.req.raw.json()', (c) => c.req.raw.json()],
    ['c.req.raw.bytes()', (c) => c.req.raw.bytes()],
    ['c.req.raw.clone()', (c) => c.req.raw.clone().json()],
    ['both branches of a clone', (c) => Promise.all([c.req.raw.clone().text(), c.req.json()])],
  ])('is kept as JSON, masked, when the handler uses %s', async (_, read) => {
    const { data } = await kept('{"amount":3,"password":"hunter2"}', json, read)
    expect(data?.['body']).toEqual({ amount: 3, password: '***REDACTED***' })
  })

  it('is masked by the names that it has, whatever was parsed before', async () => {
    // V8 takes the one name for the other: see `parseJson()`.
    JSON.parse('{"amount":[],"pass\\\\u00":0}')
    const { data } = await kept('{"amount":3,"pass\\u0077ord":"hunter2"}', json, (c) =>
      c.req.text(),
    )
    expect(data?.['body']).toEqual({ amount: 3, password: '***REDACTED***' })
  })

  it('is what came in, whatever the handler does to what it got', async () => {
    const spoil: Read = async (c) => {
      new Uint8Array(await c.req.raw.arrayBuffer()).fill(0x20)
    }
    expect((await kept('{"a":1}', json, spoil)).data?.['body']).toEqual({ a: 1 })
    const detach: Read = async (c) => structuredClone(0, { transfer: [await c.req.arrayBuffer()] })
    expect((await kept('{"a":1}', json, detach)).data?.['body']).toEqual({ a: 1 })
    const change: Read = async (c) => ((await c.req.json()).a = 2)
    expect((await kept('{"a":1}', json, change)).data?.['body']).toEqual({ a: 1 })
    const empty: Read = async (c) => (await c.req.raw.formData()).delete('name')
    expect((await kept(form(), undefined, empty)).data?.['body']).toHaveLength(2)
  })

  it.each<[string, Read]>([
    ['c.req.parseBody()', (c) => c.req.parseBody()],
    ['c.req.formData()', (c) => c.req.formData()],
    ['c.req.raw.formData()', (c) => c.req.raw.formData()],
    ['c.req.text()', (c) => c.req.text()],
  ])('that is urlencoded is kept as a multi-map when the handler uses %s', async (_, read) => {
    const { data } = await kept('a=1&a=2&token=x&b=%26%3D', urlencoded, read)
    expect(data?.['body']).toEqual({ a: ['1', '2'], token: '***REDACTED***', b: ['&='] })
  })

  it.each<[string, Read]>([
    ['c.req.parseBody()', (c) => c.req.parseBody()],
    ['c.req.formData()', (c) => c.req.formData()],
    ['c.req.raw.formData()', (c) => c.req.raw.formData()],
  ])('that is multipart is kept as names and files when the handler uses %s', async (_, read) => {
    const event = await kept(form(), undefined, read)
    expect(event.data?.['body']).toEqual([
      { name: 'name' },
      { name: 'card', file: 'card.pdf', size: 8, type: 'application/pdf' },
    ])
    expect(JSON.stringify(event)).not.toMatch(/Ada|%PDF/)
  })

  it('that is text is kept as text, that is no JSON after all too', async () => {
    expect((await kept('a', 'text/csv', (c) => c.req.text())).data?.['body']).toBe('a')
    expect((await kept('{a', json, (c) => c.req.text())).data?.['body']).toBe('{a')
    const problem = 'application/problem+json; charset=utf-8'
    expect((await kept('{"a":1}', problem, (c) => c.req.text())).data?.['body']).toEqual({ a: 1 })
  })

  it.each<[string, string | undefined, Read, string]>([
    ['nobody read', json, () => undefined, 'unread'],
    ['was read as a stream', json, (c) => c.req.raw.body?.cancel(), 'stream'],
    ['is of another type', 'application/octet-stream', (c) => c.req.text(), 'type'],
    ['has no type', '', (c) => c.req.text(), 'type'],
    [
      'is multipart, but not parsed',
      'multipart/form-data; boundary=x',
      (c) => c.req.text(),
      'unreadable',
    ],
  ])('that %s is left out, and why is said', async (_, type, read, why) => {
    const { data } = await kept('{"a":1}', type, read)
    expect(data).toMatchObject({ bodyLeftOut: why })
    expect(data).not.toHaveProperty('body')
  })

  it('is of the types that the app names', async () => {
    const xml = await kept('<a/>', 'application/xml', (c) => c.req.text(), {
      types: ['application/xml'],
    })
    expect(xml.data?.['body']).toBe('<a/>')
    const rest = await kept('{}', json, (c) => c.req.text(), { types: ['application/xml'] })
    expect(rest.data).toMatchObject({ bodyLeftOut: 'type' })
  })

  it('is kept behind a middleware that has taken the Request in its place', async () => {
    const made = trail({ rules: [{ match: '**', body: keeping({ request: true }) }] })
    const app = new Hono()
      .use(made.audit.middleware(), bodyLimit({ maxSize: 1_000 }))
      .post('/a', async (c) => c.json(await c.req.json()))
    const headers = { 'content-type': json, 'content-length': '7' }
    const response = await app.request('/a', { method: 'POST', body: '{"a":1}', headers })
    expect(await response.json()).toEqual({ a: 1 })
    expect((await made.request()).data?.['body']).toEqual({ a: 1 })
  })
})

describe('body()', () => {
  it.each<[string, unknown]>([
    ['body', null],
    ['body.request', { request: 'secret-value' }],
    ['body.limit', { limit: 0 }],
    ['body.types', { types: 'text/*' }],
    ['body.allow[0]', { allow: [7] }],
    ['body.until', { until: 'secret-value' }],
    ['body.deadline', { deadline: 2_147_483_648 }],
  ])('refuses a wrong option by its name, and never tells its value: %s', (path, options) => {
    const make = () => Reflect.apply(keeping, undefined, [options])
    expect(make).toThrow(
      expect.objectContaining({
        code: 'AUDIT_OPTION_INVALID',
        detail: expect.stringContaining(`${path} must be`),
      }),
    )
    expect(make).not.toThrow(/secret-value/)
  })

  it('refuses an option that there is not', () => {
    expect(() => Reflect.apply(keeping, undefined, [{ response_: true }])).toThrow(
      expect.objectContaining({
        detail: expect.stringContaining('body.response_ is not an option'),
      }),
    )
  })

  it('of a later rule or of the route takes the place of an earlier one as a whole', async () => {
    const made = trail({
      rules: [
        { match: '**', body: keeping({ request: true, limit: 4 }) },
        { match: '/both', body: keeping({ response: true, until: 'end' }) },
        { match: '/none', body: false },
      ],
    })
    const app = new Hono().use(made.audit.middleware()).post('*', async (c) => {
      return c.text(await c.req.text())
    })
    for (const path of ['/first', '/both', '/none']) {
      await (await app.request(path, { method: 'POST', body: 'abcdef' })).text()
    }
    const kept = (await made.events()).map(({ data }) => [data?.['body'], data?.['responseBody']])
    expect(kept).toEqual([
      ['abcd', undefined],
      [undefined, 'abcdef'],
      [undefined, undefined],
    ])
  })
})
