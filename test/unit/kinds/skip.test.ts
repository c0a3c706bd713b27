import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { audited } from '../../../src/capture/audited.ts'
import type { AuditOptions } from '../../../src/options.ts'
import { trail } from '../../support/app.ts'

const visit = async (options: Partial<AuditOptions>) => {
  const made = trail(options)
  const { audit } = made
  const app = new Hono().use(audit.middleware()).get('/', (c) => {
    audit.record({ action: 'debug.cache.hit' })
    audit.record({ action: 'Debug.Read' })
    audit.record({ action: 'a.read', actor: { id: 'probe' }, tenant: 'test' })
    audit.viewed({ type: 'a', id: 1 })
    audit.record({ action: 'a.write' })
    return c.text('ok')
  })
  expect((await app.request('/')).status).toBe(200)
  return {
    ...made,
    actions: (await made.events()).map(({ action }) => action),
    left: audit.stats().skipped,
  }
}
const all = ['debug.cache.hit', 'debug.read', 'a.read', 'view', 'a.write', 'http.get']

describe('skip', () => {
  it.each<[string, AuditOptions['skip'], readonly string[]]>([
    ['nothing', undefined, []],
    ['nothing, with empty lists', { actions: [], actors: [], tenants: [], kinds: [] }, []],
    ['an action', { actions: ['a.read'] }, ['a.read']],
    ['actions that begin alike', { actions: ['debug.*'] }, ['debug.cache.hit', 'debug.read']],
    [
      'actions in any spelling',
      { actions: [' DEBUG.*', 'A.Write'] },
      ['debug.cache.hit', 'debug.read', 'a.write'],
    ],
    ['the half of a name', { actions: ['a.rea', 'debug.', 'a'] }, []],
    ['every action', { actions: ['*'] }, all],
    ['an actor', { actors: ['probe'] }, ['a.read']],
    ['a tenant', { tenants: ['test'] }, ['a.read']],
    ['a kind', { kinds: ['access'] }, ['view']],
    ['request events', { kinds: ['request'] }, ['http.get']],
    ['request events by action', { actions: ['http.*'] }, ['http.get']],
    ['request events by actor', { actors: ['anonymous'] }, all.filter((name) => name !== 'a.read')],
    [
      'any of them',
      { kinds: ['access'], actors: ['probe'], actions: ['http.get'] },
      ['a.read', 'view', 'http.get'],
    ],
  ])('leaves out, and counts, %s', async (_, skip, left) => {
    const found = await visit({ skip })
    expect(found.actions).toEqual(all.filter((name) => !left.includes(name)))
    expect(found.left).toBe(left.length)
    expect(found.audit.stats()).toMatchObject({
      captured: all.length - left.length,
      stored: all.length - left.length,
      lost: 0,
    })
  })

  it('goes by who acts when it is known: by the resolver, also a slow one', async () => {
    const { actions, left } = await visit({
      skip: { actors: ['health'], tenants: ['acme'] },
      actor: async () => ({ id: 'health' }),
    })
    expect(actions).toEqual(['a.read'])
    expect(left).toBe(5)
    expect((await visit({ skip: { tenants: ['acme'] }, tenant: () => 'acme' })).actions).toEqual([
      'a.read',
    ])
  })

  it('holds outside of requests, in jobs, and for what is waited for', async () => {
    const { audit, events } = trail({ skip: { actions: ['debug.*'] }, onFailure: 'closed' })
    audit.record({ action: 'debug.a' })
    await audit.record({ action: 'debug.b' }, { delivery: 'await' })
    await audit.runAs({}, ({ record }) => record({ action: 'debug.c' }))
    expect(audited(audit, { action: 'debug.d' }, () => 7)()).toBe(7)
    expect(await events()).toEqual([])
    expect(audit.stats().skipped).toBe(4)
  })

  it('leaves nothing to wait for when nothing is left', async () => {
    const { audit, store } = trail({ skip: { kinds: ['request'] }, delivery: 'await' })
    const app = new Hono().use(audit.middleware()).get('/', (c) => c.text('ok'))
    expect(await (await app.request('/')).text()).toBe('ok')
    expect((await store.page({ limit: 1 })).rows).toEqual([])
  })
})
