import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { body, type BodyOptions } from '../../../src/capture/body/body.ts'
import { trail } from '../../support/app.ts'

const answered = async (response: () => Response, options: BodyOptions = {}) => {
  const made = trail({ rules: [{ match: '**', body: body({ response: true, ...options }) }] })
  const app = new Hono().use(made.audit.middleware()).get('/a', response)
  const got = await app.request('/a')
  const bytes = new Uint8Array(await got.arrayBuffer())
  return { ...made, got, bytes, event: await made.request() }
}

describe('a response body', () => {
  it('is kept as JSON, masked, and goes out byte for byte', async () => {
    const { event, bytes } = await answered(() => Response.json({ a: 1, token: 'hunter2' }))
    expect(event.data).toMatchObject({
      responseBody: { a: 1, token: '***REDACTED***' },
      responseBytes: 25,
      ended: 'complete',
    })
    expect(new TextDecoder().decode(bytes)).toBe('{"a":1,"token":"hunter2"}')
  })

  it('is not kept by default', async () => {
    const made = trail()
    const app = new Hono().use(made.audit.middleware()).get('/a', (c) => c.json({ a: 1 }))
    await (await app.request('/a')).json()
    expect((await made.request()).data).not.toHaveProperty('responseBody')
  })

  it('that is longer than the cap goes out whole and is cut, which is noted', async () => {
    const text = JSON.stringify({ note: 'é'.repeat(30) })
    const { event, bytes } = await answered(
      () => new Response(text, { headers: { 'content-type': 'application/json' } }),
      { limit: 10 },
    )
    expect(new TextDecoder().decode(bytes)).toBe(text)
    // The cap falls into the middle of an é.
    expect(event.data).toMatchObject({ responseBody: '{"note":"', responseBytes: 71 })
    expect(event.truncated).toEqual(['data.responseBody'])
  })

  it('of a type that is not on the list is neither kept nor wrapped', async () => {
    const response = new Response(new Uint8Array([1, 2, 3]), {
      headers: { 'content-type': 'image/png' },
    })
    const { event, bytes, got } = await answered(() => response)
    expect(got).toBe(response)
    expect([...bytes]).toEqual([1, 2, 3])
    expect(event.data).not.toHaveProperty('responseBody')
  })

  it('is neither kept nor wrapped where there will be no event', async () => {
    for (const without of [{ exclude: ['**'] }, { rules: [{ match: '**', audit: false }] }]) {
      const made = trail({
        ...without,
        rules: [
          ...('rules' in without ? without.rules : []),
          { match: '**', body: body({ until: 'end', response: true }) },
        ],
      })
      const response = Response.json({ a: 1 })
      const app = new Hono().use(made.audit.middleware()).get('/a', () => response)
      expect(await app.request('/a')).toBe(response)
    }
  })

  it('that is locked already is left alone', async () => {
    const made = trail({ rules: [{ match: '**', body: body({ until: 'end' }) }] })
    const response = new Response('x')
    const reader = response.body?.getReader()
    const app = new Hono().use(made.audit.middleware()).get('/a', () => response)
    expect(await app.request('/a')).toBe(response)
    expect((await made.request()).data).toMatchObject({ status: 200 })
    await reader?.cancel()
  })
})
