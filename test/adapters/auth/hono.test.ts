import { Hono, type MiddlewareHandler } from 'hono'
import { basicAuth } from 'hono/basic-auth'
import { bearerAuth } from 'hono/bearer-auth'
import { jwk } from 'hono/jwk'
import { jwt, sign } from 'hono/jwt'
import { describe, expect, it } from 'vitest'
import { basicUser, watched, type WatchOptions } from '../../../adapters/auth/hono.ts'
import { jwtPayload } from '../../../adapters/actor/jwt-payload.ts'
import { attempts } from '../../../src/capture/auth/attempts.ts'
import { auth } from '../../../src/capture/auth/auth.ts'
import type { AuditOptions } from '../../../src/options.ts'
import { trail } from '../../support/app.ts'

const secret = 'it-is-very-secret-and-long-enough'
const basic = (pair: string): string => `Basic ${btoa(pair)}`

/** An app behind the real middleware. */
const behind = (
  middleware: MiddlewareHandler,
  options: WatchOptions = {},
  more: Partial<AuditOptions> = {},
) => {
  const made = trail({ actor: [basicUser, jwtPayload()], ...more })
  const app = new Hono()
    .use(made.audit.middleware())
    .use('/in/*', watched(made.audit, middleware, options))
    .all('/in/closed', (c) => c.text('no', 403))
    .all('/in/broken', () => {
      throw new Error('mine')
    })
    .all('*', (c) => c.text('in'))
  app.onError((error, c) =>
    'getResponse' in error
      ? Reflect.apply(Object(error).getResponse, error, [])
      : c.text('broken', 500),
  )
  const ask = async (headers: Record<string, string>, path = '/in/a', method = 'GET') =>
    (await app.request(path, { headers, method })).status
  const told = async () => (await made.events()).filter(({ kind }) => kind === 'auth')
  return { ...made, ask, told }
}

describe('basicAuth that is watched', () => {
  const ada = () => basicAuth({ username: 'ada', password: 'hunter2' })

  it('is no event when it lets in, and names who came in', async () => {
    const { ask, told, request } = behind(ada())
    expect(await ask({ authorization: basic('ada:hunter2') })).toBe(200)
    expect(await told()).toEqual([])
    expect((await request()).actor).toEqual({ type: 'user', id: 'ada', via: 'basic' })
  })

  it('is a failed login of the attempted name when it turns away', async () => {
    const { ask, told, store } = behind(ada())
    expect(await ask({ authorization: basic('bob:correct-horse') })).toBe(401)
    expect(await told()).toMatchObject([
      {
        action: 'login',
        outcome: 'failure',
        actor: { type: 'anonymous' },
        targets: [{ type: 'account', id: 'bob' }],
        data: { method: 'basic', failure: 'wrong-credentials', name: 'bob' },
      },
    ])
    expect(JSON.stringify((await store.page({ limit: 9 })).rows)).not.toContain('correct-horse')
  })

  it('is no event where nobody tried, nor when the handler behind it says no or breaks', async () => {
    const { ask, told } = behind(ada())
    expect(await ask({})).toBe(401)
    expect(await ask({}, '/open')).toBe(200)
    expect(await ask({ authorization: basic('ada:hunter2') }, '/in/closed')).toBe(403)
    expect(await ask({ authorization: basic('ada:hunter2') }, '/in/broken')).toBe(500)
    expect(await told()).toEqual([])
  })

  it('names nobody for what is no pair', async () => {
    const { ask, told } = behind(ada())
    for (const sent of ['Basic %%%', basic('secret-alone'), basic(':token')])
      await ask({ authorization: sent })
    expect((await told()).map(({ targets }) => targets)).toEqual([[], [], []])
  })

  it('says so when what checks the password breaks', async () => {
    const verifyUser = () => {
      throw new Error('database')
    }
    const { ask, told } = behind(basicAuth({ verifyUser }))
    expect(await ask({ authorization: basic('ada:hunter2') })).toBe(500)
    expect((await told()).map(({ data }) => data?.['failure'])).toEqual(['error'])
  })

  it('is one event where a route of auth covers the same path, and counts for attempts()', async () => {
    const { ask, told, events } = behind(
      ada(),
      {},
      {
        auth: auth({
          routes: [{ path: '/in/a', action: 'login', methods: ['GET'], failed: () => true }],
          attempts: attempts({ perName: 2 }),
        }),
      },
    )
    await ask({ authorization: basic('bob:x') })
    await ask({ authorization: basic('bob:y') })
    expect(await told()).toHaveLength(2)
    expect((await events()).filter(({ kind }) => kind === 'security')).toHaveLength(1)
  })

  it('works without async context', async () => {
    const asyncContext = { run: (_: unknown, fn: () => never) => fn(), getStore: () => undefined }
    const { ask, told } = behind(ada(), {}, { asyncContext })
    await ask({ authorization: basic('bob:x') })
    expect(await told()).toMatchObject([{ request: { id: expect.any(String) } }])
  })
})

