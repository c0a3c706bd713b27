import { describe, expect, it } from 'vitest'
import { memory } from '../../../adapters/store/memory.ts'
import type { AuditStore } from '../../../src/ports/store.ts'
import { always, faultyStore } from '../../support/faulty.ts'
import { desk, may } from './desk.ts'

const json = { 'content-type': 'application/json' }

const post = (body: unknown, headers: Record<string, string> = json): RequestInit => ({
  method: 'POST',
  body: typeof body === 'string' ? body : JSON.stringify(body),
  headers,
})

const filled = async (store: AuditStore = memory()) => {
  const made = desk({}, { store })
  const broken = (tenant: string | null) =>
    made.audit.runAs({ source: 'cron', tenant }, () => {
      made.audit.system('error', { error: new Error('disk full'), fingerprint: 'disk' })
    })
  await broken('acme')
  return { ...made, broken }
}

describe('resolving an issue', () => {
  it('is an event of who did it, of the tenant of the issue, and is seen in the answer', async () => {
    const { get, events } = await filled()
    const headers = { ...json, 'x-user': 'ada' }
    expect(await get('/issues/disk')).toMatchObject({ state: 'open' })
    const answer = await get('/issues/disk/resolve', post({ note: 'made room' }, headers))
    expect(answer).toMatchObject({
      state: 'resolved',
      resolution: { by: { id: 'ada' }, note: 'made room' },
    })
    const decided = (await events()).filter(({ action }) => action === 'system.resolve')
    expect(decided).toMatchObject([
      { tenant: 'acme', actor: { id: 'ada' }, data: { note: 'made room' } },
    ])
    expect(await get('/issues/disk/reopen', post({}))).toMatchObject({ state: 'open' })
  })

  it('needs no note', async () => {
    const { get } = await filled()
    expect(await get('/issues/disk/resolve', post({}))).toMatchObject({ state: 'resolved' })
  })

  it('asks whose issue is meant where several tenants have one of that id', async () => {
    const { get, broken, events } = await filled()
    await broken(null)
    expect(await get('/issues/disk/resolve', post({}), 400)).toMatchObject({
      errors: [{ parameter: 'tenant' }],
    })
    expect(await get('/issues/disk/resolve?tenant=', post({}))).toMatchObject({
      tenant: null,
      state: 'resolved',
    })
    expect(await get('/issues/disk?tenant=acme')).toMatchObject({ state: 'open' })
    const headers = { ...json, ...may({ tenant: 'acme' }) }
    expect(await get('/issues/disk/resolve', post({}, headers))).toMatchObject({ tenant: 'acme' })
    const decided = (await events()).filter(({ action }) => action === 'system.resolve')
    expect(decided.map(({ tenant }) => tenant)).toEqual([null, 'acme'])
  })

  it('is a 404 for an issue that is not there, or of another tenant, and no decision', async () => {
    const { ask, events } = await filled()
    const headers = { ...json, ...may({ tenant: 'globex' }) }
    expect((await ask('/issues/nowhere/resolve', post({}))).status).toBe(404)
    expect((await ask('/issues/disk/resolve', post({}, headers))).status).toBe(404)
    expect((await ask('/issues/disk/resolve?tenant=acme', post({}, headers))).status).toBe(404)
    expect((await events()).filter(({ action }) => action.startsWith('system.r'))).toEqual([])
  })

  it.each([
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['plain text', { 'content-type': 'text/plain' }, 415],
    ['nothing said', {}, 415],
    ['JSON by a longer name', { 'content-type': 'application/jsonp' }, 415],
    ['another site', { ...json, 'sec-fetch-site': 'cross-site' }, 403],
    ['another origin of the site', { ...json, 'sec-fetch-site': 'same-site' }, 403],
    ['another origin, by an old browser', { ...json, origin: 'https://evil.example' }, 403],
    ['an opaque origin', { ...json, origin: 'null' }, 403],
    ['no origin that is one', { ...json, origin: 'localhost' }, 403],
    ['the same origin', { ...json, 'sec-fetch-site': 'same-origin' }, 200],
    [
      'the same host, by an old browser behind a proxy',
      { ...json, origin: 'https://localhost' },
      200,
    ],
    ['the type with a charset', { 'content-type': 'Application/JSON ; charset=utf-8' }, 200],
  ])('from %s is answered with its status', async (_, headers, status) => {
    const { ask, told } = await filled()
    const response = await ask('/issues/disk/resolve', post({}, headers))
    expect(response.status).toBe(status)
    if (status === 200) return
    expect(await told()).toMatchObject([
      { kind: 'access', action: 'issue.resolve', outcome: 'denied' },
    ])
    expect((await ask('/issues/disk')).status).toBe(200)
  })

  it.each([
    ['', 'body'],
    ['[]', 'body'],
    ['null', 'body'],
    ['{"note":', 'body'],
    ['{"note":7}', 'note'],
    ['{"nobody":1}', 'nobody'],
    [JSON.stringify({ note: 'x'.repeat(8_193) }), 'note'],
  ])('refuses the body %s by the name of what is wrong', async (body, parameter) => {
    const { get } = await filled()
    expect(await get('/issues/disk/resolve', post(body), 400)).toMatchObject({
      errors: [{ parameter }],
    })
  })

  it('reads no more of a body than it may have', async () => {
    const { ask } = await filled()
    let pulled = 0
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled += 1
        controller.enqueue(new Uint8Array(16_384))
      },
    })
    const init = { method: 'POST', body: endless, headers: json, duplex: 'half' }
    expect((await ask('/issues/disk/resolve', init)).status).toBe(413)
    expect(pulled).toBeLessThan(8)
  })

  it('takes a body that middleware of the app has read before', async () => {
    const { get, put } = desk({}, {}, (app) =>
      app.use(async (c, next) => {
        if (c.req.method === 'POST') await c.req.json()
        await next()
      }),
    )
    await put({ kind: 'system', action: 'system.error', target: { type: 'issue', id: 'disk' } })
    expect(await get('/issues/disk/resolve', post({ note: 'ok' }))).toMatchObject({
      state: 'resolved',
    })
  })

  it('is a 503 where the app would rather not answer than not record', async () => {
    const inner = memory()
    const { audit } = await filled(inner)
    await audit.flush()
    const store = faultyStore(inner, always({ when: 'before', how: 'refused' }))
    const { ask } = desk({}, { store, onFailure: 'closed' })
    expect((await ask('/issues/disk/resolve', post({}))).status).toBe(503)
  })

  it('is not there for other methods', async () => {
    const { ask } = await filled()
    const response = await ask('/issues/disk/resolve')
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
  })
})
