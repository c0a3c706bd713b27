import { Hono } from 'hono'
import { describe, expect, it, vi } from 'vitest'
import { body } from '../../../src/capture/body/body.ts'
import type { AuditEvent } from '../../../src/event/schema.ts'
import { executionContext, trail } from '../../support/app.ts'

describe('the kill switch', () => {
  it('stores nothing, holds nothing, and leaves every call of the app working', async () => {
    const { audit, store, errors } = trail({
      enabled: false,
      delivery: 'await',
      onFailure: 'closed',
      rules: [{ match: '**', body: body({ request: true, response: true, until: 'end' }) }],
    })
    const context = executionContext()
    const app = new Hono<{ Variables: { audit: ReturnType<typeof audit.scope> } }>()
      .use(audit.middleware())
      .post('/', audit.route({ action: 'a.write' }), async (c) => {
        audit.set({ a: 1 })
        audit.record({ action: 'a.read' })
        await audit.record({ action: 'a.read' }, { delivery: 'await' })
        audit.scope().override({ reason: 'x' })
        const id = c.var.audit.record({ action: 'a.read' })
        for (let count = 0; count < 300; count += 1) audit.record({ action: 'a.read' })
        return c.json({ id, requestId: audit.scope().requestId() })
      })
    const response = await app.request('/', { method: 'POST', body: 'x' }, {}, context)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      requestId: expect.stringMatching(/^[\da-f-]{36}$/),
    })
    audit.record({ action: 'outside' })
    expect(
      await audit.runAs({ source: 'cron' }, ({ record }) => record({ action: 'job' })),
    ).toBeTypeOf('string')
    await audit.flush()
    expect(context.waited).toEqual([])
    expect((await store.page({ limit: 10 })).rows).toEqual([])
    expect(audit.stats()).toMatchObject({ captured: 0, stored: 0, lost: 0, pending: 0 })
    expect(errors).toEqual([])
  })
})

describe('a dry run', () => {
  it('shows each event redacted, stores none, and counts them', async () => {
    const shown: AuditEvent[] = []
    const { audit, store } = trail({ dryRun: (event) => shown.push(event), delivery: 'await' })
    const app = new Hono().use(audit.middleware()).get('/', (c) => {
      audit.record({ action: 'a.read', metadata: { password: 'hunter2' } })
      return c.text('ok')
    })
    expect((await app.request('/?token=hunter2')).status).toBe(200)
    expect(shown.map(({ action }) => action)).toEqual(['a.read', 'http.get'])
    expect(JSON.stringify(shown)).not.toContain('hunter2')
    expect(audit.stats()).toMatchObject({ dryRun: 2, captured: 0, stored: 0 })
    expect((await store.page({ limit: 10 })).rows).toEqual([])
  })

  it('shows on the console where no function is given', async () => {
    const info = vi.spyOn(console, 'info').mockImplementation(() => undefined)
    try {
      const { audit } = trail({ dryRun: true })
      await new Hono().use(audit.middleware()).request('/')
      expect(info).toHaveBeenCalledOnce()
      expect(JSON.parse(String(info.mock.calls[0]?.[0]))).toMatchObject({ kind: 'request' })
    } finally {
      info.mockRestore()
    }
  })
})

describe('audit.route', () => {
  it('names action, target and reason of the request event', async () => {
    const { audit, request } = trail()
    const app = new Hono().use(audit.middleware()).post(
      '/invoices/:id/refund',
      audit.route({
        action: 'invoice.refund',
        target: (c) => ({ type: 'invoice', id: c.req.param('id') ?? '' }),
        targets: [{ type: 'ledger', id: 9 }],
        reason: 'duplicate',
      }),
      (c) => c.text('ok'),
    )
    await app.request('/invoices/7/refund', { method: 'POST' })
    expect(await request()).toMatchObject({
      action: 'invoice.refund',
      targets: [
        { type: 'invoice', id: '7' },
        { type: 'ledger', id: '9' },
      ],
      reason: 'duplicate',
    })
  })

  it('leaves the request event out with skip, and keeps what is recorded', async () => {
    const { audit, events } = trail()
    const app = new Hono().use(audit.middleware()).get('/', audit.route({ skip: true }), (c) => {
      audit.record({ action: 'a.read' })
      return c.text('ok')
    })
    await app.request('/')
    expect((await events()).map(({ action }) => action)).toEqual(['a.read'])
  })

  it('turns bodies on, and off where a rule had turned them on', async () => {
    const { audit, events } = trail({ rules: [{ match: '/off', body: body({ request: true }) }] })
    const app = new Hono()
      .use(audit.middleware())
      .post('/on', audit.route({ body: body({ request: true }) }), async (c) =>
        c.text(await c.req.text()),
      )
      .post('/off', audit.route({ body: false }), async (c) => c.text(await c.req.text()))
    for (const path of ['/on', '/off']) await app.request(path, { method: 'POST', body: 'text' })
    const [on, off] = await events()
    expect(on?.data).toMatchObject({ body: 'text' })
    expect(off?.data).not.toHaveProperty('body')
    expect(off?.data).not.toHaveProperty('bodyLeftOut')
  })

  it('does nothing where no audit is mounted', async () => {
    const { audit, events } = trail()
    const app = new Hono().get('/', audit.route({ action: 'x' }), (c) => c.text('ok'))
    expect((await app.request('/')).status).toBe(200)
    expect(await events()).toEqual([])
  })

  it.each([null, 7, {}, { id: Object.create(null) }, 'text'])(
    'costs no event when a target is not one: %j',
    async (wrong) => {
      const target = (): never => wrong as never
      const { audit, request } = trail()
      const app = new Hono()
        .use(audit.middleware())
        .get('/', audit.route({ action: 'a.read', target }), (c) => c.text('ok'))
      expect((await app.request('/')).status).toBe(200)
      expect((await request()).action).toBe('a.read')
    },
  )
})
