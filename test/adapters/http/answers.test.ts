import { describe, expect, it } from 'vitest'
import { cors } from 'hono/cors'
import { memory } from '../../../adapters/store/memory.ts'
import { AuditError, type AuditErrorCode } from '../../../src/errors.ts'
import type { AuditStore } from '../../../src/ports/store.ts'
import { desk, may } from './desk.ts'

const secure = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

interface Init {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
}

const asked: readonly (readonly [what: string, path: string, init: Init, status: number])[] = [
  ['a list', '/events', {}, 200],
  ['lines', '/events', { headers: { accept: 'application/x-ndjson' } }, 200],
  ['a file', '/export', {}, 200],
  ['a wrong parameter', '/events?x=1', {}, 400],
  ['no right', '/events', { headers: may(false) }, 403],
  ['nothing', '/events/x', {}, 404],
  ['another method', '/events', { method: 'DELETE' }, 405],
  ['another type', '/events', { headers: { accept: 'image/png' } }, 406],
  ['options', '/events', { method: 'OPTIONS' }, 204],
  ['the headers', '/events', { method: 'HEAD' }, 200],
  ['the document', '/openapi.json', {}, 200],
]

describe('every answer', () => {
  it.each(asked)(
    'is never kept, and opens nothing to another origin: %s',
    async (_, path, init, status) => {
      const { ask } = desk()
      const response = await ask(path, {
        ...init,
        headers: { origin: 'https://evil.example', ...init.headers },
      })
      expect(response.status).toBe(status)
      expect(Object.fromEntries(response.headers)).toMatchObject(secure)
      expect(
        [...response.headers.keys()].filter((name) => name.startsWith('access-control')),
      ).toEqual([])
      if (status >= 400) {
        expect(response.headers.get('content-type')).toBe('application/problem+json')
        expect(await response.json()).toMatchObject({ status, type: 'about:blank' })
      }
    },
  )

  it('says which methods there are', async () => {
    const { ask } = desk()
    for (const method of ['OPTIONS', 'PUT', 'POST', 'DELETE', 'PATCH', 'PROPFIND'])
      expect([method, (await ask('/events/x', { method })).headers.get('allow')]).toEqual([
        method,
        'GET, HEAD, OPTIONS',
      ])
  })

  it('has no body for who asks for its headers', async () => {
    const { ask, put } = desk()
    await put({ action: 'a' })
    const [whole, head] = [await ask('/events'), await ask('/events', { method: 'HEAD' })]
    expect(await head.text()).toBe('')
    expect(head.headers.get('content-type')).toBe(whole.headers.get('content-type'))
  })

  it('leaves paths that are none of ours to the app', async () => {
    const { app, ask } = desk()
    app.get('/audit/page', (c) => c.html('<p>mine</p>'))
    const response = await ask('/page')
    expect([response.status, response.headers.get('content-security-policy')]).toEqual([200, null])
    expect(await (await ask('/nowhere')).text()).toBe('404 Not Found')
  })

  it('leaves CORS to the app that wants it', async () => {
    const { ask } = desk({}, {}, (app) => app.use(cors({ origin: 'https://desk.example' })))
    const response = await ask('/events', { headers: { origin: 'https://desk.example' } })
    expect(response.headers.get('access-control-allow-origin')).toBe('https://desk.example')
  })
})

const failing = (code: AuditErrorCode | 'foreign'): AuditStore => {
  const fail = () =>
    Promise.reject(
      code === 'foreign' ? new TypeError('params: hunter2') : new AuditError(code, 'x'),
    )
  return { ...memory(), page: fail, get: fail, summary: fail, count: fail }
}

const reading = [
  '/events',
  '/events/x',
  '/summary',
  '/processes',
  '/issues/x',
  '/logins',
  '/stats',
  '/export',
  '/history?targetType=a&targetId=b',
]

describe('a store that fails', () => {
  it.each(reading)('is a 503 to try again, of %s', async (path) => {
    const { ask } = desk({}, { store: failing('AUDIT_STORE_UNAVAILABLE') })
    const response = await ask(path)
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await response.json()).toMatchObject({ code: 'AUDIT_STORE_UNAVAILABLE' })
  })

  it.each(reading)('is a 503 without its tables, of %s', async (path) => {
    const { get } = desk({}, { store: failing('AUDIT_STORE_NOT_MIGRATED') })
    expect(await get(path, {}, 503)).toMatchObject({ code: 'AUDIT_STORE_NOT_MIGRATED' })
  })

  it.each(['AUDIT_STORE_REFUSED', 'foreign'] as const)(
    'with %s is the error of the app, and no word of it is told to who asks',
    async (code) => {
      const seen: unknown[] = []
      const { ask } = desk({}, { store: failing(code) }, (app) =>
        app.onError((error, c) => {
          seen.push(error)
          return c.text('mine', 500)
        }),
      )
      for (const path of reading) expect(await (await ask(path)).text()).toBe('mine')
      expect(seen).toHaveLength(reading.length)
    },
  )
})
