import { HTTPException } from 'hono/http-exception'
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { auditRoutes } from '../../../adapters/http/routes.ts'
import { trail } from '../../support/app.ts'
import { desk, may } from './desk.ts'

const routes: readonly (readonly [action: string, path: string, method: string | undefined])[] = [
  ['list', '/events', undefined],
  ['read', '/events/x', undefined],
  ['list', '/summary', undefined],
  ['list', '/history?targetType=a&targetId=b', undefined],
  ['list', '/logins', undefined],
  ['list', '/processes', undefined],
  ['read', '/processes/x', undefined],
  ['list', '/issues', undefined],
  ['read', '/issues/x', undefined],
  ['resolve', '/issues/x/resolve', 'POST'],
  ['resolve', '/issues/x/reopen', 'POST'],
  ['list', '/exports', undefined],
  ['read', '/exports/x', undefined],
  ['export', '/export', undefined],
  ['read', '/stats', undefined],
  ['read', '/openapi.json', undefined],
]

const initOf = (method = 'GET', headers: Record<string, string> = {}): RequestInit =>
  method === 'GET'
    ? { headers }
    : { method, body: '{}', headers: { ...headers, 'content-type': 'application/json' } }

describe('who may', () => {
  it.each(routes)('is asked for the action %s of %s', async (action, path, method) => {
    const asked: string[] = []
    const { ask } = desk({
      authorize: (_, about) => {
        asked.push(about)
        return false
      },
    })
    const response = await ask(path, initOf(method))
    expect([response.status, asked]).toEqual([403, [action]])
    expect(await response.json()).toMatchObject({ status: 403, title: 'Forbidden' })
  })

  it.each(routes)(
    'is asked before anything else of the request is judged (%s, %s)',
    async (_, path, method) => {
      const { ask } = desk()
      const wrong = `${path}${path.includes('?') ? '&' : '?'}nobody=1`
      expect((await ask(wrong, initOf(method, may(false)))).status).toBe(403)
    },
  )

  it.each([[false], [null], [0], [''], ['yes'], [1], [[]], [{}], ['true']])(
    'may not when the app answers %j',
    async (answer) => {
      const { ask } = desk()
      expect((await ask('/events', { headers: may(answer) })).status).toBe(403)
    },
  )

  it('may not when the app answers nothing', async () => {
    const { ask } = desk({ authorize: () => undefined })
    expect((await ask('/events')).status).toBe(403)
  })

  it.each([
    [{ tenant: undefined, actors: ['ada'] }],
    [{ tenants: 'ALL' }],
    [{ tenants: 'all', tenant: 'acme' }],
    [{ tenant: 'acme', actor: 'ada' }],
    [{ tenant: 7 }],
    [{ tenants: ['acme', 7] }],
    [{ tenant: 'acme', fields: 'reason' }],
  ])('may not with a fence that has a slip in it (%j), and the trail tells why', async (fence) => {
    const { ask, told } = desk()
    const response = await ask('/events', { headers: may(fence) })
    expect(response.status).toBe(403)
    expect(await response.text()).not.toContain('fence')
    expect(await told()).toMatchObject([
      { outcome: 'denied', data: { refused: 'fence' }, error: { type: 'AuditError' } },
    ])
  })

  it('may when a promise says so', async () => {
    const { ask } = desk({ authorize: async () => ({ tenant: 'acme' }) })
    expect((await ask('/events')).status).toBe(200)
  })

  it('is told to the app when asking throws, with its own error, and never to data', async () => {
    const { app, told } = desk({
      authorize: () => {
        throw new HTTPException(401, { message: 'who are you?' })
      },
    })
    const response = await app.request('/audit/events')
    expect([response.status, await response.text()]).toEqual([401, 'who are you?'])
    expect(await told()).toMatchObject([{ action: 'list', outcome: 'denied' }])
  })

  it('is no one by default: an app without async context is asked too', async () => {
    const { audit } = trail({ asyncContext: { run: (_, fn) => fn(), getStore: () => undefined } })
    const app = new Hono().route('/audit', auditRoutes(audit, { authorize: () => false }))
    expect((await app.request('/audit/events')).status).toBe(403)
  })
})

