import { HTTPException } from 'hono/http-exception'
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { hmac } from '../../../src/capture/hash.ts'
import { auth } from '../../../src/capture/auth/auth.ts'
import { executionContext, NOW, trail } from '../../support/app.ts'
import { gate } from '../../support/gate.ts'
import { basic, form, guarded, json, login, noAsyncContext } from './auth-app.ts'

const anonymous = { id: 'anonymous', type: 'anonymous' }
const ada = { username: 'ada', password: 'hunter2-hunter2' }

describe('a route of auth', () => {
  it('records a login of the attempted name when the app answers 200', async () => {
    const { app, only, errors } = guarded([{ ...login, method: 'password' }])
    expect(await (await app.request('/login', json(ada))).json()).toEqual({ ok: true })
    expect(await only()).toMatchObject({
      kind: 'auth',
      action: 'login',
      outcome: 'success',
      actor: { type: 'user', id: 'ada' },
      targets: [{ type: 'account', id: 'ada' }],
      data: { method: 'password', name: 'ada', status: 200 },
      request: { id: expect.any(String) },
    })
    expect(errors).toEqual([])
  })

  it.each([400, 401, 403, 422, 429, 500, 503])(
    'records a failed login of the name and of nobody’s session at %i',
    async (status) => {
      const { app, only } = guarded([login], (c) => c.json({}, status as 400), {
        actor: () => ({ id: 'old-session' }),
      })
      await app.request('/login', json(ada))
      expect(await only()).toMatchObject({
        action: 'login',
        outcome: 'failure',
        actor: anonymous,
        targets: [{ type: 'account', id: 'ada' }],
        data: { name: 'ada', status },
      })
    },
  )

  it('names who came in, not the user of the session that was there before', async () => {
    const { app, only } = guarded([login], undefined, { actor: () => ({ id: 'old-session' }) })
    await app.request('/login', json(ada))
    expect((await only()).actor).toEqual({ type: 'user', id: 'ada' })
  })

  it('names whom the handler says came in', async () => {
    const { app, only } = guarded([login], (c, { audit }) => {
      audit.scope().override({ actor: { id: 7, name: 'Ada' } })
      return c.json({})
    })
    await app.request('/login', json(ada))
    expect((await only()).actor).toEqual({ type: 'user', id: '7', name: 'Ada' })
  })

  it.each<
    [string, (c: Parameters<Parameters<typeof guarded>[1] & object>[0]) => Response, RequestInit]
  >([
    [
      'an Error',
      () => {
        throw new Error('down')
      },
      json(ada),
    ],
    [
      'an HTTPException',
      () => {
        throw new HTTPException(401)
      },
      json(ada),
    ],
    [
      'an HTTPException with an answer of 200',
      () => {
        throw new HTTPException(401, { res: new Response('no') })
      },
      json(ada),
    ],
  ])('records a failed login when the handler throws %s', async (_, handler, init) => {
    const { app, only } = guarded([login], handler)
    await app.request('/login', init)
    expect(await only()).toMatchObject({
      outcome: 'failure',
      actor: anonymous,
      data: { name: 'ada' },
    })
  })

  it('records a failed login when what is thrown is no Error, and throws it on', async () => {
    const { app, only } = guarded([login], () => {
      // oxlint-disable-next-line no-throw-literal, typescript/only-throw-error -- what some libraries throw
      throw 'nothing'
    })
    await expect(async () => app.request('/login', json(ada))).rejects.toBe('nothing')
    expect(await only()).toMatchObject({ outcome: 'failure', actor: anonymous })
  })

  it('is no login by GET or HEAD, nor on a path that only begins like it', async () => {
    const { app, logins, events } = guarded([login])
    await app.request('/login')
    await app.request('/login', { method: 'HEAD' })
    await app.request('/login', { method: 'OPTIONS' })
    await app.request('/login/help', json(ada))
    await app.request('/loginx', json(ada))
    await app.request('/x/login', json(ada))
    await app.request('//login', json(ada))
    await app.request('/LOGIN', json(ada))
    expect(await logins()).toEqual([])
    expect(await events()).toHaveLength(8)
  })

  it('does not mind a slash at the end, of the path or of the route', async () => {
    const { app, logins } = guarded([login, { path: '/token/', action: 'login' }])
    for (const path of ['/login', '/login/', '/login?next=/x', '/token', '/token/', '/lo%67in'])
      await app.request(path, json(ada))
    expect(await logins()).toHaveLength(6)
  })

  it('takes a glob, a RegExp, and other methods', async () => {
    const { send, logins } = guarded([
      { path: '/*/signin', action: 'login' },
      { path: /^\/v\d+\/enter$/g, action: 'login', methods: ['put'] },
      { path: '/callback/*', action: 'login', methods: ['GET'], method: 'oauth' },
    ])
    await send('/acme/signin', json(ada))
    await send('/v1/enter', { ...json(ada), method: 'PUT' })
    await send('/v2/enter', { ...json(ada), method: 'PUT' })
    await send('/v2/enter', json(ada))
    await send('/callback/github?code=abc')
    expect((await logins()).map(({ data }) => data?.['method'])).toEqual([
      undefined,
      undefined,
      undefined,
      'oauth',
    ])
  })

  it('counts the statuses that are named as failures, besides those from 400 on', async () => {
    const { send, logins } = guarded(
      [{ ...login, failed: [204] }],
      (c) => new Response(null, { status: Number(c.req.query('status')) }),
    )
    for (const status of [200, 204, 302, 400, 500]) {
      await send(`/login?status=${status}`, json(ada))
    }
    expect((await logins()).map(({ outcome }) => outcome)).toEqual([
      'success',
      'failure',
      'success',
      'failure',
      'failure',
    ])
  })

  it('asks the app of logins that redirect in either case, and keeps its reason', async () => {
    const { send, logins } = guarded(
      [
        {
          ...login,
          failed: ({ headers }) => headers.get('location') === '/login' && 'wrong-password',
        },
      ],
      (c) => c.redirect(c.req.query('to') ?? ''),
    )
    await send('/login?to=/login', form(ada))
    await send('/login?to=/home', form(ada))
    expect((await logins()).map(({ outcome, data }) => [outcome, data?.['failure']])).toEqual([
      ['failure', 'wrong-password'],
      ['success', undefined],
    ])
  })

  it('lets each function read the answer, and the client too', async () => {
    const { app, only, errors } = guarded(
      [
        {
          ...login,
          failed: async (response) => (await response.json()).ok !== true,
          user: async (_, response) => ({ id: (await response.json()).user }),
          session: async (_, response) => (await response.json()).session,
        },
      ],
      (c) => c.json({ ok: true, user: 7, session: 's-1' }),
      { redact: { hash: hmac('sixteen characters') } },
    )
    expect(await (await app.request('/login', json(ada))).json()).toMatchObject({ user: 7 })
    const { actor, data } = await only()
    expect(actor).toEqual({ type: 'user', id: '7' })
    expect(data?.['sessionHash']).toMatch(/^hmac:[\da-f]{32}$/)
    expect(errors).toEqual([])
  })

  it('names nobody where the app was asked and named nobody, or threw', async () => {
    for (const user of [
      () => null,
      () => ({ id: '' }),
      () => Promise.reject(new Error('mine')),
      () => {
        throw new Error('mine')
      },
    ]) {
      const { app, only } = guarded([{ ...login, user }])
      expect((await app.request('/login', json(ada))).status).toBe(200)
      expect(await only()).toMatchObject({ outcome: 'success', actor: anonymous })
    }
  })

  it('goes by the status where the app’s own word throws or never comes, and tells it', async () => {
    for (const failed of [
      () => {
        throw new Error('mine')
      },
      () => Promise.reject(new Error('mine')),
      () => new Promise<boolean>(() => undefined),
    ]) {
      const { app, only, errors } = guarded([{ ...login, failed }], undefined, { deadline: 8 })
      await app.request('/login', json(ada))
      expect((await only()).outcome).toBe('success')
      expect(errors.map(({ where }) => where)).toEqual(['auth.failed'])
    }
  })

  it('records other ways in and out: the session’s user leaves, a token is refreshed', async () => {
    const { send, logins } = guarded(
      [
        { path: '/logout', action: 'logout' },
        { path: '/refresh', action: 'token.refresh' },
        { path: '/signup', action: 'signup' },
        { path: '/reset', action: 'password.reset' },
      ],
      undefined,
      { actor: () => ({ id: 'u1' }) },
    )
    await send('/logout')
    await send('/logout', { method: 'DELETE' })
    await send('/refresh', { method: 'POST' })
    await send('/signup', json({ email: 'new@example.org' }))
    await send('/reset', json({ email: 'ada@example.org' }))
    expect(
      (await logins()).map(({ action, actor, targets }) => [action, actor.id, targets[0]?.id]),
    ).toEqual([
      ['logout', 'u1', undefined],
      ['logout', 'u1', undefined],
      ['token.refresh', 'u1', undefined],
      ['signup', 'new@example.org', 'new@example.org'],
      ['password.reset', 'u1', 'ada@example.org'],
    ])
  })

  it.each([
    ['that is left out', { exclude: ['/login'] }, 0],
    ['that no rule audits', { rules: [{ match: '/login', audit: false }] }, 0],
    ['that is sampled out', { rules: [{ match: '/login', sample: 0 }] }, 0],
    ['of which actions are skipped', { skip: { actions: ['http.*'] } }, 0],
    ['that is recorded as ever', {}, 1],
  ])('records its event for a request %s', async (_, options, requests) => {
    const { app, only, events } = guarded([login], undefined, options)
    await app.request('/login', json(ada), { remoteAddr: { hostname: '192.0.2.7' } })
    expect(await only()).toMatchObject({ request: { ip: '192.0.2.7', ipFrom: 'socket' } })
    expect((await events()).filter(({ kind }) => kind === 'request')).toHaveLength(requests)
  })

  it('records nothing where auth events are skipped, or auditing is off', async () => {
    const skipping = guarded([login], undefined, { skip: { kinds: ['auth'] } })
    await skipping.app.request('/login', json(ada))
    expect(await skipping.logins()).toEqual([])
    const off = guarded([login], undefined, { enabled: false })
    await off.app.request('/login', json(ada))
    expect(await off.events()).toEqual([])
    const paused = guarded([login])
    paused.audit.pause()
    await paused.app.request('/login', json(ada))
    expect(await paused.logins()).toEqual([])
  })

  it('is stored before the response where that is asked for', async () => {
    const { app, store } = guarded([login], undefined, { delivery: 'await' })
    await app.request('/login', json(ada))
    expect((await store.page({ kind: 'auth', limit: 9 })).rows).toHaveLength(1)
  })

  it('keeps the runtime until it is stored', async () => {
    const context = executionContext()
    const { app, store } = guarded([login])
    await app.request('/login', json(ada), {}, context)
    await context.drained()
    expect((await store.page({ kind: 'auth', limit: 9 })).rows).toHaveLength(1)
  })

  it('records one event without async context, and when it is mounted twice', async () => {
    const { audit, events } = trail({ auth: auth([login]), asyncContext: noAsyncContext })
    const app = new Hono()
      .use(audit.middleware())
      .post('/login', audit.middleware(), (c) => c.text('ok'))
    await app.request('/login', json(ada))
    expect((await events()).map(({ kind }) => kind).toSorted()).toEqual(['auth', 'request'])
  })

  it('happened when it was answered, however long the app takes to say who it was', async () => {
    const asked = gate<{ id: string }>()
    const clock = { now: NOW }
    const { app, only } = guarded([{ ...login, user: () => asked.passed }], undefined, {
      ambient: { now: () => clock.now },
    })
    await app.request('/login', json(ada))
    clock.now += 1_000
    asked.open({ id: 'u1' })
    expect(await only()).toMatchObject({ occurredAt: NOW, actor: { id: 'u1' } })
  })

  it('works with a resolver that takes its time', async () => {
    const { app, audit, logins } = guarded(
      [login, { path: '/logout', action: 'logout' }],
      (c) => c.json({}, c.req.path === '/login' ? 401 : 200),
      { actor: async () => ({ id: 'session' }) },
    )
    await app.request('/login', json(ada))
    await audit.flush()
    await app.request('/logout')
    expect((await logins()).map(({ actor }) => actor.id)).toEqual(['anonymous', 'session'])
  })
})

