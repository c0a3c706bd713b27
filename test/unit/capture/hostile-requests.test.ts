import * as fc from 'fast-check'
import { Hono } from 'hono'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { memory } from '../../../adapters/store/memory.ts'
import { body } from '../../../src/capture/body/body.ts'
import { eventSchema } from '../../../src/event/schema.ts'
import { createAudit } from '../../../src/index.ts'

const LIMIT = 65_536

let store = memory()
const errors: string[] = []
const audit = createAudit({
  store: { ...store, append: (rows, options) => store.append(rows, options) },
  headers: ['x-note', 'content-type'],
  rules: [{ match: '/**', body: body({ request: true, response: true }) }],
  onError: (where) => errors.push(where),
})
const app = new Hono()
  .use(audit.middleware())
  .all('*', async (c) => c.text(`${(await c.req.text()).length}`))

beforeEach(() => {
  store = memory()
  errors.length = 0
})
afterAll(() => audit.close())

/** Sends it, and reads the one event that it left. */
const eventOf = async (request: Request) => {
  store = memory()
  const response = await app.fetch(request)
  expect(response.status).toBe(200)
  await response.text()
  await audit.flush()
  const { rows } = await store.page({ limit: 10 })
  expect(rows).toHaveLength(1)
  const record = rows[0]?.record ?? ''
  expect(new TextEncoder().encode(record).length).toBeLessThanOrEqual(LIMIT)
  expect(errors).toEqual([])
  return eventSchema.parse(JSON.parse(record))
}

const post = (path: string, sent: BodyInit, type = 'application/json'): Request =>
  new Request(`http://localhost${path}`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: sent,
  })

/** Bytes that a URL may hold, most of them no good UTF-8 when they are decoded. */
const escapes = fc
  .array(fc.integer({ min: 0, max: 255 }), { maxLength: 40 })
  .map((bytes) => bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''))
/** What a header may hold (RFC 9110, section 5.5). */
const headerText = fc
  .array(fc.integer({ min: 0x20, max: 0xff }), { maxLength: 200 })
  .map((codes) => String.fromCharCode(...codes).trim())
const nested = (depth: number): string => `${'{"a":['.repeat(depth)}1${']}'.repeat(depth)}`

describe('a hostile request', () => {
  it('leaves one sound event, whatever its path, query, headers and body are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          path: escapes,
          name: fc.constantFrom('a', '__proto__', 'constructor', 'password', '%ff', ''),
          value: escapes,
          note: headerText,
          type: fc.constantFrom(
            'application/json',
            'text/plain',
            'application/x-www-form-urlencoded',
            'multipart/form-data',
            'nonsense',
          ),
          sent: fc.uint8Array({ maxLength: 2_000 }),
        }),
        async ({ path, name, value, note, type, sent }) => {
          const request = post(`/p${path}?${name}=${value}&${name}`, Uint8Array.from(sent), type)
          request.headers.set('x-note', note)
          request.headers.set('user-agent', note)
          request.headers.set('x-request-id', note)
          await eventOf(request)
        },
      ),
      { numRuns: 150 },
    )
  })

  it('keeps the head of 100 KB headers', async () => {
    const request = post('/', '1')
    for (const name of [
      'x-note',
      'user-agent',
      'referer',
      'x-request-id',
      'traceparent',
      'x-forwarded-for',
    ]) {
      request.headers.set(name, 'h'.repeat(100_000))
    }
    const event = await eventOf(request)
    expect(event.request?.userAgent).toBe('h'.repeat(512))
    expect(event.request?.id).not.toContain('h')
    expect(event.truncated).toEqual([
      'data.headers.x-note',
      'request.referrer',
      'request.userAgent',
    ])
  })

  it('keeps the head of 1 MB of query', async () => {
    const event = await eventOf(new Request(`http://localhost/?${'a=1&'.repeat(262_144)}`))
    expect(event.truncated).toContain('data.query')
  })

  it('takes a query with 100,000 names as what fits', async () => {
    const names = Array.from({ length: 100_000 }, (_, index) => `n${index}=`).join('&')
    const event = await eventOf(new Request(`http://localhost/?${names}`))
    expect(event.truncated).toContain('data.query')
  })

  it.each([10, 100, 10_000])('keeps JSON nested %i deep as far as it goes', async (depth) => {
    const event = await eventOf(post('/', nested(depth)))
    expect(event.data?.['status']).toBe(200)
    expect(JSON.stringify(event.data?.['body'])).toContain('a')
  })

  it('keeps `__proto__` as a name like any other', async () => {
    const event = await eventOf(post('/?__proto__=1', '{"__proto__":{"admin":true},"b":1}'))
    expect(JSON.stringify(event.data?.['query'])).toBe('{"__proto__":["1"]}')
    expect(JSON.stringify(event.data?.['body'])).toBe('{"__proto__":{"admin":true},"b":1}')
    expect(Reflect.get({}, 'admin')).toBeUndefined()
  })

  it('says that a body was cut, and keeps no more of it than the limit', async () => {
    const event = await eventOf(post('/', 'x'.repeat(1_000_000), 'text/plain'))
    expect(event.data?.['body']).toBe('x'.repeat(8_192))
    expect(event.truncated).toContain('data.body')
  })
})
