import { Hono } from 'hono'
import { jwk } from 'hono/jwk'
import { jwt } from 'hono/jwt'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { JWTPayload } from 'jose'
import { describe, expect, it } from 'vitest'
import { jwtPayload } from '../../../adapters/actor/jwt-payload.ts'
import type { JwtPayloadOptions } from '../../../adapters/actor/jwt-payload.ts'
import type { Actor } from '../../../src/event/schema.ts'

const secret = 'it-is-very-secret-and-long-enough'

const signed = (claims: JWTPayload, key = secret): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(key))

/** Who the app names for that token, behind the real middleware; read after the handler, as we do. */
const actorOf = async (
  token: string | undefined,
  options?: JwtPayloadOptions,
): Promise<{ readonly actor: Actor | undefined; readonly status: number }> => {
  const resolve = jwtPayload(options)
  let actor: Actor | undefined
  const app = new Hono()
    .use(async (c, next) => {
      await next()
      actor = resolve(c)
    })
    .use(jwt({ secret, alg: 'HS256' }))
    .get('/', (c) => c.text('hello'))
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const { status } = await app.request('/', { headers })
  return { actor, status }
}

describe('jwtPayload', () => {
  it('names who hono/jwt let in', async () => {
    const token = await signed({ sub: 'u1', name: 'Ada', role: 'admin', email: 'ada@example.com' })
    expect(await actorOf(token)).toEqual({
      status: 200,
      actor: { id: 'u1', name: 'Ada', role: 'admin', type: 'user', via: 'jwt' },
    })
  })

  it('names nobody when hono/jwt turned the request away', async () => {
    expect(await actorOf(undefined)).toEqual({ status: 401, actor: undefined })
    const forged = await signed({ sub: 'u1' }, 'another secret')
    expect(await actorOf(forged)).toEqual({ status: 401, actor: undefined })
    const expired = await signed({ sub: 'u1', exp: 1_000 })
    expect(await actorOf(expired)).toEqual({ status: 401, actor: undefined })
  })

  it('names who hono/jwk let in', async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256')
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256' }]
    const token = await new SignJWT({ sub: 'u2' })
      .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
      .sign(privateKey)
    const resolve = jwtPayload()
    const app = new Hono()
      .use(jwk({ keys: () => keys, alg: ['RS256'] }))
      .get('/', (c) => c.json(resolve(c)))
    const answer = await app.request('/', { headers: { authorization: `Bearer ${token}` } })
    expect(await answer.json()).toEqual({ id: 'u2', type: 'user', via: 'jwt' })
  })

  it('reads the claims that it is told', async () => {
    const token = await signed({
      uid: 7,
      profile: { display: 'Ada' },
      realm_access: { roles: ['admin', 'auditor'] },
    })
    const { actor } = await actorOf(token, {
      id: 'uid',
      name: 'profile.display',
      role: 'realm_access.roles',
    })
    expect(actor).toEqual({ id: '7', name: 'Ada', role: 'admin,auditor', type: 'user', via: 'jwt' })
  })

  it('takes a name with dots for one claim where there is one', async () => {
    const role = 'https://example.com/roles'
    const token = await signed({ sub: 'u1', [role]: ['editor'], https: { wrong: 1 } })
    expect((await actorOf(token, { role })).actor?.role).toBe('editor')
  })

  it('leaves out what it is told to', async () => {
    const token = await signed({ sub: 'u1', name: 'Ada', role: 'admin' })
    const { actor } = await actorOf(token, { name: false, role: false })
    expect(actor).toEqual({ id: 'u1', type: 'user', via: 'jwt' })
  })

  it.each([
    ['no subject', {}],
    ['an empty subject', { sub: '' }],
    ['a subject that is an object', { id: { nested: 'u1' } }],
    ['a subject that is a list', { id: ['u1', 'u2'] }],
    ['a subject that is null', { id: null }],
    ['a subject that is true', { id: true }],
  ])('names nobody for %s', async (_, claims) => {
    const { actor } = await actorOf(await signed(claims), { id: 'id' in claims ? 'id' : 'sub' })
    expect(actor).toBeUndefined()
  })

  it('takes nothing from what every object has', async () => {
    const token = await signed({ sub: 'u1' })
    expect((await actorOf(token, { id: 'constructor.name' })).actor).toBeUndefined()
    expect((await actorOf(token, { id: 'sub.length' })).actor).toBeUndefined()
    Object.assign(Object.prototype, { polluted: 'mallory' })
    try {
      expect((await actorOf(token, { id: 'polluted' })).actor).toBeUndefined()
    } finally {
      Reflect.deleteProperty(Object.prototype, 'polluted')
    }
  })

  it('reads another variable', async () => {
    const resolve = jwtPayload({ variable: 'session' })
    const app = new Hono<{ Variables: { session: unknown } }>()
      .use(async (c, next) => {
        c.set('session', { sub: 'u3' })
        await next()
      })
      .get('/', (c) => c.json(resolve(c)))
    expect(await (await app.request('/')).json()).toEqual({ id: 'u3', type: 'user', via: 'jwt' })
  })

  it.each([{ id: '' }, { name: '' }, { role: '' }, { variable: '' }])('refuses %j', (options) => {
    const [option = ''] = Object.keys(options)
    expect(() => jwtPayload(options)).toThrow(
      expect.objectContaining({
        code: 'AUDIT_OPTION_INVALID',
        detail: expect.stringContaining(option),
      }),
    )
  })
})