describe('a fence', () => {
  const filled = async () => {
    const made = desk()
    for (const tenant of ['acme', 'globex', null])
      for (const id of ['ada', 'bob'])
        await made.put({
          action: `${tenant}.${id}`,
          tenant,
          actor: { id },
          reason: 'because',
          metadata: { plan: tenant },
        })
    const seen = async (fence: unknown, query = ''): Promise<readonly string[]> => {
      const { events } = await made.get<{ events: { action: string }[] }>(
        `/events?kind=custom&order=oldest${query}`,
        { headers: may(fence) },
      )
      return events.map(({ action }) => action)
    }
    return { ...made, seen }
  }

  it('shows a tenant alone, whatever is asked for', async () => {
    const { seen } = await filled()
    expect(await seen({ tenant: 'acme' })).toEqual(['acme.ada', 'acme.bob'])
    expect(await seen({ tenant: 'acme' }, '&tenant=globex')).toEqual([])
    expect(await seen({ tenant: 'acme' }, '&tenant=globex&tenant=acme&tenant=')).toHaveLength(2)
    const any = encodeURIComponent('{"or":[{"tenant":"globex"},{"not":{"tenant":"acme"}}]}')
    expect(await seen({ tenant: 'acme' }, `&filter=${any}`)).toEqual([])
    expect(await seen({ tenant: null })).toEqual(['null.ada', 'null.bob'])
    expect(await seen(true)).toHaveLength(6)
  })

  it('shows what some actors did', async () => {
    const { seen } = await filled()
    expect(await seen({ tenants: ['acme', 'globex'], actors: ['bob'] })).toEqual([
      'acme.bob',
      'globex.bob',
    ])
  })

  it('shows some fields, and refuses to look into the others by their parameter', async () => {
    const { get } = await filled()
    const headers = may({ tenant: 'acme', fields: ['reason'] })
    const { events } = await get<{ events: object[] }>('/events?kind=custom', { headers })
    expect(events[0]).toHaveProperty('reason', 'because')
    expect(events[0]).not.toHaveProperty('metadata')
    for (const [query, parameter] of [
      ['metadata.plan=acme', 'metadata.plan'],
      ['ip=10.0.0.1', 'ip'],
      ['text=acme', 'text'],
      ['minDurationMs=1', 'minDurationMs'],
      ['changed=name', 'changed'],
      ['onBehalfOf=ada', 'onBehalfOf'],
      ['filter={"metadata":{"plan":"acme"}}', 'filter'],
      ['filter={"ip":"10.0.0.1"}&limit=5', 'filter'],
    ]) {
      const { errors } = await get(`/events?${query}`, { headers }, 400)
      expect({ query, errors }).toMatchObject({ query, errors: [{ parameter }] })
    }
  })

  it('answers the same for an event of another tenant as for one that is not there', async () => {
    const { ask, get } = await filled()
    const { events } = await get<{ events: { id: string }[] }>('/events?tenant=globex', {})
    const path = `/events/${events[0]?.id}`
    const foreign = await ask(path, { headers: may({ tenant: 'acme' }) })
    const absent = await ask('/events/nowhere', { headers: may({ tenant: 'acme' }) })
    expect([foreign.status, await foreign.text()]).toEqual([404, await absent.text()])
    expect((await ask(path, { headers: may({ tenant: 'globex' }) })).status).toBe(200)
  })

  it('makes a cursor of one reader worth nothing to another', async () => {
    const { ask, get } = await filled()
    const { next } = await get<{ next: string }>('/events?limit=1', {
      headers: may({ tenant: 'acme' }),
    })
    const response = await ask(`/events?limit=1&next=${next}`, {
      headers: may({ tenant: 'globex' }),
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ errors: [{ parameter: 'next' }] })
  })

  it('asks for the tenant where a count needs one, and hides the counts of the process', async () => {
    const { get } = await filled()
    const headers = may({ tenants: ['acme', 'globex'] })
    expect(await get('/summary', { headers }, 400)).toMatchObject({
      errors: [{ parameter: 'tenant' }],
    })
    expect(await get('/summary?tenant=acme', { headers })).toMatchObject({ actions: { total: 2 } })
    expect(await get('/stats', { headers })).toMatchObject({ delivery: null })
    expect(await get('/stats')).toMatchObject({ delivery: { lost: 0 } })
  })
})
