import * as fc from 'fast-check'
import { type Context, Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { AuthRoute } from '../../../src/capture/auth/auth.ts'
import { basic, form, guarded, json, login, multipart } from './auth-app.ts'

// What was sent is read of a copy: the handler's own is as ever, however it reads it.

const told = async (work: () => Promise<unknown>): Promise<unknown> => {
  try {
    const value = await work()
    if (value instanceof FormData) return [...value].map(([name, entry]) => [name, String(entry)])
    return value instanceof ArrayBuffer ? new TextDecoder('latin1').decode(value) : value
  } catch (error) {
    return error instanceof Error ? [error.name, error.message] : error
  }
}

const reads: Readonly<Record<string, (c: Context) => Promise<unknown>>> = {
  'c.req.json': (c) => c.req.json(),
  'c.req.text': (c) => c.req.text(),
  'c.req.parseBody': (c) => c.req.parseBody({ all: true }),
  'c.req.formData': (c) => c.req.formData(),
  'c.req.arrayBuffer': (c) => c.req.arrayBuffer(),
  'raw.json': (c) => c.req.raw.json(),
  'raw.formData': (c) => c.req.raw.formData(),
  'raw.clone': (c) => c.req.raw.clone().text(),
  'new Request': (c) => new Request(c.req.raw).text(),
  stream: async (c) => {
    const chunks: number[] = []
    for await (const chunk of c.req.raw.body ?? []) chunks.push(...chunk)
    return chunks
  },
  used: async (c) => [c.req.raw.bodyUsed, c.req.raw.body === null],
  nothing: async () => undefined,
}

const answers = (styles: readonly string[]) => async (c: Context) => {
  const seen: unknown[] = []
  for (const name of styles) seen.push(await told(async () => reads[name]?.(c)))
  return c.json(seen, 201)
}

const bodies = fc.oneof(
  fc.json().map(json),
  fc.record({ username: fc.string(), password: fc.string() }).map(json),
  fc.string({ unit: 'binary' }).map(json),
  fc.record({ username: fc.string(), password: fc.string() }).map(form),
  fc.record({ username: fc.stringMatching(/^\w{0,9}$/) }).map(multipart),
  fc.constant({ ...json('x'), body: null }),
)

describe('a handler on a route of auth', () => {
  it('behaves as without us, however it reads its body and whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...Object.keys(reads)), { minLength: 1, maxLength: 3 }),
        bodies,
        fc.boolean(),
        async (styles, init, blocks) => {
          const without = new Hono().all('*', answers(styles))
          const watch = { before: async () => undefined, after: async () => undefined }
          const attempts = blocks ? watch : undefined
          const { app, flush, errors } = withFlush(
            guarded({ routes: [login], attempts }, answers(styles)),
          )
          const bare = await without.request('/login', init)
          const audited = await app.request('/login', init)
          const texts = [await bare.text(), await audited.text()]
          // Node invents a boundary when it is asked for the bytes of a form.
          const [expected, found] = texts.map((text) => text.replaceAll(/formdata-undici-\d+/g, ''))
          expect(found).toBe(expected)
          expect([audited.status, [...audited.headers]]).toEqual([bare.status, [...bare.headers]])
          await flush()
          expect(errors).toEqual([])
        },
      ),
      { numRuns: 200 },
    )
  })

  it('may be reached by a body that somebody reads already', async () => {
    const { app: audited, only } = guarded([login])
    const app = new Hono().post('/login', async (c) => {
      const reader = c.req.raw.body?.getReader()
      const response = await audited.fetch(c.req.raw)
      reader?.releaseLock()
      return response
    })
    expect((await app.request('/login', json({ username: 'ada' }))).status).toBe(200)
    expect((await only()).data?.['name']).toBeUndefined()
  })
})

const withFlush = (made: ReturnType<typeof guarded>) => ({ ...made, flush: made.audit.flush })

const nameOf = async (route: Partial<AuthRoute>, init: RequestInit): Promise<unknown> => {
  const { app, only, errors } = guarded([{ ...login, ...route }], (c) => c.text('', 401))
  await app.request('/login', init)
  const { data, targets } = await only()
  expect(errors).toEqual([])
  expect(targets[0]?.id).toBe(data?.['name'])
  return data?.['name']
}

