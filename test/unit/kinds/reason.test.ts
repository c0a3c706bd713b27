import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { AuditOptions } from '../../../src/options.ts'
import { trail } from '../../support/app.ts'

const visit = async (
  headers: Record<string, string>,
  options: Partial<AuditOptions> = {},
  reason: 'optional' | 'required' = 'required',
) => {
  const made = trail({ rules: [{ match: '/invoices/*', reason }], ...options })
  let handled = 0
  const app = new Hono()
    .use(made.audit.middleware())
    .delete('/invoices/:id', (c) => c.text(String((handled += 1))))
    .delete('/other', (c) => c.text('ok'))
  const response = await app.request('/invoices/7', { method: 'DELETE', headers })
  return { ...made, app, response, handled, event: await made.request() }
}

describe('a rule that requires a reason', () => {
  it.each([undefined, '', '  '])('answers 400 before the handler runs: %j', async (reason) => {
    const { response, handled, event } = await visit(
      reason === undefined ? {} : { 'x-audit-reason': reason },
    )
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ status: 400, code: 'AUDIT_REASON_REQUIRED' })
    expect(handled).toBe(0)
    expect(event).toMatchObject({ outcome: 'denied', data: { status: 400 } })
    expect(event).not.toHaveProperty('reason')
  })

  it('lets a request with one through, and keeps it', async () => {
    const { response, event } = await visit({ 'x-audit-reason': ' duplicate ' })
    expect(await response.text()).toBe('1')
    expect(event).toMatchObject({ outcome: 'success', reason: 'duplicate' })
  })

  it.each([
    ['paid%20twice%20%E2%80%93%20na%C3%AFve', 'paid twice – naïve'],
    ['100% sure', '100% sure'],
  ])('takes the header %s for what it says', async (header, reason) => {
    expect((await visit({ 'x-audit-reason': header })).event.reason).toBe(reason)
  })

  it('asks no other request', async () => {
    const { app, audit, store } = await visit({ 'x-audit-reason': 'x' })
    expect((await app.request('/other', { method: 'DELETE' })).status).toBe(200)
    await audit.flush()
    expect((await store.page({ limit: 9 })).rows).toHaveLength(2)
  })

  it('asks nobody while auditing is paused', async () => {
    const { app, audit } = await visit({ 'x-audit-reason': 'x' })
    audit.pause()
    expect((await app.request('/invoices/7', { method: 'DELETE' })).status).toBe(200)
  })
})

describe('where a request says why', () => {
  it('is the app’s to say', async () => {
    const options = {
      reason: (c: { req: { query(name: string): string | undefined } }) => c.req.query('why'),
    }
    const made = trail({ rules: [{ match: '**', reason: 'required' }], ...options })
    const app = new Hono().use(made.audit.middleware()).get('/', (c) => c.text('ok'))
    expect((await app.request('/', { headers: { 'x-audit-reason': 'x' } })).status).toBe(400)
    expect((await app.request('/?why=audit')).status).toBe(200)
    const found = await made.events()
    expect(found.map(({ reason }) => reason)).toEqual([undefined, 'audit'])
  })

  it('is told of when it throws, and is no reason then', async () => {
    const { response, errors } = await visit(
      { 'x-audit-reason': 'x' },
      {
        reason: () => {
          throw new Error('mine')
        },
      },
    )
    expect(response.status).toBe(400)
    expect(errors.map(({ where }) => where)).toEqual(['reason'])
  })

  it('may be left out where it is optional, and is not read where no rule asks', async () => {
    const without = await visit({}, {}, 'optional')
    expect(without.response.status).toBe(200)
    expect(without.event).not.toHaveProperty('reason')
    const given = await visit({ 'x-audit-reason': 'why not' }, {}, 'optional')
    expect(given.event.reason).toBe('why not')
    const unasked = await visit({ 'x-audit-reason': 'why not' }, { rules: [] })
    expect(unasked.event).not.toHaveProperty('reason')
  })

  it('is less than what the handler says', async () => {
    const { audit, request } = trail({ rules: [{ match: '**', reason: 'optional' }] })
    const app = new Hono().use(audit.middleware()).get('/', (c) => {
      audit.scope().override({ reason: 'of the handler' })
      return c.text('ok')
    })
    await app.request('/', { headers: { 'x-audit-reason': 'of the header' } })
    expect((await request()).reason).toBe('of the handler')
  })
})

describe('what an action requires', () => {
  it('is marked on the event that lacks it, told, and kept', async () => {
    const told: unknown[] = []
    const { audit, recorded } = trail({
      require: { target: ['invoice.*'], reason: ['invoice.delete'] },
      onInvalid: (invalid) => told.push(invalid),
    })
    const target = { type: 'invoice', id: 7 }
    const ids = [
      audit.record({ action: 'Invoice.Delete', data: { n: 1 } }),
      audit.record({ action: 'invoice.read' }),
      audit.record({ action: 'invoice.delete', target, reason: ' ' }),
      audit.record({ action: 'invoice.delete', target, reason: 'old' }),
      audit.record({ action: 'invoice.read', targets: [target] }),
      audit.record({ action: 'order.delete' }),
    ]
    expect((await recorded()).map(({ data }) => data?.['invalid'])).toEqual([
      ['target', 'reason'],
      ['target'],
      ['reason'],
      undefined,
      undefined,
      undefined,
    ])
    expect(told).toEqual([
      { id: ids[0], action: 'invoice.delete', problems: ['target', 'reason'] },
      { id: ids[1], action: 'invoice.read', problems: ['target'] },
      { id: ids[2], action: 'invoice.delete', problems: ['reason'] },
    ])
    expect((await recorded())[0]?.data).toMatchObject({ n: 1 })
  })
})

describe('who acts', () => {
  it('is who the event names, then the scope, then the resolver, then anonymous; outside, the system', async () => {
    const { audit, recorded } = trail({
      actor: (c) => (c.req.query('as') === undefined ? null : { id: 'resolved' }),
    })
    const app = new Hono().use(audit.middleware()).get('/', (c) => {
      if (c.req.query('scope') !== undefined) audit.scope().override({ actor: { id: 'scope' } })
      audit.record({ action: 'a.explicit', actor: { id: 'explicit' } })
      audit.record({ action: 'a.plain' })
      return c.text('ok')
    })
    for (const query of ['as=1&scope=1', 'as=1', '']) await app.request(`/?${query}`)
    audit.record({ action: 'a.outside' })
    audit.record({ action: 'a.outside', actor: { id: 'explicit' } })
    await audit.runAs({ actor: { id: 'job' } }, ({ record }) => {
      record({ action: 'a.job' })
      record({ action: 'a.job', actor: { id: 'explicit' } })
    })
    expect((await recorded()).map(({ actor }) => `${actor.type} ${actor.id}`)).toEqual([
      'user explicit',
      'user scope',
      'user explicit',
      'user resolved',
      'user explicit',
      'anonymous anonymous',
      'system system',
      'user explicit',
      'user job',
      'user explicit',
    ])
  })

  it('of a login that failed is never whose session is still there', async () => {
    const { audit, recorded } = trail({ actor: () => ({ id: 'session' }) })
    const app = new Hono().use(audit.middleware()).get('/', (c) => {
      audit.loginFailed({ name: 'eve', actor: undefined, outcome: undefined })
      audit.loginFailed({ name: 'eve', actor: { id: 'known' }, outcome: 'denied' })
      return c.text('ok')
    })
    await app.request('/')
    expect((await recorded()).map(({ actor, outcome }) => [actor.id, outcome])).toEqual([
      ['anonymous', 'failure'],
      ['known', 'denied'],
    ])
  })
})
