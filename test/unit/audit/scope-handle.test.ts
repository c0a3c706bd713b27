import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { Identity } from '../../../src/index.ts'
import { executionContext, trail } from '../../support/app.ts'
import { gate, isSettled } from '../../support/gate.ts'

describe('the scope of a request', () => {
  it('tells who acts in it, and from where, as its events do', async () => {
    const { audit, request } = trail({
      actor: async (c) => ({ id: c.req.header('x-user') ?? 'nobody' }),
      address: () => '192.0.2.1',
      // Left out or not, it is the same request.
      rules: [{ match: '/quiet', audit: false }],
    })
    const told: Identity[] = []
    const app = new Hono().use(audit.middleware()).get('*', async (c) => {
      told.push(await audit.scope().identify())
      return c.text('ok')
    })
    for (const path of ['/loud', '/quiet'])
      await app.request(path, { headers: { 'x-user': 'ada' } })
    const ada = { actor: { id: 'ada', type: 'user' }, ip: '192.0.2.1' }
    expect(told).toEqual([ada, ada])
    expect(await request()).toMatchObject({ actor: ada.actor, request: { ip: ada.ip } })
  })

  it('is the actor of a job, and nowhere', async () => {
    const { audit } = trail()
    const told = await audit.runAs({ source: 'cron' }, (scope) => scope.identify())
    expect(told).toEqual({ actor: { id: 'system', type: 'system', via: 'cron' }, ip: undefined })
  })

  it('keeps the runtime for work that outlives the response, and for work that fails', async () => {
    const { audit, events } = trail()
    const [held, broken] = [gate(), gate()]
    const context = executionContext()
    const app = new Hono().use(audit.middleware()).get('*', (c) => {
      audit.scope().keepAlive(held.passed)
      audit.scope().keepAlive(broken.passed)
      return c.text('ok')
    })
    await app.request('/', {}, {}, context)
    const drained = context.drained()
    expect(await isSettled(drained)).toBe(false)
    broken.fail(new Error('mine'))
    expect(await isSettled(drained)).toBe(false)
    held.open()
    await drained
    expect(await events()).toHaveLength(1)
  })
})