describe('the attempted name', () => {
  it.each<[string, Partial<AuthRoute>, RequestInit, unknown]>([
    ['username', {}, json({ username: 'ada', name: 'Ada' }), 'ada'],
    ['email', {}, json({ email: 'ada@example.org' }), 'ada@example.org'],
    ['a number', {}, json({ user: 7 }), '7'],
    ['a nested field', { name: 'user.email' }, json({ user: { email: 'a@b.c' } }), 'a@b.c'],
    ['the first of several', { name: ['a', 'b'] }, json({ b: 'ada' }), 'ada'],
    [
      'another type of JSON',
      {},
      {
        ...json({ login: 'ada' }),
        headers: { 'content-type': 'application/vnd.api+json', 'content-length': '15' },
      },
      'ada',
    ],
    ['a form', {}, form({ username: 'ada' }), 'ada'],
    ['the last of a form', { name: 'u' }, form({ u: 'ada' }), 'ada'],
    ['a multipart form', {}, multipart({ email: 'ada' }), 'ada'],
    ['a function of the app', { name: (c) => c.req.query('u') }, { method: 'POST' }, undefined],
    ['empty', {}, json({ username: '' }), ''],
  ])('is found in %s', async (_, route, init, name) => {
    expect(await nameOf(route, init)).toBe(name === '' ? undefined : name)
  })

  it.each<[string, RequestInit]>([
    ['no body', { method: 'POST' }],
    ['broken JSON', json('{"username":"ada"')],
    ['JSON that is no object', json('"ada"')],
    ['null', json('null')],
    ['a list', json([{ username: 'ada' }])],
    [
      'a name that is an object',
      json({ username: { $ne: null }, email: ['a'], user: { password: 'x' } }),
    ],
    ['a name that is true', json({ username: true })],
    ['a broken multipart form', { ...multipart({}), body: '--edge\r\nnope' }],
    ['a form with a file', multipart({ 'username"; filename="a': 'ada' })],
    [
      'no length',
      { ...json({ username: 'ada' }), headers: { 'content-type': 'application/json' } },
    ],
    [
      'a length that is none',
      {
        ...json({ username: 'ada' }),
        headers: { 'content-type': 'application/json', 'content-length': 'x' },
      },
    ],
    ['more than 16 KB', json({ username: 'ada', pad: 'x'.repeat(16_384) })],
    ['__proto__', json('{"__proto__":{"username":"ada"}}')],
    ['Basic that is no Base64', { method: 'POST', headers: { authorization: 'Basic %%%' } }],
    ['another scheme', { method: 'POST', headers: { authorization: 'Bearer YWRhOnB3' } }],
  ])('is nobody’s, and nobody is told, with %s', async (_, init) => {
    expect(await nameOf({}, init)).toBeUndefined()
  })

  it.each<[string, Partial<AuthRoute>, unknown]>([
    ['the body before the header, unless it is said', {}, 'ada'],
    ['the field that is said, and no header', { name: 'username' }, 'ada'],
    ['a field that is not there, and no header', { name: 'user.email' }, undefined],
    ['the header alone, where that is said', { name: 'basic' }, 'eve'],
  ])('is taken from where the app reads it: %s', async (_, route, name) => {
    const { headers, ...init } = json({ username: 'ada' })
    const both = { ...init, headers: { ...headers, ...basic('eve:x').headers } }
    expect(await nameOf(route, both)).toBe(name)
  })

  it('does not hide behind a type that the handler does not mind', async () => {
    for (const type of ['text/plain', 'application/octet-stream']) {
      const { headers, ...init } = json({ username: 'ada' })
      expect(await nameOf({}, { ...init, headers: { ...headers, 'content-type': type } })).toBe(
        'ada',
      )
    }
  })

  it('is nobody’s where the app’s function throws, and that is told', async () => {
    const name = () => {
      throw new Error('mine')
    }
    const { app, only, errors } = guarded([{ ...login, name }])
    expect((await app.request('/login', json({ username: 'ada' }))).status).toBe(200)
    expect((await only()).data?.['name']).toBeUndefined()
    expect(errors).toEqual([{ where: 'auth.name', error: new Error('mine') }])
  })

  it('is cut and made storable like every other text', async () => {
    const long = 'n'.repeat(9_000)
    for (const name of [long, 'a\u0000b', '\ud800x', 'عربي', '💥'.repeat(900)]) {
      const { app, only, losses } = guarded([login], (c) => c.text('', 401))
      await app.request('/login', json({ username: name }))
      expect((await only()).targets).toHaveLength(1)
      expect(losses).toEqual([])
    }
  })
})
