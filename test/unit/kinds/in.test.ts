import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { audited } from '../../../src/capture/audited.ts'
import type { ScopeHandle } from '../../../src/capture/scope.ts'
import { trail } from '../../support/app.ts'

const noContext = {
  asyncContext: { run: (_: unknown, fn: () => never) => fn(), getStore: () => undefined },
}
type App = { Variables: { audit: ScopeHandle } }

describe('audit.in, where there is no async context', () => {
  it('records all kinds in the request of a context or of its handle', async () => {
    const { audit, recorded } = trail({ ...noContext, actor: () => ({ id: 'ada' }) })
    const app = new Hono<App>().use(audit.middleware()).get('/', async (c) => {
      for (const here of [audit.in(c), audit.in(c.var.audit)]) {
        here.record({ action: 'a.read' })
        await here.record({ action: 'a.now' }, { delivery: 'await' })
        here.login({ method: 'password' })
        here.loginFailed({ name: 'eve', actor: { id: 'ada' } })
        here.logout()
        here.auth('mfa.verify')
        here.viewed({ type: 'a', id: 1 })
        const file = here.exported({ type: 'a' })
        file.downloaded()
        here.downloaded(file.id)
        const run = here.process('a.run')
        run.step('one').ok()
        run.step('one').fail()
        run.step('one').run(() => 1)
        await run.step('one').run(() => Promise.resolve(1))
        run.process('b.run').end()
        here.process.resume(run.id).end()
        here.resolve(here.system('error', { title: 'x' }))
        here.reopen('x')
        here.fields({ type: 'a', id: 1 }, ['id'])
        audited({ ...here, demand: audit.demand }, { action: 'a.call' }, () => 1)()
      }
      return c.text('ok')
    })
    await app.request('/', { headers: { 'x-request-id': 'r' } })
    const found = await recorded()
    expect(found).toHaveLength(46)
    for (const { actor, request } of found) expect([actor.id, request?.id]).toEqual(['ada', 'r'])
  })

  it('records in the job of a handle', async () => {
    const { audit, recorded } = trail(noContext)
    await audit.runAs({ actor: { id: 'cron' }, tenant: 'acme' }, async (scope) => {
      scope.extra({ n: 1 })
      await Promise.resolve()
      audit.in(scope).viewed({ type: 'a', id: 1 })
    })
    expect(await recorded()).toMatchObject([
      { action: 'view', actor: { id: 'cron' }, tenant: 'acme', metadata: { n: 1 } },
    ])
  })

  it('records also after the response has gone', async () => {
    const { audit, recorded } = trail({ ...noContext, actor: () => ({ id: 'ada' }) })
    let later: (() => string) | undefined
    const app = new Hono().use(audit.middleware()).get('/', (c) => {
      const { id } = audit.in(c).process('a.run')
      later = () => audit.in(c).process.resume(id).end()
      return c.text('ok')
    })
    await app.request('/', { headers: { 'x-request-id': 'r' } })
    later?.()
    const found = await recorded()
    expect(found.map(({ data }) => data?.['phase'])).toEqual(['started', 'ended'])
    expect(found[1]).toMatchObject({ request: { id: 'r' }, actor: { id: 'ada' } })
  })

  it('records outside of any scope where no middleware is mounted, and breaks no handler', async () => {
    const { audit, recorded } = trail(noContext)
    const app = new Hono().get('/', (c) => c.text(audit.in(c).viewed({ type: 'a', id: 1 })))
    expect((await app.request('/')).status).toBe(200)
    for (const wrong of [undefined, null, 7, {}]) audit.in(wrong as never).logout()
    expect(await recorded()).toHaveLength(5)
  })
})