describe('what a handler tells itself', () => {
  const told: readonly (readonly [string, Parameters<typeof guarded>[1] & object])[] = [
    [
      'audit.login',
      (c, { audit }) => (audit.login({ actor: { id: 7 }, method: 'passkey' }), c.json({})),
    ],
    [
      'audit.loginFailed',
      (c, { audit }) => (audit.loginFailed({ name: 'ada', failure: 'locked' }), c.json({}, 401)),
    ],
    ['audit.in(c).login', (c, { audit }) => (audit.in(c).login({ actor: { id: 7 } }), c.json({}))],
    [
      'audit.record',
      (c, { audit }) => (audit.record({ kind: 'auth', action: ' LOGIN ' }), c.json({})),
    ],
    [
      'an awaited record',
      async (c, { audit }) => (
        await audit.record({ kind: 'auth', action: 'login' }, { delivery: 'await' }),
        c.json({})
      ),
    ],
  ]

  it.each(told)('with %s is the only event on a route of auth', async (_, handler) => {
    for (const options of [{}, { asyncContext: noAsyncContext }]) {
      if ('asyncContext' in options && _ !== 'audit.in(c).login') continue
      const { app, only } = guarded([login], handler, options)
      await app.request('/login', json(ada))
      await only()
    }
  })

  it('counts whatever the spelling of the route’s action', async () => {
    const { app, only } = guarded([{ path: '/login', action: ' Login' }], (c, { audit }) => {
      audit.login({ actor: { id: 7 } })
      return c.json({})
    })
    await app.request('/login', json(ada))
    expect((await only()).action).toBe('login')
  })

  it('does not keep the route from telling of something else', async () => {
    const { app, logins } = guarded([{ path: '/logout', action: 'logout' }], (c, { audit }) => {
      audit.auth('token.revoke', { actor: { id: 7 } })
      return c.json({})
    })
    await app.request('/logout')
    expect((await logins()).map(({ action }) => action)).toEqual(['token.revoke', 'logout'])
  })

  it('with a second factor is no login yet', async () => {
    const { app, only } = guarded([login], (c, { audit }) => {
      audit.auth('mfa.challenge', { name: 'ada', outcome: 'unknown' })
      return c.json({ next: '/mfa' })
    })
    await app.request('/login', json(ada))
    expect((await only()).action).toBe('mfa.challenge')
  })

  it('is kept outside of requests, without a request', async () => {
    const { audit, events } = guarded([login])
    audit.loginFailed({ name: 'ada' })
    const [event] = await events()
    expect(event).toMatchObject({ outcome: 'failure', actor: anonymous, targets: [{ id: 'ada' }] })
    expect(event?.request).toBeUndefined()
  })
})

