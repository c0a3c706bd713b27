import { Auth, type AuthConfig, skipCSRFCheck } from '@auth/core'
import Credentials from '@auth/core/providers/credentials'
import GitHub from '@auth/core/providers/github'
import { authHandler, initAuthConfig } from '@hono/auth-js'
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { authJsAudit, authJsCallback } from '../../../adapters/auth/auth-js.ts'
import { auth as authRoutes } from '../../../src/capture/auth/auth.ts'
import { trail } from '../../support/app.ts'

const ORIGIN = 'http://localhost:3000'
const ada = { username: 'ada', password: 'correct horse' }

const credentials = Credentials({
  credentials: { username: {}, password: { type: 'password' } },
  authorize: ({ username, password }) => {
    if (username === 'broken') throw new Error('database')
    return password === ada.password ? { id: 'u1', name: 'Ada', email: 'ada@example.org' } : null
  },
})

/** An app with the real Auth.js behind `/auth`. */
const opened = (more: Partial<AuthConfig> = {}, withRoute = true, byHono = false) => {
  const made = trail({ auth: authRoutes(withRoute ? [authJsCallback('/auth/')] : []) })
  const logged: string[] = []
  const config = authJsAudit(made.audit, {
    basePath: '/auth',
    secret: 'a secret of thirty-two characters!!',
    trustHost: true,
    skipCSRFCheck,
    providers: [credentials, GitHub({ clientId: 'id', clientSecret: 'secret' })],
    logger: { error: (error) => logged.push(error.name), warn: () => undefined },
    ...more,
  })
  const app = new Hono().use(made.audit.middleware())
  if (byHono) app.use(initAuthConfig(() => config)).all('/auth/*', authHandler())
  else app.all('/auth/*', (c) => Auth(c.req.raw, config))
  const jar = new Map<string, string>()
  const call = async (path: string, fields?: Record<string, string>, json = false) => {
    const body = fields === undefined ? undefined : new URLSearchParams(fields).toString()
    const response = await app.request(`${ORIGIN}/auth${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(json && { 'x-auth-return-redirect': '1' }),
        ...(body !== undefined && {
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': String(body.length),
        }),
      },
      ...(body !== undefined && { body }),
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    return response
  }
  const told = async () => (await made.events()).filter(({ kind }) => kind === 'auth')
  return { ...made, call, told, logged, jar }
}

describe('Auth.js', () => {
  it.each([
    ['alone', false, false],
    ['with its route', true, false],
    ['through @hono/auth-js', true, true],
  ])(
    'tells of a login, a wrong password and a logout, once each: %s',
    async (_, withRoute, byHono) => {
      const { call, told, store, jar } = opened({}, withRoute, byHono)
      await call('/callback/credentials', { ...ada, password: 'wrong horse' })
      await call('/callback/credentials', ada)
      expect([...jar.keys()].some((name) => name.includes('session-token'))).toBe(true)
      await call('/callback/credentials', { ...ada, username: 'bob', password: 'wrong horse' })
      await call('/signout', {})
      const anonymous = { type: 'anonymous', id: 'anonymous' }
      const actor = { type: 'user', id: 'u1', name: 'Ada' }
      expect(await told()).toMatchObject([
        {
          action: 'login',
          outcome: 'failure',
          actor: anonymous,
          targets: [{ type: 'account', id: 'ada' }],
          data: { method: 'password', name: 'ada', failure: 'credentials' },
        },
        {
          action: 'login',
          outcome: 'success',
          actor,
          targets: [{ id: 'ada' }],
          data: { method: 'password' },
        },
        { action: 'login', outcome: 'failure', actor: anonymous, targets: [{ id: 'bob' }] },
        { action: 'logout', outcome: 'success', actor },
      ])
      expect(JSON.stringify((await store.page({ limit: 50 })).rows)).not.toContain('horse')
    },
  )

  it('answers as without us', async () => {
    const { call, logged } = opened()
    const wrong = await call('/callback/credentials', { ...ada, password: 'x' })
    expect(wrong.headers.get('location')).toBe(
      `${ORIGIN}/auth/signin?error=CredentialsSignin&code=credentials`,
    )
    const broken = await call('/callback/credentials', { ...ada, username: 'broken' })
    expect(broken.headers.get('location')).toContain('error=Configuration')
    expect(logged).toEqual(['CredentialsSignin', 'CallbackRouteError'])
    const right = await call(
      '/callback/credentials',
      { ...ada, callbackUrl: `${ORIGIN}/home` },
      true,
    )
    expect(await right.json()).toEqual({ url: `${ORIGIN}/home` })
  })

  it('tells of an error as a failure, and of what the app does not let in', async () => {
    const { call, told } = opened({
      callbacks: {
        signIn: ({ user }) => {
          if (user.name === 'Ada') return false
          return '/elsewhere'
        },
      },
    })
    await call('/callback/credentials', { ...ada, username: 'broken' })
    await call('/callback/credentials', ada)
    expect(
      (await told()).map(({ outcome, actor, data }) => [
        outcome,
        actor.type,
        data?.['failure'],
        data?.['name'],
      ]),
    ).toEqual([
      ['failure', 'anonymous', 'error', 'broken'],
      ['failure', 'anonymous', 'AccessDenied', 'ada'],
    ])
  })

  it('keeps the app’s own events and callbacks', async () => {
    const seen: string[] = []
    const { call, told } = opened({
      callbacks: { signIn: ({ user }) => seen.push(`may ${user.id}`) > 0 },
      events: {
        signIn: ({ user }) => {
          seen.push(`in ${user.id}`)
        },
        signOut: () => {
          seen.push('out')
        },
      },
    })
    await call('/callback/credentials', ada)
    await call('/signout', {})
    expect(seen).toEqual(['may u1', 'in u1', 'out'])
    expect((await told()).map(({ action }) => action)).toEqual(['login', 'logout'])
  })

  it('leaves to its route what fails at others’: a forged answer of an OAuth provider', async () => {
    const { call, told } = opened()
    await call('/callback/github?code=abc&state=forged')
    await call('/callback/github?error=access_denied', undefined, true)
    expect(
      (await told()).map(({ action, outcome, actor }) => [action, outcome, actor.type]),
    ).toEqual([
      ['login', 'failure', 'anonymous'],
      ['login', 'failure', 'anonymous'],
    ])
    expect((await told())[0]?.data?.['failure']).toEqual(expect.any(String))
  })

  it('tells of nothing that is neither', async () => {
    const { call, told } = opened()
    for (const path of ['/session', '/providers', '/csrf', '/signin']) await call(path)
    await call('/signin/github', {})
    await call('/signout', {})
    expect(await told()).toEqual([])
  })
})
