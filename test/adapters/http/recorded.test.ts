import { describe, expect, it } from 'vitest'
import { inOrder, faultyStore } from '../../support/faulty.ts'
import { memory } from '../../../adapters/store/memory.ts'
import { desk, may } from './desk.ts'

const gets: readonly (readonly [path: string, told: object])[] = [
  [
    '/events?actor=ada&limit=3',
    {
      action: 'list',
      targets: [{ type: 'audit.event', id: '*' }],
      data: { count: 0, filter: { actor: 'ada', limit: '3' } },
    },
  ],
  [
    '/events/x',
    { action: 'view', outcome: 'failure', targets: [{ type: 'audit.event', id: 'x' }] },
  ],
  [
    '/summary?top=3',
    { action: 'list', targets: [{ type: 'audit.summary' }], data: { filter: { top: '3' } } },
  ],
  [
    '/history?targetType=a&targetId=b',
    {
      action: 'list',
      targets: [{ type: 'audit.history' }],
      data: { filter: { targetType: 'a', targetId: 'b' } },
    },
  ],
  ['/logins?user=ada', { action: 'list', targets: [{ type: 'audit.login' }] }],
  ['/processes', { action: 'list', targets: [{ type: 'audit.process' }] }],
  ['/processes/p', { action: 'view', targets: [{ type: 'audit.process', id: 'p' }] }],
  ['/issues?state=open', { action: 'list', targets: [{ type: 'audit.issue' }] }],
  ['/issues/i', { action: 'view', targets: [{ type: 'audit.issue', id: 'i' }] }],
  ['/exports', { action: 'list', targets: [{ type: 'audit.export' }] }],
  ['/exports/e', { action: 'view', targets: [{ type: 'audit.export', id: 'e' }] }],
  ['/stats', { action: 'view', targets: [{ type: 'audit.stats' }] }],
  ['/openapi.json', { action: 'view', targets: [{ type: 'audit.openapi' }] }],
]

describe('that somebody read the trail', () => {
  it.each(gets)('is in the trail: %s', async (path, wanted) => {
    const { ask, told } = desk()
    await ask(path, { headers: { 'x-user': 'ada' } })
    expect(await told()).toEqual([
      expect.objectContaining({
        kind: 'access',
        actor: { id: 'ada', type: 'user', name: 'ADA' },
        tenant: 'house',
      }),
    ])
    expect(await told()).toMatchObject([wanted])
  })

  it.each(gets)('is in the trail when it was denied: %s', async (path) => {
    const { ask, told } = desk()
    await ask(path, { headers: may(false) })
    expect(await told()).toMatchObject([{ outcome: 'denied', data: { refused: 'authorize' } }])
  })

  it.each(gets)('is in the trail when a parameter was wrong: %s', async (path) => {
    const { ask, told } = desk()
    const response = await ask(`${path}${path.includes('?') ? '&' : '?'}oops=1`)
    expect(response.status).toBe(400)
    expect(await told()).toMatchObject([{ outcome: 'failure', data: { filter: { oops: '1' } } }])
  })

  it('is in the trail when it cannot be answered as it is wanted, or is too long', async () => {
    const { ask, told } = desk({ limits: { url: 256 } })
    await ask('/events', { headers: { accept: 'text/html' } })
    await ask(`/events?text=${'x'.repeat(300)}`)
    expect(await told()).toMatchObject([
      { outcome: 'failure', data: { refused: 'accept' } },
      { outcome: 'failure', data: { refused: 'url' } },
    ])
  })

  it('is in the trail of who asked for the headers alone', async () => {
    const { ask, told } = desk()
    for (const path of ['/events', '/export']) await ask(path, { method: 'HEAD' })
    expect(await told()).toMatchObject([{ action: 'list' }, { action: 'view' }])
  })

  it('cannot be switched off by who asks', async () => {
    const { ask, told } = desk()
    const headers = {
      'x-audit': 'off',
      'x-request-id': 'mine',
      dnt: '1',
      'sec-gpc': '1',
      'x-audit-reason': 'none',
      prefer: 'return=minimal',
      purpose: 'prefetch',
    }
    await ask('/events?audit=false', { headers })
    await ask('/events?limit=1', { headers })
    expect(await told()).toMatchObject([{ outcome: 'failure' }, { outcome: 'success' }])
  })

  it('tells how many events were shown', async () => {
    const { put, get, told } = desk()
    await put({ action: 'a' }, { action: 'b' })
    await get('/events')
    expect(await told()).toMatchObject([{ data: { count: 2 } }])
  })

  it('passes the redactor: a secret in a question is none in its event', async () => {
    const { ask, told } = desk()
    await ask('/events?password=hunter2&metadata.api_key=hunter2')
    const [event] = await told()
    expect(JSON.stringify(event)).not.toContain('hunter2')
    expect(event).toMatchObject({ data: { filter: { password: '***REDACTED***' } } })
  })

  it('is one event, wherever the middleware is mounted', async () => {
    const { app, events } = desk({}, { rules: [] })
    await app.request('/audit/events')
    expect((await events()).map(({ kind }) => kind)).toEqual(['access', 'request'])
  })

  it('is stored before it is answered where the routes await it, and answered with 503 where it must be', async () => {
    const store = memory()
    const { ask, events } = desk({ delivery: 'await' }, { store })
    await ask('/events')
    const { rows } = await store.page({ limit: 10 })
    expect(rows).toHaveLength(1)
    expect(await events()).toHaveLength(1)

    const failing = faultyStore(memory(), inOrder({ when: 'before', how: 'refused' }))
    const closed = desk({ delivery: 'await' }, { store: failing, onFailure: 'closed' })
    expect((await closed.ask('/events')).status).toBe(503)
    expect(closed.losses).toHaveLength(1)
  })

  it('tells of an error of the app, which the app answers', async () => {
    const authorize = (): never => {
      throw new Error('the directory is down')
    }
    const { ask, told } = desk({ authorize }, {}, (app) => app.onError((_, c) => c.text('', 500)))
    expect((await ask('/events')).status).toBe(500)
    expect(await told()).toMatchObject([
      { outcome: 'failure', error: { message: 'the directory is down' } },
    ])
  })
})
