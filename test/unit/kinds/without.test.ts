import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { ScopeHandle } from '../../../src/capture/scope.ts'
import { executionContext, trail } from '../../support/app.ts'
import { gate } from '../../support/gate.ts'

const noContext = {
  asyncContext: { run: (_: unknown, fn: () => never) => fn(), getStore: () => undefined },
}

describe('audit.without', () => {
  it('records nothing of what happens in it but that, and by whom, and why', async () => {
    const { audit, events } = trail({ actor: () => ({ id: 'ada' }), tenant: () => 'acme' })
    const app = new Hono().use(audit.middleware()).get('/', async (c) => {
      audit.record({ action: 'a.before' })
      const given = await audit.without(
        async (scope) => {
          audit.record({ action: 'in.one' })
          await Promise.resolve()
          await audit.record({ action: 'in.two' }, { delivery: 'await' })
          scope.record({ action: 'in.three' })
          audit.scope().record({ action: 'in.four' })
          audit.process('in.run').step('a').ok()
          audit.set({ in: 1 })
          return 7
        },
        { reason: 'import' },
      )
      audit.without(() => audit.record({ action: 'in.sync' }), { by: { id: 'bob' } })
      audit.record({ action: 'a.after' })
      return c.text(String(given))
    })
    expect(await (await app.request('/', { headers: { 'x-request-id': 'r' } })).text()).toBe('7')
    const found = await events()
    expect(found.map(({ action }) => action)).toEqual([
      'a.before',
      'audit.without',
      'audit.without',
      'a.after',
      'http.get',
    ])
    expect(found.slice(1, 3)).toMatchObject([
      {
        kind: 'system',
        outcome: 'success',
        actor: { id: 'ada' },
        tenant: 'acme',
        reason: 'import',
        request: { id: 'r' },
        targets: [{ type: 'audit', id: 'settings' }],
        data: { leftOut: 6, durationMs: expect.any(Number) },
      },
      { actor: { id: 'bob' }, data: { leftOut: 1 } },
    ])
    expect(found.at(-1)).not.toHaveProperty('metadata')
    expect(audit.stats()).toMatchObject({ captured: 5, stored: 5 })
  })

  it('throws on what is thrown in it, and tells that it failed', async () => {
    const { audit, recorded } = trail()
    const thrown = new Error('mine')
    expect(() =>
      audit.without(() => {
        audit.record({ action: 'in.one' })
        throw thrown
      }),
    ).toThrow(thrown)
    await expect(audit.without(() => Promise.reject(thrown))).rejects.toBe(thrown)
    expect(await recorded()).toMatchObject([
      {
        action: 'audit.without',
        outcome: 'failure',
        actor: { id: 'system' },
        data: { leftOut: 1 },
      },
      { action: 'audit.without', outcome: 'failure', data: { leftOut: 0 } },
    ])
  })

  it('counts all that is left out of one in another, of jobs and of requests in it', async () => {
    const { audit, recorded } = trail()
    const app = new Hono().use(audit.middleware()).get('/', (c) => {
      audit.record({ action: 'in.request' })
      return c.text('ok')
    })
    await audit.without(async () => {
      audit.record({ action: 'in.one' })
      audit.without(() => {
        audit.record({ action: 'in.two' })
        audit.record({ action: 'in.two' })
        audit.without((scope) => scope.record({ action: 'in.two' }))
      })
      await audit.runAs({ source: 'queue' }, ({ record }) => record({ action: 'in.job' }))
      expect(await (await app.request('/')).text()).toBe('ok')
      audit.record({ action: 'in.three' })
    })
    await audit.runAs({}, () => audit.record({ action: 'a.after' }))
    expect(await recorded()).toMatchObject([
      { action: 'audit.without', data: { leftOut: 8 } },
      { action: 'a.after' },
    ])
  })

  it('leaves requests alone that run beside it', async () => {
    const { audit, recorded } = trail()
    const inside = gate()
    const done = gate()
    const app = new Hono()
      .use(audit.middleware())
      .get('/muted', async (c) => {
        await audit.without(async () => {
          inside.open()
          await done.passed
          audit.record({ action: 'in.one' })
        })
        return c.text('ok')
      })
      .get('/other', (c) => c.text(audit.record({ action: 'other.read' })))
    const muted = app.request('/muted')
    await inside.passed
    await app.request('/other')
    done.open()
    await muted
    expect((await recorded()).map(({ action }) => action)).toEqual(['other.read', 'audit.without'])
  })

  it('is of the same request, whose id is the same in there', async () => {
    const { audit, recorded } = trail()
    const ids: unknown[] = []
    const app = new Hono().use(audit.middleware()).get('/', (c) => {
      ids.push(
        audit.without(({ requestId }) => requestId()),
        audit.scope().requestId(),
      )
      return c.text('ok')
    })
    await app.request('/')
    expect(ids).toEqual([(await recorded())[0]?.request?.id, ids[0]])
  })

  it('goes by the handle that it gives where there is no async context', async () => {
    const { audit, recorded } = trail(noContext)
    audit.without((scope) => {
      scope.record({ action: 'in.one' })
      audit.in(scope).viewed({ type: 'a', id: 1 })
      audit.record({ action: 'by.audit' })
    })
    expect(await recorded()).toMatchObject([
      { action: 'by.audit' },
      { action: 'audit.without', data: { leftOut: 2 } },
    ])
  })
})

