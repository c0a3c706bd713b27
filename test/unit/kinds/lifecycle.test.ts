import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { memory } from '../../../adapters/store/memory.ts'
import { lifecycle } from '../../../src/capture/lifecycle.ts'
import { AuditError } from '../../../src/errors.ts'
import type { AuditOptions } from '../../../src/options.ts'
import type { AuditStore } from '../../../src/ports/store.ts'
import { executionContext, NOW, trail } from '../../support/app.ts'

/** Audits of one store, one a second after the other: each a process of its own. */
const processes = (store: AuditStore = memory()) => {
  let now = NOW
  return (options: Partial<AuditOptions> = {}) => {
    now += 1_000
    const time = now
    return trail({ store, lifecycle: lifecycle(), ...options, ambient: { now: () => time } })
  }
}

const actionsOf = async (made: ReturnType<typeof trail>): Promise<readonly string[]> =>
  (await made.events()).map(({ action }) => action)

describe('lifecycle', () => {
  it('tells once that auditing starts, with the settings in force and no value that is no setting', async () => {
    const { audit, events } = trail({
      lifecycle: lifecycle(),
      deadline: 4_321,
      actor: () => ({ id: 'ada' }),
      exclude: [/^\/live/],
      redact: { hash: () => 'h' },
    })
    const app = new Hono().use(audit.middleware()).get('/', (c) => c.text('ok'))
    await Promise.all([app.request('/'), app.request('/'), audit.runAs({}, () => 1)])
    const starts = (await events()).filter(({ action }) => action === 'audit.start')
    expect(starts).toMatchObject([
      {
        kind: 'system',
        outcome: 'success',
        tenant: null,
        actor: { id: 'system' },
        targets: [{ type: 'audit', id: 'settings' }],
        data: { digest: expect.stringMatching(/^[\da-f]{16}$/) },
      },
    ])
    const settings: unknown = JSON.parse(String(starts[0]?.data?.['settings']))
    expect(settings).toMatchObject({
      actor: '[function]',
      deadline: 4_321,
      exclude: ['/^\\/live/'],
    })
    expect(settings).not.toHaveProperty('store')
  })

  it('starts with a job too, and not at all before the first of either', async () => {
    const { audit, recorded } = trail({ lifecycle: lifecycle() })
    expect(await recorded()).toEqual([])
    await audit.without(() => audit.runAs({}, () => 1))
    await audit.runAs({}, () => 1)
    expect((await recorded()).map(({ action }) => action)).toEqual(['audit.without', 'audit.start'])
  })

  it('tells when the settings are others than at the last start, with both', async () => {
    const start = processes()
    await start({ deadline: 1_000, stack: true }).audit.runAs({}, () => 1)
    await start({ stack: true, deadline: 1_000 }).audit.runAs({}, () => 1)
    const third = start({ deadline: 2_000, stack: true })
    await third.audit.runAs({}, () => 1)
    const last = start({ deadline: 2_000, stack: true })
    await last.audit.runAs({}, () => 1)
    const found = await last.events()
    expect(found.map(({ action }) => action)).toEqual([
      'audit.start',
      'audit.start',
      'audit.start',
      'audit.configure',
      'audit.start',
    ])
    const [, before, after, change] = found
    expect(change?.changes?.['settings']).toEqual({
      old: before?.data?.['settings'],
      new: after?.data?.['settings'],
    })
    expect(change?.data).toEqual(after?.data)
  })

  it('finds the last start behind any number of other events of auditing', async () => {
    const start = processes()
    const first = start({ deadline: 1_000 })
    await first.audit.runAs({}, () => 1)
    for (let count = 0; count < 100; count += 1) first.audit.without(() => 1)
    await first.audit.flush()
    const second = start({ deadline: 2_000 })
    await second.audit.runAs({}, () => 1)
    expect(await actionsOf(second)).toContain('audit.configure')
  })

  it('tells once at close that auditing stops, where it had started', async () => {
    const store = memory()
    const { audit } = trail({ store, lifecycle: lifecycle() })
    await audit.runAs({}, () => 1)
    await Promise.all([audit.close(), audit.close()])
    await audit.close()
    const { rows } = await store.page({ limit: 9, order: 'oldest' })
    expect(rows.map(({ action }) => action)).toEqual(['audit.start', 'audit.stop'])
    const idle = trail({ lifecycle: lifecycle() })
    await idle.audit.close()
    expect((await idle.store.page({ limit: 9 })).rows).toEqual([])
  })

  it.each(['AUDIT_STORE_UNAVAILABLE', 'AUDIT_STORE_NOT_MIGRATED'] as const)(
    'breaks nothing where the store cannot be read: %s',
    async (code) => {
      const stored = memory()
      const { audit, errors } = trail({
        store: { ...stored, page: () => Promise.reject(new AuditError(code)) },
        lifecycle: lifecycle(),
      })
      const context = executionContext()
      const app = new Hono().use(audit.middleware()).get('/', (c) => c.text('ok'))
      expect((await app.request('/', {}, {}, context)).status).toBe(200)
      expect(await audit.runAs({}, () => 7)).toBe(7)
      await context.drained()
      expect(errors).toMatchObject([{ where: 'lifecycle', error: { code } }])
      await audit.flush()
      const { rows } = await stored.page({ limit: 9 })
      expect(rows.map(({ action }) => action).toSorted()).toEqual(['audit.start', 'http.get'])
    },
  )

  it('lets a job end where the store never answers', async () => {
    const { audit, errors } = trail({
      store: { ...memory(), page: () => new Promise(() => undefined) },
      lifecycle: lifecycle(),
      deadline: 8,
    })
    expect(await audit.runAs({}, () => 7)).toBe(7)
    expect(errors).toMatchObject([{ where: 'lifecycle', error: { code: 'AUDIT_DEADLINE' } }])
  })

  it('breaks nothing where the store cannot even be made', async () => {
    const { audit, errors, losses } = trail({
      store: () => {
        throw new Error('no binding')
      },
      lifecycle: lifecycle(),
    })
    expect(await audit.runAs({}, () => 7)).toBe(7)
    expect(errors.map(({ where }) => where)).toContain('lifecycle')
    expect(losses.flatMap(({ events }) => events.map(({ action }) => action))).toEqual([
      'audit.start',
    ])
  })

  it('is silent with the kill switch and while auditing is paused', async () => {
    const off = trail({ lifecycle: lifecycle(), enabled: false })
    await off.audit.runAs({}, () => 1)
    await off.audit.close()
    expect((await off.store.page({ limit: 9 })).rows).toEqual([])
    const paused = trail({ lifecycle: lifecycle() })
    paused.audit.pause()
    await paused.audit.runAs({}, () => 1)
    expect(await actionsOf(paused)).toEqual(['audit.pause'])
    paused.audit.resume()
    await paused.audit.runAs({}, () => 1)
    expect(await actionsOf(paused)).toEqual(['audit.pause', 'audit.resume', 'audit.start'])
  })
})
