import { describe, expect, it } from 'vitest'
import { memory } from '../../../adapters/store/memory.ts'
import { attempts, type AttemptsOptions } from '../../../src/capture/auth/attempts.ts'
import { hmac } from '../../../src/capture/hash.ts'
import { AuditError } from '../../../src/errors.ts'
import type { AuditOptions } from '../../../src/options.ts'
import type { AuditStore, PageQuery } from '../../../src/ports/store.ts'
import { executionContext, NOW } from '../../support/app.ts'
import { guarded, json, login, noAsyncContext } from './auth-app.ts'

const MINUTE = 60_000

/** An app whose logins fail unless the password is right, at a time that the test sets. */
const counted = (options: AttemptsOptions, more: Partial<AuditOptions> = {}) => {
  const clock = { now: NOW }
  const made = guarded(
    { routes: [login], attempts: attempts(options) },
    async (c) => {
      const { password } = await c.req.json<{ password?: string }>().catch(() => ({ password: '' }))
      return c.text('', password === 'right' ? 200 : 401)
    },
    { ...more, ambient: { now: () => clock.now } },
  )
  const attempt = async (name: string, ip = '192.0.2.1', password = 'wrong') => {
    const response = await made.app.request('/login', json({ username: name, password }), {
      remoteAddr: { hostname: ip },
    })
    await made.audit.flush()
    return response
  }
  const attacks = async () => (await made.events()).filter(({ kind }) => kind === 'security')
  return { ...made, clock, attempt, attacks }
}