describe('audit.pause and resume', () => {
  it('stop what comes after, go on, and leave an event of each, by whom and why', async () => {
    const { audit, events } = trail({ actor: () => ({ id: 'ada' }) })
    const app = new Hono()
      .use(audit.middleware())
      .get('/:id', (c) => c.text(audit.record({ action: `a.${c.req.param('id')}` })))
    await app.request('/1')
    audit.pause({ by: { id: 'ops' }, reason: 'restore' })
    audit.pause({ reason: 'again' })
    const response = await app.request('/2')
    expect(await response.text()).toMatch(/^[\da-f-]{36}$/)
    audit.record({ action: 'a.3' })
    await audit.runAs({}, ({ record }) => record({ action: 'a.4' }))
    audit.resume({ by: { id: 'ops' } })
    audit.resume()
    await app.request('/5')
    const found = await events()
    expect(found.map(({ action }) => action).filter((action) => action !== 'http.get')).toEqual([
      'a.1',
      'audit.pause',
      'audit.resume',
      'a.5',
    ])
    expect(found.find(({ action }) => action === 'audit.pause')).toMatchObject({
      kind: 'system',
      actor: { id: 'ops' },
      reason: 'restore',
      targets: [{ type: 'audit', id: 'settings' }],
    })
    expect(audit.stats()).toMatchObject({ captured: 6, stored: 6, lost: 0 })
  })

  it('are told when a request does it, which came while it was paused', async () => {
    const { audit, events } = trail({ actor: () => ({ id: 'ada' }) })
    const context = executionContext()
    const app = new Hono<{ Variables: { audit: ScopeHandle } }>()
      .use(audit.middleware())
      .get('/resume', (c) => {
        audit.resume({ reason: 'done' })
        c.var.audit.record({ action: 'a.by-handle' })
        return c.text(audit.record({ action: 'a.read' }))
      })
    audit.pause()
    await app.request('/resume', { headers: { 'x-request-id': 'r' } }, {}, context)
    await context.drained()
    const found = await events()
    expect(found.map(({ action }) => action)).toEqual([
      'audit.pause',
      'audit.resume',
      'a.by-handle',
      'a.read',
    ])
    for (const { actor, request } of found.slice(1))
      expect([actor.id, request?.id]).toEqual(['ada', 'r'])
  })

  it('keep no runtime waiting for a request that came while it was paused', async () => {
    const { audit } = trail()
    const context = executionContext()
    const app = new Hono().use(audit.middleware()).get('/', (c) => c.text('ok'))
    audit.pause()
    await app.request('/', {}, {}, context)
    await context.drained()
    expect(context.waited).toEqual([])
  })

  it('are on record also when it is done where nothing is', async () => {
    const { audit, recorded } = trail()
    audit.without(() => audit.pause({ reason: 'in there' }))
    audit.resume()
    expect((await recorded()).map(({ action }) => action)).toEqual(['audit.pause', 'audit.resume'])
  })

  it('leave a request whole that came before', async () => {
    const { audit, events } = trail()
    const app = new Hono().use(audit.middleware()).get('/', (c) => {
      audit.record({ action: 'a.before' })
      audit.pause()
      audit.record({ action: 'a.after' })
      return c.text('ok')
    })
    await app.request('/')
    expect((await events()).map(({ action }) => action)).toEqual([
      'a.before',
      'audit.pause',
      'http.get',
    ])
  })

  it('do not turn on what the kill switch turned off', async () => {
    const { audit, events } = trail({ enabled: false, require: { reason: ['*'] } })
    audit.resume()
    audit.demand('a.read', undefined)
    audit.pause()
    audit.resume()
    audit.record({ action: 'a.read' })
    await new Hono().use(audit.middleware()).request('/')
    expect(await events()).toEqual([])
  })
})
