import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { trail } from '../../support/app.ts'
import { eventOf } from './event-of.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'

const asked = (headers: Record<string, string>): Request =>
  new Request('http://localhost/', { headers })

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
