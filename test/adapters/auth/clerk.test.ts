import { createHmac } from 'node:crypto'
import { createClerkClient } from '@clerk/backend'
import { verifyWebhook } from '@clerk/backend/webhooks'
import { clerkMiddleware } from '@clerk/hono'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { exportSPKI, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { clerkActor, clerkWebhook } from '../../../adapters/auth/clerk.ts'
import { trail } from '../../support/app.ts'

// The real @clerk/backend verifies tokens that have Clerk's claims, without a network; the key is ours.

const publishableKey = `pk_live_${btoa('clerk.example.com$')}`
let jwtKey: string
let sign: (claims: object) => Promise<string>
let forge: typeof sign

beforeAll(async () => {
  const keys = await generateKeyPair('RS256', { extractable: true })
  const others = await generateKeyPair('RS256', { extractable: true })
  jwtKey = await exportSPKI(keys.publicKey)
  const signer = (key: CryptoKey) => (claims: object) => {
    const now = Math.floor(Date.now() / 1_000)
    const session = {
      iss: 'https://clerk.example.com',
      sid: 'sess_1',
      sub: 'user_1',
      iat: now,
      nbf: now - 5,
      exp: now + 60,
      v: 2,
    }
    return new SignJWT({ ...session, ...claims })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'ins_1' })
      .sign(key)
  }
  sign = signer(keys.privateKey)
  forge = signer(others.privateKey)
})

/** The middleware of Clerk for Hono, or what `@clerk/backend` alone gives. */
const middlewares = {
  '@clerk/hono': (): MiddlewareHandler =>
    clerkMiddleware({
      publishableKey,
      jwtKey,
      secretKey: 'sk_live_x',
    }),
  '@clerk/backend': (): MiddlewareHandler => async (c, next) => {
    const options = { publishableKey, secretKey: 'sk_live_x' }
    const state = await createClerkClient(options).authenticateRequest(c.req.raw, { jwtKey })
    c.set('auth', state.toAuth())
    await next()
  },
}

/** Who is recorded for a request with that token, behind Clerk. */
const actorFor = async (
  token: string | undefined,
  middleware: keyof typeof middlewares = '@clerk/hono',
) => {
  const made = trail({ actor: [clerkActor(), clerkActor({ variable: 'auth' })] })
  const app = new Hono()
    .use(made.audit.middleware())
    .use(middlewares[middleware]())
    .get('/', (c: Context) => c.text('ok'))
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  await app.request('http://localhost/', { headers })
  return (await made.request()).actor
}

const anonymous = { type: 'anonymous', id: 'anonymous' }

describe('clerkActor', () => {
  it.each(['@clerk/hono', '@clerk/backend'] as const)(
    'names whom %s has verified',
    async (middleware) => {
      const token = await sign({ o: { id: 'org_1', rol: 'admin', slg: 'acme' } })
      expect(await actorFor(token, middleware)).toEqual({
        type: 'user',
        id: 'user_1',
        role: 'org:admin',
        via: 'clerk',
      })
    },
  )

  it('names nobody when Clerk says signed out: no token, a forged one, an expired one', async () => {
    expect(await actorFor(undefined)).toEqual(anonymous)
    expect(await actorFor(await forge({}))).toEqual(anonymous)
    expect(await actorFor(await sign({ exp: 1_000 }))).toEqual(anonymous)
    expect(await actorFor('garbage')).toEqual(anonymous)
  })

  it('names who acts for a user, on behalf of that user', async () => {
    expect(await actorFor(await sign({ act: { sub: 'user_admin' } }))).toEqual({
      type: 'user',
      id: 'user_admin',
      via: 'clerk',
      onBehalfOf: [{ type: 'user', id: 'user_1', via: 'clerk' }],
    })
  })

  it('names nobody where there is no such variable, and machines as services', () => {
    const resolve = clerkActor({ variable: 'auth' })
    const withAuth = (auth: unknown) => resolve({ get: () => auth } as unknown as Context)
    expect(withAuth(undefined)).toBeUndefined()
    expect(withAuth('text')).toBeUndefined()
    expect(withAuth({ isAuthenticated: true, tokenType: 'm2m_token', machineId: 'mch_1' })).toEqual(
      {
        type: 'service',
        id: 'mch_1',
        via: 'clerk',
      },
    )
    expect(() => clerkActor({ variable: '' })).toThrow(
      expect.objectContaining({ code: 'AUDIT_OPTION_INVALID' }),
    )
  })
})

const secret = btoa('a secret of thirty-two characters')

/** A webhook as Clerk signs it: https://www.standardwebhooks.com */
const webhook = (event: object): RequestInit => {
  const body = JSON.stringify(event)
  const at = String(Math.floor(Date.now() / 1_000))
  const signature = createHmac('sha256', Buffer.from(secret, 'base64'))
    .update(`msg_1.${at}.${body}`)
    .digest('base64')
  return {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'svix-id': 'msg_1',
      'svix-timestamp': at,
      'svix-signature': `v1,${signature}`,
    },
  }
}

describe('clerkWebhook', () => {
  it('tells of sessions and users that the real verifyWebhook lets through', async () => {
    const made = trail()
    const app = new Hono().use(made.audit.middleware()).post('/clerk', async (c) => {
      clerkWebhook(made.audit, await verifyWebhook(c.req.raw, { signingSecret: `whsec_${secret}` }))
      return c.body(null, 204)
    })
    app.onError((_, c) => c.text('no', 400))
    const event = (type: string, data: object) => ({
      type,
      data,
      object: 'event',
      timestamp: 1_700_000_000_000,
      event_attributes: { http_request: { client_ip: '192.0.2.1', user_agent: 'browser' } },
    })
    const session = { object: 'session', id: 'sess_1', user_id: 'user_1', status: 'active' }
    const sent = [
      event('user.created', { object: 'user', id: 'user_1' }),
      event('session.created', session),
      event('session.removed', session),
      event('session.revoked', session),
      event('user.updated', { object: 'user', id: 'user_1' }),
    ]
    for (const one of sent) expect((await app.request('/clerk', webhook(one))).status).toBe(204)
    const forged = { ...webhook(event('session.created', session)), body: '{}' }
    expect((await app.request('/clerk', forged)).status).toBe(400)
    expect(await made.recorded()).toMatchObject(
      ['signup', 'login', 'logout', 'token.revoke'].map((action) => ({
        kind: 'auth',
        action,
        outcome: 'success',
        occurredAt: 1_700_000_000_000,
        actor: { type: 'user', id: 'user_1', via: 'clerk' },
      })),
    )
    expect((await made.recorded())[0]?.metadata).toEqual({
      clientIp: '192.0.2.1',
      userAgent: 'browser',
    })
  })

  it('takes anything for an event that is none', () => {
    const { audit } = trail()
    for (const event of [undefined, null, 7, {}, { type: 'toString' }, { type: 'email.created' }])
      expect(clerkWebhook(audit, event)).toBeUndefined()
  })
})