describe('counting failed logins', () => {
  it('tells once of a name that fails too often, whatever the addresses', async () => {
    const { attempt, attacks } = counted({ perName: 3 })
    for (let index = 0; index < 8; index += 1) await attempt('ada', `192.0.2.${index}`)
    await attempt('bob')
    const [attack, ...others] = await attacks()
    expect(others).toEqual([])
    expect(attack).toMatchObject({
      kind: 'security',
      action: 'auth.bruteforce',
      outcome: 'unknown',
      actor: { type: 'anonymous' },
      targets: [{ type: 'account', id: 'ada' }],
      data: { by: 'name', count: 3, threshold: 3, windowMs: 900_000, severity: 'high' },
      request: { ip: '192.0.2.2' },
    })
  })

  it('tells once of an address that fails too often, whatever the names', async () => {
    const { attempt, attacks } = counted({ perIp: 3 })
    for (let index = 0; index < 8; index += 1) await attempt(`user${index}`)
    expect(await attacks()).toMatchObject([
      { targets: [{ type: 'address', id: '192.0.2.1' }], data: { by: 'ip', count: 3 } },
    ])
  })

  it('tells once when many fail at the same moment', async () => {
    const { app, attacks } = counted({ perName: 3, perIp: 5 })
    await Promise.all(
      Array.from({ length: 20 }, async () =>
        app.request('/login', json({ username: 'ada' }), { remoteAddr: { hostname: '192.0.2.1' } }),
      ),
    )
    expect((await attacks()).map(({ data }) => data?.['by']).toSorted()).toEqual(['ip', 'name'])
  })

  it('tells once when another process has told of it', async () => {
    const store = memory()
    for (let index = 0; index < 5; index += 1) {
      const { attempt } = counted({ perName: 3 }, { store })
      await attempt('ada')
    }
    expect((await store.page({ kind: 'security', limit: 9 })).rows).toHaveLength(1)
  })

  it('forgets what is older than the window, and tells again in the next', async () => {
    const { attempt, attacks, clock } = counted({ perName: 3, window: 10 * MINUTE })
    for (let index = 0; index < 6; index += 1) {
      await attempt('ada')
      clock.now += 6 * MINUTE
    }
    expect(await attacks()).toEqual([])
    for (let index = 0; index < 60; index += 1) {
      await attempt('ada')
      clock.now += MINUTE / 2
    }
    const times = (await attacks()).map(({ occurredAt }) => occurredAt)
    expect(times.length).toBeGreaterThan(1)
    for (const [index, at] of times.entries()) {
      if (index > 0) expect(at - (times[index - 1] ?? 0)).toBeGreaterThanOrEqual(10 * MINUTE)
    }
  })

  it('counts no successes, and no other tenant’s name', async () => {
    const { attempt, attacks } = counted({ perName: 2 }, { tenant: (c) => c.req.path && tenant })
    let tenant = 'a'
    await attempt('ada', '192.0.2.1', 'right')
    await attempt('ada', '192.0.2.1', 'right')
    await attempt('ada')
    tenant = 'b'
    await attempt('ada')
    expect(await attacks()).toEqual([])
    await attempt('ada')
    expect((await attacks()).map((attack) => attack.tenant)).toEqual(['b'])
  })

  it('counts an address over all tenants, and tells each that it knocks at', async () => {
    let tenant = 'a'
    const { attempt, attacks } = counted({ perIp: 2 }, { tenant: () => tenant })
    await attempt('ada')
    tenant = 'b'
    await attempt('bob')
    await attempt('bob')
    expect((await attacks()).map((attack) => attack.tenant)).toEqual(['b'])
  })

  it('counts what helpers tell, in a request and out of one', async () => {
    const { audit, attacks } = guardedBy({ perName: 3 })
    audit.loginFailed({ name: 'ada' })
    audit.login({ name: 'ada' })
    await audit.runAs({}, () => audit.loginFailed({ name: 'ada' }))
    await audit.record(
      { kind: 'auth', action: 'LOGIN', outcome: 'failure', target: { type: 'account', id: 'ada' } },
      { delivery: 'await' },
    )
    expect(await attacks()).toHaveLength(1)
  })

  it('counts names that are kept as hashes, and addresses where no name is kept', async () => {
    for (const attempted of ['hash', 'off'] as const) {
      const made = guarded(
        { routes: [login], attempted, attempts: attempts({ perName: 2, perIp: 3 }) },
        (c) => c.text('', 401),
        { redact: { hash: hmac('sixteen characters') } },
      )
      for (let index = 0; index < 4; index += 1)
        await made.app.request('/login', json({ username: 'ada' }), {
          remoteAddr: { hostname: '192.0.2.1' },
        })
      const by = (await made.events()).flatMap(({ kind, data }) =>
        kind === 'security' ? [data?.['by']] : [],
      )
      expect(by.toSorted()).toEqual(attempted === 'hash' ? ['ip', 'name'] : ['ip'])
    }
  })

  it.each([
    ['await', { delivery: 'await' as const }],
    ['no async context', { asyncContext: noAsyncContext }],
    ['another spelling of actions', { normaliseAction: (action: string) => action.toUpperCase() }],
    ['a resolver that takes its time', { actor: async () => ({ id: 'u1' }) }],
  ])('works with %s', async (_, options) => {
    const { attempt, attacks } = counted({ perName: 2 }, options)
    for (let index = 0; index < 4; index += 1) await attempt('ada')
    expect(await attacks()).toHaveLength(1)
  })

  it('keeps the runtime until it is told', async () => {
    const { app, store } = counted({ perName: 1 })
    const context = executionContext()
    await app.request('/login', json({ username: 'ada' }), {}, context)
    await context.drained()
    expect((await store.page({ kind: 'security', limit: 9 })).rows).toHaveLength(1)
  })

  it('asks the store for no more rows than it needs', async () => {
    const asked: PageQuery[] = []
    const store = memory()
    const watched: AuditStore = {
      ...store,
      page: (query) => {
        asked.push(query)
        return store.page(query)
      },
    }
    const { attempt } = counted({ perName: 3, perIp: 4 }, { store: watched })
    for (let index = 0; index < 6; index += 1) await attempt('ada')
    expect(asked.map(({ limit }) => limit).toSorted()).toEqual([
      1,
      1,
      ...Array(6).fill(3),
      ...Array(6).fill(4),
    ])
    expect(asked.every(({ from }) => from === NOW - 900_000)).toBe(true)
    await attempt('ada', '192.0.2.1', 'right')
    expect(asked).toHaveLength(14)
  })

  it('tells of a store that cannot be asked, and goes on', async () => {
    const store = {
      ...memory(),
      page: () => Promise.reject(new AuditError('AUDIT_STORE_UNAVAILABLE')),
    }
    const { attempt, errors } = counted({ perName: 1 }, { store })
    expect((await attempt('ada')).status).toBe(401)
    expect(errors).toEqual([
      { where: 'attempts', error: expect.objectContaining({ code: 'AUDIT_STORE_UNAVAILABLE' }) },
    ])
  })

  it('counts nothing in a dry run', async () => {
    const seen: string[] = []
    const { app, audit } = guarded(
      { routes: [login], attempts: attempts({ perName: 1 }) },
      (c) => c.text('', 401),
      { dryRun: ({ kind }) => seen.push(kind) },
    )
    await app.request('/login', json({ username: 'ada' }))
    await audit.flush()
    expect(seen.toSorted()).toEqual(['auth', 'request'])
  })
})

const guardedBy = (options: AttemptsOptions) => {
  const made = guarded({ attempts: attempts(options) })
  return {
    ...made,
    attacks: async () => (await made.events()).filter(({ kind }) => kind === 'security'),
  }
}

