import { type Context, Hono } from 'hono'
import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { type AnswerTokenOptions, fromToken } from '../../../adapters/actor/bearer.ts'
import { auth } from '../../../src/capture/auth/auth.ts'
import { trail } from '../../support/app.ts'

const key = 'it-is-very-secret-and-long-enough'

const signed = (secret = key, claims: Record<string, unknown> = { sub: 'u1', name: 'Ada' }) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(secret))

/** Who is recorded for a login that is answered so. */
const actorOf = async (
  answer: (c: Context) => Response | Promise<Response>,
  options: Partial<AnswerTokenOptions> = {},
) => {
  const user = fromToken({ key, ...options })
  const { audit, recorded, errors } = trail({
    auth: auth([{ path: '/token', action: 'login', user }]),
  })
  const app = new Hono().use(audit.middleware()).post('/token', answer)
  const response = await app.request('/token', { method: 'POST' })
  const text = await response.text()
  const [event] = await recorded()
  return { actor: event?.actor, errors, text }
}

const ada = { id: 'u1', name: 'Ada', type: 'user', via: 'jwt' }
const anonymous = { id: 'anonymous', type: 'anonymous' }

describe('fromToken', () => {
  it.each(['access_token', 'accessToken', 'access', 'id_token', 'token', 'jwt'])(
    'names who got in by the answer’s %s, and leaves the answer alone',
    async (field) => {
      const token = await signed()
      const { actor, text } = await actorOf((c) => c.json({ [field]: token }))
      expect(actor).toEqual(ada)
      expect(JSON.parse(text)).toEqual({ [field]: token })
    },
  )

  it('finds it in a field of the app’s, or in a cookie', async () => {
    const token = await signed()
    const nested = await actorOf((c) => c.json({ data: { jwt: token } }), { field: 'data.jwt' })
    expect(nested.actor).toEqual(ada)
    const cookie = await actorOf(
      (c) => {
        c.header('set-cookie', 'a=b')
        c.header('set-cookie', `id=${token}; HttpOnly; Path=/`, { append: true })
        return c.redirect('/home')
      },
      { cookie: 'id' },
    )
    expect(cookie.actor).toEqual(ada)
  })

  it('never names the user of a forged, expired or unsigned token', async () => {
    const [head, claims] = (await signed()).split('.')
    for (const token of [
      await signed('another secret'),
      await signed(key, { sub: 'u1', exp: 1_000 }),
      `${head}.${claims}.`,
      `${head}.${claims}.AAAA`,
      'garbage',
      7,
      null,
    ])
      expect((await actorOf((c) => c.json({ token }))).actor).toEqual(anonymous)
  })

  it('names nobody where the answer has no token', async () => {
    for (const answer of [
      (c: Context) => c.json({}),
      (c: Context) => c.json(null),
      (c: Context) => c.text('ok'),
      (c: Context) => c.body(null, 204),
    ])
      expect((await actorOf(answer)).actor).toEqual(anonymous)
  })

  it('tells of an answer that says it is JSON and is none', async () => {
    const { actor, errors } = await actorOf((c) =>
      c.body('{', 200, { 'content-type': 'application/json' }),
    )
    expect(actor).toEqual(anonymous)
    expect(errors.map(({ where }) => where)).toEqual(['auth.user'])
  })

  it.each([[{ field: '' }], [{ field: [] }], [{ cookie: '' }], [{ jwks: 'https://x' }]])(
    'refuses a wrong option: %j',
    (options) => {
      expect(() => fromToken({ key, ...options })).toThrow(
        expect.objectContaining({ code: 'AUDIT_OPTION_INVALID' }),
      )
    },
  )
})
