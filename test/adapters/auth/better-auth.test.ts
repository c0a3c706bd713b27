import { memoryAdapter } from 'better-auth/adapters/memory'
import { betterAuth, type BetterAuthOptions } from 'better-auth'
import { admin, magicLink, twoFactor, username } from 'better-auth/plugins'
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { betterAuthAudit } from '../../../adapters/auth/better-auth.ts'
import { auth as authRoutes, type AuthRoute } from '../../../src/capture/auth/auth.ts'
import { attempts } from '../../../src/capture/auth/attempts.ts'
import { hmac } from '../../../src/capture/hash.ts'
import { trail } from '../../support/app.ts'

const ORIGIN = 'http://localhost:3000'
const ada = { email: 'ada@example.org', password: 'correct horse', name: 'Ada' }

const asText = (value: unknown): string => (typeof value === 'string' ? value : '')

/** An app with the real better-auth behind `/api/auth`, on a database in memory. */
const opened = (routes: readonly AuthRoute[] = [], more: Partial<BetterAuthOptions> = {}) => {
  const made = trail({
    redact: { hash: hmac('sixteen characters') },
    auth: authRoutes({ routes, attempts: attempts({ perName: 3 }) }),
  })
  const tables = ['user', 'session', 'account', 'verification', 'twoFactor', 'rateLimit']
  const sent: Record<string, string> = {}
  const auth = betterAuth({
    baseURL: ORIGIN,
    secret: 'a secret of thirty-two characters!!',
    database: memoryAdapter(Object.fromEntries(tables.map((name) => [name, []]))),
    emailAndPassword: {
      enabled: true,
      sendResetPassword: async ({ token }) => {
        sent['reset'] = token
      },
    },
    logger: { disabled: true },
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    ...more,
    plugins: [
      username(),
      twoFactor({
        otpOptions: {
          sendOTP: async ({ otp }) => {
            sent['otp'] = otp
          },
        },
      }),
      admin({ adminUserIds: [] }),
      magicLink({
        sendMagicLink: async ({ token }) => {
          sent['magic'] = token
        },
      }),
      betterAuthAudit(made.audit),
    ],
  })
  const app = new Hono()
    .use(made.audit.middleware())
    .on(['GET', 'POST'], '/api/auth/*', (c) => auth.handler(c.req.raw))
  const jar = new Map<string, string>()
  /** A browser: it keeps cookies. */
  const call = async (path: string, body?: unknown, jarOf = jar) => {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const response = await app.request(
      `${ORIGIN}/api/auth${path}`,
      {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          origin: ORIGIN,
          cookie: [...jarOf].map(([name, value]) => `${name}=${value}`).join('; '),
          ...(text !== undefined && {
            'content-type': 'application/json',
            'content-length': String(text.length),
          }),
        },
        ...(text !== undefined && { body: text }),
      },
      { remoteAddr: { hostname: '192.0.2.1' } },
    )
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (value === '' || /max-age=0/i.test(cookie)) jarOf.delete(name)
      else jarOf.set(name, value)
    }
    await made.audit.flush()
    return response
  }
  const logins = async () => (await made.events()).filter(({ kind }) => kind === 'auth')
  /** Action, outcome, actor and target of each event of kind auth. */
  const told = async () =>
    (await logins()).map(({ action, outcome, actor, targets, data }) => [
      action,
      outcome,
      actor.name ?? actor.type,
      targets[0]?.id,
      ...(data?.['failure'] === undefined ? [] : [asText(data['failure'])]),
    ])
  const signUp = async (who: typeof ada = ada, jarOf = jar) => {
    const { user } = await (await call('/sign-up/email', who, jarOf)).json()
    return String(user.id)
  }
  return { ...made, auth, app, call, jar, logins, sent, signUp, told }
}