describe('bearerAuth, jwt and jwk that are watched', () => {
  const now = Math.floor(Date.now() / 1_000)

  it.each<[string, MiddlewareHandler, () => Promise<string>, number, string]>([
    [
      'bearerAuth',
      bearerAuth({ token: 'right-token' }),
      async () => 'wrong-token',
      401,
      'invalid_token',
    ],
    ['bearerAuth', bearerAuth({ token: 'right-token' }), async () => '!', 400, 'invalid_request'],
    [
      'jwt',
      jwt({ secret, alg: 'HS256' }),
      () => sign({ sub: 'eve' }, 'another', 'HS256'),
      401,
      'JwtTokenSignatureMismatched',
    ],
    [
      'jwt',
      jwt({ secret, alg: 'HS256' }),
      () => sign({ sub: 'eve', exp: now - 60 }, secret, 'HS256'),
      401,
      'JwtTokenExpired',
    ],
    [
      'jwk',
      jwk({ keys: [], alg: ['RS256'] }),
      () => sign({ sub: 'eve' }, secret, 'HS256'),
      401,
      '',
    ],
  ])(
    'turn a token away as one event of nobody: %s',
    async (_, middleware, token, status, failure) => {
      const { ask, told, store } = behind(middleware)
      const sent = await token()
      expect(await ask({ authorization: `Bearer ${sent}` })).toBe(status)
      const events = await told()
      expect(events).toMatchObject([
        { action: 'token.reject', outcome: 'failure', actor: { type: 'anonymous' }, targets: [] },
      ])
      if (failure !== '') expect(events[0]?.data?.['failure']).toBe(failure)
      if (sent.length > 1)
        expect(JSON.stringify((await store.page({ limit: 9 })).rows)).not.toContain(sent)
    },
  )

  it('are no event when they let in, or where there is no token', async () => {
    const { ask, told, events } = behind(jwt({ secret, alg: 'HS256' }))
    expect(
      await ask({ authorization: `Bearer ${await sign({ sub: 'ada' }, secret, 'HS256')}` }),
    ).toBe(200)
    expect(await ask({})).toBe(401)
    expect(await told()).toEqual([])
    expect((await events()).map(({ actor }) => actor.id)).toEqual(['ada', 'anonymous'])
  })

  it('are watched where the token is in a cookie or in another header', async () => {
    const cookie = behind(jwt({ secret, alg: 'HS256', cookie: 'token' }), { cookie: 'token' })
    expect(
      await cookie.ask({ cookie: `a=b; token=${await sign({ sub: 'eve' }, 'x', 'HS256')}` }),
    ).toBe(401)
    expect(await cookie.ask({ cookie: 'a=b' })).toBe(401)
    expect(await cookie.told()).toHaveLength(1)
    const header = behind(bearerAuth({ token: 'right', headerName: 'x-key' }), { header: 'x-key' })
    expect(await header.ask({ 'x-key': 'Bearer wrong' })).toBe(401)
    expect(await header.told()).toHaveLength(1)
  })
})
