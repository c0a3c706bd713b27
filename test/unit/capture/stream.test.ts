import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { body, type BodyOptions } from '../../../src/capture/body/body.ts'
import { memory } from '../../../adapters/store/memory.ts'
import { trail } from '../../support/app.ts'
import { always, faultyStore } from '../../support/faulty.ts'
import { until } from '../../support/gate.ts'
import { bytes, fedBody } from './fed-body.ts'

describe('an event that ends with the body', () => {
  const streaming = (options: BodyOptions = {}) => {
    const made = trail({ rules: [{ match: '**', body: body({ until: 'end', ...options }) }] })
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
    const { app, audit, send, end, request } = streaming({ deadline: 1 })
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
    const { audit, recorded, events, ...made } = trail({
      rules: [{ match: '**', body: body({ until: 'end' }) }],
    })
    const { body: fed, end } = fedBody()
    const app = new Hono().use(audit.middleware()).get('/a', () => {
      audit.record({ action: 'a.read' })
      return new Response(fed)
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
      rules: [{ match: '**', body: body({ until: 'end' }) }],
      delivery: 'await',
      onFailure: 'closed',
      store: faultyStore(memory(), always({ when: 'before', how: 'refused' })),
    })
    const { body: fed, seen } = fedBody()
    const app = new Hono().use(audit.middleware()).get('/a', () => {
      audit.record({ action: 'a.read' })
      return new Response(fed)
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