describe('better-auth', () => {
  it('tells of a sign-up, a logout, a login and a wrong password, once each', async () => {
    const { call, logins, signUp, store, audit } = opened()
    const id = await signUp()
    await call('/sign-out', {})
    await call('/sign-in/email', { ...ada, password: 'wrong horse' })
    await call('/sign-in/email', { ...ada, email: 'nobody@example.org' })
    await call('/sign-in/email', ada)
    const actor = { type: 'user', id, name: 'Ada' }
    const anonymous = { type: 'anonymous', id: 'anonymous' }
    const target = { type: 'account', id: ada.email }
    expect(await logins()).toMatchObject([
      { action: 'signup', outcome: 'success', actor, targets: [target] },
      { action: 'logout', outcome: 'success', actor: { type: 'user', id } },
      {
        action: 'login',
        outcome: 'failure',
        actor: anonymous,
        targets: [target],
        data: { method: 'password', failure: 'INVALID_EMAIL_OR_PASSWORD', name: ada.email },
        request: { ip: '192.0.2.1' },
      },
      {
        action: 'login',
        outcome: 'failure',
        actor: anonymous,
        targets: [{ id: 'nobody@example.org' }],
      },
      {
        action: 'login',
        outcome: 'success',
        actor,
        targets: [target],
        data: { method: 'password', sessionHash: expect.stringMatching(/^hmac:/) },
      },
    ])
    await audit.flush()
    const stored = JSON.stringify((await store.page({ limit: 100 })).rows)
    expect(stored).not.toMatch(/horse/)
  })

  it('tells once where a route of auth covers the same path', async () => {
    const { call, told, signUp } = opened([
      { path: '/api/auth/sign-in/email', action: 'login' },
      { path: '/api/auth/sign-up/email', action: 'signup' },
      { path: '/api/auth/sign-out', action: 'logout' },
    ])
    await signUp()
    await call('/sign-out', {})
    await call('/sign-in/email', { ...ada, password: 'wrong horse' })
    await call('/sign-in/email', ada)
    expect((await told()).map(([action, outcome]) => [action, outcome])).toEqual([
      ['signup', 'success'],
      ['logout', 'success'],
      ['login', 'failure'],
      ['login', 'success'],
    ])
  })

  it('leaves to a route of auth what passes no plugin: too many requests', async () => {
    const { call, told } = opened([{ path: '/api/auth/sign-in/email', action: 'login' }], {
      rateLimit: {
        enabled: true,
        window: 60,
        max: 1,
        customRules: { '/sign-in/email': { window: 60, max: 1 } },
      },
    })
    const statuses = []
    for (let index = 0; index < 3; index += 1)
      statuses.push((await call('/sign-in/email', { ...ada, password: 'wrong horse' })).status)
    expect(statuses).toEqual([401, 429, 429])
    expect((await told()).map(([, outcome]) => outcome)).toEqual(['failure', 'failure', 'failure'])
  })

  it('tells of a wrong password as nobody’s, while an old session is valid', async () => {
    const { call, told, signUp } = opened()
    await signUp()
    await call('/sign-in/email', { email: 'bob@example.org', password: 'wrong horse' })
    expect((await told()).at(-1)).toEqual([
      'login',
      'failure',
      'anonymous',
      'bob@example.org',
      'INVALID_EMAIL_OR_PASSWORD',
    ])
  })

  it('tells of malformed attempts as failures, and of nothing that is none', async () => {
    const { call, told } = opened()
    await call('/sign-in/email', { email: 7 })
    await call('/sign-in/email', { email: 'no address', password: 'x' })
    await call('/get-session')
    await call('/ok')
    await call('/sign-in/social', { provider: 'nope' })
    expect((await told()).map(([action, outcome]) => [action, outcome])).toEqual([
      ['login', 'failure'],
      ['login', 'failure'],
      ['login', 'failure'],
    ])
  })

  it('tells of calls of its API like of requests', async () => {
    const { auth, told, events } = opened()
    await auth.api.signUpEmail({ body: ada })
    await auth.api.signInEmail({ body: { ...ada, password: 'wrong horse' } }).catch(() => undefined)
    await auth.api.signInEmail({ body: ada })
    await events()
    expect((await told()).map(([action, outcome]) => [action, outcome])).toEqual([
      ['signup', 'success'],
      ['login', 'failure'],
      ['login', 'success'],
    ])
  })

  it('tells of passwords that are changed or reset, and of sessions that are revoked', async () => {
    const { call, told, signUp, sent } = opened()
    await signUp()
    await call('/change-password', { currentPassword: 'wrong horse', newPassword: 'another horse' })
    await call('/change-password', { currentPassword: ada.password, newPassword: 'another horse' })
    await call('/revoke-other-sessions', {})
    await call('/request-password-reset', { email: ada.email, redirectTo: '/x' })
    await call('/reset-password', { newPassword: 'a third horse', token: 'forged' })
    await call('/reset-password', { newPassword: 'a third horse', token: sent['reset'] })
    expect(await told()).toEqual([
      ['signup', 'success', 'Ada', ada.email],
      ['password.change', 'failure', 'Ada', undefined, 'INVALID_PASSWORD'],
      ['password.change', 'success', 'Ada', undefined],
      ['token.revoke', 'success', 'Ada', undefined],
      ['password.reset', 'failure', 'anonymous', undefined, 'INVALID_TOKEN'],
      ['password.reset', 'success', 'user', undefined],
    ])
  })

  it('tells of a second factor that is asked for, missed and given', async () => {
    const { call, told, signUp, sent, logins } = opened()
    const id = await signUp()
    await call('/two-factor/enable', { password: ada.password, method: 'otp' })
    await call('/sign-out', {})
    expect(await (await call('/sign-in/email', ada)).json()).toMatchObject({
      twoFactorRedirect: true,
    })
    await call('/two-factor/send-otp', {})
    await call('/two-factor/verify-otp', { code: '000000x' })
    await call('/two-factor/verify-otp', { code: sent['otp'] })
    expect((await told()).slice(2)).toEqual([
      ['mfa.challenge', 'unknown', 'user', ada.email],
      ['mfa.verify', 'failure', 'anonymous', undefined, 'INVALID_CODE'],
      ['mfa.verify', 'success', 'Ada', undefined],
      ['login', 'success', 'Ada', ada.email],
    ])
    expect((await logins())[2]?.actor.id).toBe(id)
  })

  it('tells of impersonation and its end, by whom and of whom', async () => {
    const { call, told, signUp, auth } = opened()
    const id = await signUp()
    const context = await auth.$context
    await context.internalAdapter.updateUser(id, { role: 'admin' })
    const bob = await signUp({ ...ada, email: 'bob@example.org', name: 'Bob' }, new Map())
    expect((await call('/admin/impersonate-user', { userId: bob })).status).toBe(200)
    expect((await call('/admin/stop-impersonating', {})).status).toBe(200)
    await call('/admin/set-user-password', { userId: bob, newPassword: 'another horse' })
    await call('/admin/revoke-user-sessions', { userId: bob })
    expect((await told()).slice(2)).toEqual([
      ['impersonation.start', 'success', 'Ada', bob],
      ['impersonation.end', 'success', 'Ada', bob],
      ['password.change', 'success', 'Ada', bob],
      ['token.revoke', 'success', 'Ada', bob],
    ])
  })

  it('tells of a login by a link when the link is used, and not when it is sent', async () => {
    const { call, told, sent } = opened()
    await call('/sign-in/magic-link', { email: ada.email })
    await call('/magic-link/verify?token=forged')
    await call(`/magic-link/verify?token=${sent['magic']}`)
    expect((await told()).map(([action, outcome]) => [action, outcome])).toEqual([
      ['login', 'failure'],
      ['login', 'success'],
    ])
  })

  it('tells of a login by another name, and of one that fails at an OAuth provider', async () => {
    const { call, told } = opened([], {
      socialProviders: { github: { clientId: 'id', clientSecret: 'secret' } },
    })
    await call('/sign-up/email', { ...ada, username: 'lovelace' })
    await call('/sign-in/username', { username: 'lovelace', password: ada.password })
    await call('/sign-in/username', { username: 'lovelace', password: 'wrong horse' })
    expect((await call('/sign-in/social', { provider: 'github' })).status).toBe(200)
    expect((await call('/callback/github?code=abc&state=forged')).status).toBe(302)
    expect((await told()).slice(1)).toEqual([
      ['login', 'success', 'Ada', 'lovelace'],
      ['login', 'failure', 'anonymous', 'lovelace', 'INVALID_USERNAME_OR_PASSWORD'],
      ['login', 'failure', 'anonymous', undefined, expect.any(String)],
    ])
  })

  it('counts for attempts() without a route', async () => {
    const { call, events } = opened()
    for (let index = 0; index < 5; index += 1)
      await call('/sign-in/email', { ...ada, password: 'wrong horse' })
    expect((await events()).filter(({ kind }) => kind === 'security')).toMatchObject([
      { action: 'auth.bruteforce', targets: [{ type: 'account', id: ada.email }] },
    ])
  })

  it('answers the same as without us', async () => {
    const { app } = opened()
    const response = await app.request(`${ORIGIN}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { origin: ORIGIN, 'content-type': 'application/json' },
      body: JSON.stringify({ ...ada, password: 'wrong horse' }),
    })
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual({
      code: 'INVALID_EMAIL_OR_PASSWORD',
      message: 'Invalid email or password',
    })
  })

  it('refuses a place before twoFactor(), where it would take half a login for a whole one', async () => {
    const { audit } = trail()
    const auth = betterAuth({
      baseURL: ORIGIN,
      secret: 'a secret of thirty-two characters!!',
      database: memoryAdapter({}),
      plugins: [betterAuthAudit(audit), twoFactor()],
    })
    await expect(auth.$context).rejects.toMatchObject({ code: 'AUDIT_OPTION_INVALID' })
  })
})