describe('the attempted name', () => {
  const key = hmac('sixteen characters')
  const hash = key

  it('may be kept as a keyed hash, by route and by helper alike', async () => {
    const made = guarded(
      { routes: [login], attempted: 'hash' },
      (c, { audit }) => {
        if (c.req.path !== '/login') audit.loginFailed({ name: 'ada', session: 's-1' })
        return c.json({}, 401)
      },
      { redact: { hash: key } },
    )
    await made.send('/login', json(ada))
    await made.send('/other', json(ada))
    for (const { data, targets } of await made.logins()) {
      expect(data?.['name']).toBe(hash('ada'))
      expect(targets).toEqual([{ type: 'account', id: hash('ada') }])
    }
    const sessions = (await made.logins()).flatMap(({ data }) => data?.['sessionHash'] ?? [])
    expect(sessions).toEqual([hash('s-1')])
    expect(JSON.stringify(await made.events())).not.toMatch(/"ada"|s-1/)
  })

  it('may be left out', async () => {
    const { app, only, events } = guarded({ routes: [login], attempted: 'off' })
    await app.request('/login', json(ada))
    expect(await only()).toMatchObject({ actor: anonymous, targets: [] })
    expect(JSON.stringify(await events())).not.toContain('"ada"')
  })

  it('is never hashed without a key', () => {
    expect(() => trail({ auth: auth({ attempted: 'hash' }) })).toThrow(/redact\.hash/)
  })

  it('is read of Basic credentials, which are two halves or nothing', async () => {
    const names = []
    for (const pair of ['ada:pw', 'a:b:c', ':token', 'secret-alone', 'ädä:pw']) {
      const { app, only } = guarded([{ ...login, name: 'basic' }], (c) => c.text('', 401))
      const bytes = String.fromCharCode(...new TextEncoder().encode(pair))
      await app.request('/login', basic(bytes))
      names.push((await only()).data?.['name'])
    }
    expect(names).toEqual(['ada', 'a', undefined, undefined, 'ädä'])
  })
})

describe('auth()', () => {
  it.each([
    ['routes[0].path', [{ path: '', action: 'login' }]],
    ['routes[0].action', [{ path: '/a' }]],
    ['routes[0].failed', [{ ...login, failed: [99] }]],
    ['routes[0].name', [{ ...login, name: 7 }]],
    ['attempted', { attempted: 'yes' }],
    ['attempts', { attempts: {} }],
    ['nope', { nope: 1 }],
  ])('refuses a wrong option and names it: %s', (named, options) => {
    expect(() => auth(options as never)).toThrow(
      expect.objectContaining({
        code: 'AUDIT_OPTION_INVALID',
        detail: expect.stringContaining(named),
      }),
    )
  })
})
