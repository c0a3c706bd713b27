import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { ScopeHandle } from '../../../src/capture/scope.ts'
import { trail } from '../../support/app.ts'
import { gate, turn } from '../../support/gate.ts'

describe('the scope of a request', () => {
  it('is never that of another, with 1,000 requests interleaved', async () => {
    const { audit, events } = trail()
    const start = gate()
    // Each goes its own way through timers, microtasks and streams before it speaks.
    const ways = [
      () => turn(),
      () => Promise.resolve(),
      () => new Promise((resolve) => setTimeout(resolve, 0)),
      async () => new Response('x').text(),
      () => new Promise<void>((resolve) => queueMicrotask(resolve)),
    ]
    const app = new Hono().use(audit.middleware()).get('/:n', async (c) => {
      const n = c.req.param('n')
      await start.passed
      for (let step = 0; step < 5; step += 1) await ways[(Number(n) + step) % ways.length]?.()
      audit.set({ n })
      await ways[Number(n) % ways.length]?.()
      audit.record({ action: 'n.read', target: { type: 'n', id: n } })
      audit.scope().override({ actor: { id: n }, reason: n })
      return c.text(n)
    })
    const requests = Array.from({ length: 1_000 }, async (_, n) =>
      app.request(`/${n}`, { headers: { 'x-request-id': `r${n}` } }),
    )
    start.open()
    await Promise.all(requests)
    const found = await events()
    expect(found).toHaveLength(2_000)
    for (const { kind, request, actor, metadata, targets, reason } of found) {
      const n = request?.id.slice(1)
      expect(actor.id).toBe(n)
      if (kind === 'request') expect([request?.path, metadata, reason]).toEqual([`/${n}`, { n }, n])
      else expect(targets).toEqual([{ type: 'n', id: n }])
    }
  })

  it('reaches everything below the middleware: helpers, timers and promises', async () => {
    const { audit, recorded } = trail()
    const helper = (action: string): string => audit.record({ action })
    const app = new Hono().use(audit.middleware()).get('/', async (c) => {
      helper('sync.done')
      await Promise.all([
        turn().then(() => helper('turn.done')),
        Promise.resolve().then(() => helper('micro.done')),
      ])
      await new Promise<void>((resolve) =>
        setTimeout(() => {
          helper('timer.done')
          resolve()
        }, 0),
      )
      return c.text('ok')
    })
    await app.request('/', { headers: { 'x-request-id': 'r' } })
    const found = await recorded()
    expect(found.map(({ action }) => action).toSorted()).toEqual([
      'micro.done',
      'sync.done',
      'timer.done',
      'turn.done',
    ])
    expect(found.every(({ request }) => request?.id === 'r')).toBe(true)
  })

  it('is c.var.audit where there is no async context', async () => {
    const { audit, events } = trail({
      asyncContext: { run: (_: unknown, fn: () => never) => fn(), getStore: () => undefined },
      actor: () => ({ id: 'ada' }),
    })
    const app = new Hono<{ Variables: { audit: ScopeHandle } }>()
      .use(audit.middleware())
      .get('/', audit.route({ action: 'a.list' }), (c) => {
        c.var.audit.record({ action: 'a.read' })
        c.var.audit.set({ n: 1 })
        expect(audit.tryScope()).toBeUndefined()
        return c.text(c.var.audit.requestId() ?? '')
      })
    const id = await (await app.request('/')).text()
    expect(await events()).toMatchObject([
      { action: 'a.read', request: { id }, actor: { id: 'ada' } },
      { action: 'a.list', request: { id }, actor: { id: 'ada' }, metadata: { n: 1 } },
    ])
  })

  it('does not exist outside: scope() throws with the cure, tryScope() and set() do nothing', () => {
    const { audit } = trail()
    expect(() => audit.scope()).toThrow(expect.objectContaining({ code: 'AUDIT_NO_SCOPE' }))
    expect(() => audit.scope()).toThrow('app.use(audit.middleware())')
    expect(audit.tryScope()).toBeUndefined()
    expect(() => audit.set({ a: 1 })).not.toThrow()
  })

  it('takes events also after the response has gone, with the request and its actor', async () => {
    const { audit, recorded, events } = trail({ actor: () => ({ id: 'ada' }) })
    const later = gate()
    let background: Promise<void> | undefined
    const app = new Hono().use(audit.middleware()).get('/', (c) => {
      background = later.passed.then(() => {
        audit.record({ action: 'mail.send' })
        return undefined
      })
      return c.text('ok')
    })
    await app.request('/', { headers: { 'x-request-id': 'r' } })
    expect(await events()).toHaveLength(1)
    later.open()
    await background
    expect(await recorded()).toMatchObject([
      { action: 'mail.send', request: { id: 'r' }, actor: { id: 'ada' } },
    ])
  })

  it('is not that of a job run inside of it', async () => {
    const { audit, recorded } = trail({ actor: () => ({ id: 'ada' }) })
    const app = new Hono().use(audit.middleware()).get('/', async (c) => {
      audit.record({ action: 'before.job' })
      await audit.runAs({ source: 'cron' }, () => audit.record({ action: 'in.job' }))
      audit.record({ action: 'after.job' })
      return c.text('ok')
    })
    await app.request('/')
    const byAction = (await recorded()).map(({ action, actor, request }) => [
      action,
      [actor.id, request !== undefined],
    ])
    expect(Object.fromEntries(byAction)).toEqual({
      'before.job': ['ada', true],
      'in.job': ['system', false],
      'after.job': ['ada', true],
    })
  })

  it('of an app inside of another, with an audit of its own, is its own', async () => {
    const one = trail()
    const two = trail()
    const app = new Hono().use(one.audit.middleware(), two.audit.middleware()).get('/', (c) => {
      one.audit.record({ action: 'one.read' })
      two.audit.record({ action: 'two.read' })
      return c.text('ok')
    })
    await app.request('/')
    expect((await one.recorded()).map(({ action }) => action)).toEqual(['one.read'])
    expect((await two.recorded()).map(({ action }) => action)).toEqual(['two.read'])
  })
})