describe('blocking', () => {
  it('asks the app once a threshold is reached, with the counts', async () => {
    const asked: unknown[] = []
    const block: AttemptsOptions['block'] = (count, c) => {
      asked.push([count, c.req.path])
      return false
    }
    const { attempt } = counted({ perName: 2, perIp: 4, block })
    for (let index = 0; index < 4; index += 1) expect((await attempt('ada')).status).toBe(401)
    expect(asked).toEqual([
      [{ name: 2, ip: 2 }, '/login'],
      [{ name: 2, ip: 3 }, '/login'],
    ])
  })

  it('answers 429 in place of the handler, until the first failures are too old', async () => {
    const { attempt, clock, logins } = counted({
      perName: 2,
      window: 10 * MINUTE,
      block: () => true,
    })
    await attempt('ada')
    clock.now += 4 * MINUTE
    await attempt('ada')
    const response = await attempt('ada', '192.0.2.1', 'right')
    expect(response.status).toBe(429)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(response.headers.get('retry-after')).toBe('360')
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Too Many Requests',
      status: 429,
      detail: 'Too many failed logins. Try again later.',
    })
    clock.now += 6 * MINUTE + 1
    expect((await attempt('ada', '192.0.2.1', 'right')).status).toBe(200)
    expect(
      (await logins()).map(({ outcome, data }) => [outcome, data?.['failure'], data?.['status']]),
    ).toEqual([
      ['failure', undefined, 401],
      ['failure', undefined, 401],
      ['denied', 'blocked', 429],
      ['success', undefined, 200],
    ])
  })

  it('gives the app’s own answer as it is, and records who was turned away', async () => {
    const block = async () => new Response('later', { status: 403, headers: { 'x-own': '1' } })
    const { attempt, logins } = counted(
      { perName: 1, block },
      { actor: () => ({ id: 'old-session' }) },
    )
    await attempt('ada')
    const response = await attempt('ada')
    expect([response.status, response.headers.get('x-own'), await response.text()]).toEqual([
      403,
      '1',
      'later',
    ])
    expect((await logins()).at(-1)).toMatchObject({
      outcome: 'denied',
      actor: { type: 'anonymous' },
      targets: [{ type: 'account', id: 'ada' }],
    })
  })

  it('turns away the address of many names, and nobody else', async () => {
    const { attempt } = counted({ perIp: 2, block: () => true })
    await attempt('a')
    await attempt('b')
    expect((await attempt('c', '192.0.2.1', 'right')).status).toBe(429)
    expect((await attempt('c', '192.0.2.2', 'right')).status).toBe(200)
  })

  it.each<[string, NonNullable<AttemptsOptions['block']>]>([
    ['says no', () => false],
    ['says nothing', () => undefined],
    ['says null', async () => null],
    [
      'throws',
      () => {
        throw new Error('mine')
      },
    ],
    ['rejects', () => Promise.reject(new Error('mine'))],
  ])('lets everybody through when the app %s', async (name, block) => {
    const { attempt, errors } = counted({ perName: 1, block })
    await attempt('ada')
    expect((await attempt('ada', '192.0.2.1', 'right')).status).toBe(200)
    expect(errors).toHaveLength(/throws|rejects/.test(name) ? 1 : 0)
  })

  it('lets everybody through when the store is down, and is told', async () => {
    const store = {
      ...memory(),
      page: () => Promise.reject(new AuditError('AUDIT_STORE_UNAVAILABLE')),
    }
    const { attempt, errors } = counted({ perName: 1, block: () => true }, { store })
    await attempt('ada')
    expect((await attempt('ada', '192.0.2.1', 'right')).status).toBe(200)
    expect(new Set(errors.map(({ where }) => where))).toEqual(new Set(['attempts']))
  })

  it('lets everybody through when the store does not answer', async () => {
    const store = { ...memory(), page: () => new Promise<never>(() => undefined) }
    const { app, errors } = counted({ perName: 1, block: () => true }, { store, deadline: 8 })
    expect((await app.request('/login', json({ username: 'ada', password: 'right' }))).status).toBe(
      200,
    )
    expect(errors).toEqual([
      { where: 'attempts', error: expect.objectContaining({ code: 'AUDIT_DEADLINE' }) },
    ])
  })

  it('is asked of logins alone', async () => {
    const { app } = guarded({
      routes: [{ path: '/logout', action: 'logout' }],
      attempts: attempts({ perName: 1, block: () => true }),
    })
    for (let index = 0; index < 3; index += 1)
      expect((await app.request('/logout', json({ username: 'ada' }))).status).toBe(200)
  })
})

describe('attempts()', () => {
  it.each([
    ['window', { window: 0 }],
    ['perName', { perName: 0 }],
    ['perIp', { perIp: 1_001 }],
    ['block', { block: true }],
    ['nope', { nope: 1 }],
  ])('refuses a wrong option and names it: %s', (named, options) => {
    expect(() => attempts(options as never)).toThrow(
      expect.objectContaining({
        code: 'AUDIT_OPTION_INVALID',
        detail: expect.stringContaining(named),
      }),
    )
  })
})
