import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { memory } from '../../../adapters/store/memory.ts'
import { eventsOf, trail } from '../../support/app.ts'
import { always, faultyStore } from '../../support/faulty.ts'
import { gate, isSettled } from '../../support/gate.ts'

describe('audit.runAs', () => {
  it('gives what runs in it an actor, a tenant and a source', async () => {
    const { audit, recorded } = trail({ actor: () => ({ id: 'nobody asks' }) })
    const job = {
      actor: { id: 7, name: 'Importer', type: 'service' as const },
      tenant: 'acme',
      source: 'queue',
    }
    await audit.runAs(job, async () => {
      await Promise.resolve()
      audit.record({ action: 'row.import' })
      audit.scope().record({ action: 'row.check' })
    })
    const actor = { id: '7', name: 'Importer', type: 'service', via: 'queue' }
    expect(await recorded()).toMatchObject([
      { action: 'row.import', actor, tenant: 'acme' },
      { action: 'row.check', actor, tenant: 'acme' },
    ])
  })

  it('is the system where nobody is named', async () => {
    const { audit, recorded } = trail()
    await audit.runAs({ source: 'cron' }, ({ record }) => record({ action: 'a.sweep' }))
    expect((await recorded())[0]?.actor).toEqual({ id: 'system', type: 'system', via: 'cron' })
  })

  it('has stored what was recorded when it resolves, and passes the result on', async () => {
    const slow = gate()
    const stored = memory()
    const { audit } = trail({
      store: { ...stored, append: (...call) => slow.passed.then(() => stored.append(...call)) },
    })
    const job = audit.runAs({}, ({ record }) => (record({ action: 'a.sweep' }), 42))
    expect(await isSettled(job)).toBe(false)
    slow.open()
    expect(await job).toBe(42)
    expect(await eventsOf(stored)).toHaveLength(1)
  })

  it('passes on what the job throws, and keeps what it had recorded', async () => {
    const { audit, recorded } = trail()
    const thrown = new Error('mine')
    const job = audit.runAs({}, async ({ record }) => {
      record({ action: 'a.sweep' })
      throw thrown
    })
    await expect(job).rejects.toBe(thrown)
    expect(await recorded()).toHaveLength(1)
  })

  it('resolves with the result also when the store is down', async () => {
    const { audit, losses } = trail({
      onFailure: 'closed',
      store: faultyStore(memory(), always({ when: 'before', how: 'refused' })),
    })
    expect(await audit.runAs({}, ({ record }) => (record({ action: 'a.sweep' }), 42))).toBe(42)
    expect(losses).toHaveLength(1)
  })

  it('makes no request event of its own, and lets requests in it be their own', async () => {
    const { audit, events } = trail({ actor: () => ({ id: 'ada' }) })
    const app = new Hono().use(audit.middleware()).get('/', (c) => c.text('ok'))
    await audit.runAs({ source: 'script' }, () => app.request('/'))
    expect(await events()).toMatchObject([{ kind: 'request', actor: { id: 'ada' } }])
  })

  it('keeps jobs that run at once apart', async () => {
    const { audit, recorded } = trail()
    const together = gate()
    const jobs = Array.from({ length: 50 }, (_, n) =>
      audit.runAs({ actor: { id: n }, tenant: `t${n}` }, async () => {
        await together.passed
        audit.record({ action: 'n.read', reason: String(n) })
      }),
    )
    together.open()
    await Promise.all(jobs)
    const found = await recorded()
    expect(found).toHaveLength(50)
    for (const { actor, tenant, reason } of found)
      expect([actor.id, tenant]).toEqual([reason, `t${reason}`])
  })
})
