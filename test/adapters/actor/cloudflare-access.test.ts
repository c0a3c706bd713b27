import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cloudflareAccess } from '../../../adapters/actor/cloudflare-access.ts'
import type { CloudflareAccessOptions } from '../../../adapters/actor/cloudflare-access.ts'
import type { Actor } from '../../../src/event/schema.ts'
import { keySetServer, type KeySetServer, signer, type Signer } from './key-set-server.ts'

// The tokens have the claims that Cloudflare documents, signed by keys of ours: Access itself is not asked.

const audience = '4714c1358e65fe4b408ad6d432a5f878f08194bdb4752441fd56faefa9b2b6f2'

let key: Signer
let server: KeySetServer
let team: string

beforeAll(async () => {
  key = await signer('RS256', 'k1')
  server = await keySetServer([key.jwk])
  team = new URL(server.url).origin
})

afterAll(() => server.close())

const person = () => ({
  aud: [audience],
  email: 'ada@example.com',
  exp: Math.floor(Date.now() / 1_000) + 60,
  iat: Math.floor(Date.now() / 1_000),
  nbf: Math.floor(Date.now() / 1_000),
  iss: team,
  type: 'app',
  identity_nonce: '6ei69kawdKzMIAPF',
  sub: '7335d417-61da-459d-899c-0a01c76a2f94',
  country: 'US',
})

const actorFor = async (
  token: string | undefined,
  options: Partial<CloudflareAccessOptions> = {},
): Promise<Actor | undefined> => {
  const resolve = cloudflareAccess({ team, audience, ...options })
  let actor: Actor | undefined
  const app = new Hono().get('/', async (c) => {
    actor = await resolve(c)
    return c.text('hello')
  })
  const headers = token === undefined ? {} : { 'cf-access-jwt-assertion': token }
  await app.request('/', { headers })
  return actor
}

describe('cloudflareAccess', () => {
  it('names the person whom Access let in, with keys fetched from the team', async () => {
    expect(await actorFor(await key.sign(person()))).toEqual({
      id: '7335d417-61da-459d-899c-0a01c76a2f94',
      name: 'ada@example.com',
      type: 'user',
      via: 'cloudflare-access',
    })
  })

  it('names a service token as a service', async () => {
    const { email: _, ...claims } = person()
    const token = await key.sign({ ...claims, sub: '', common_name: 'e367826f93b8.access' })
    expect(await actorFor(token)).toEqual({
      id: 'e367826f93b8.access',
      type: 'service',
      via: 'cloudflare-access',
    })
  })

  it('names nobody without a token, or with one that is forged, expired, of another team or application', async () => {
    const forger = await signer('RS256', 'k1')
    const hmac = await signer('ES256', 'k1')
    for (const token of [
      undefined,
      'garbage',
      await forger.sign(person()),
      await hmac.sign(person()),
      await key.sign({ ...person(), exp: 1_000 }),
      await key.sign({ ...person(), iss: 'https://other.cloudflareaccess.com' }),
      await key.sign({ ...person(), aud: ['another application'] }),
      await key.sign({ ...person(), sub: '' }),
    ])
      expect(await actorFor(token)).toBeUndefined()
  })

  it('takes the keys that it is given', async () => {
    const acme = { team: 'acme', jwks: { keys: [key.jwk] } }
    const token = await key.sign({ ...person(), iss: 'https://acme.cloudflareaccess.com' })
    expect(await actorFor(token, acme)).toMatchObject({ name: 'ada@example.com' })
    expect(await actorFor(await key.sign(person()), acme)).toBeUndefined()
  })

  it.each([
    [{ team: '' }],
    [{ team: 'https://acme.cloudflareaccess.com/path' }],
    [{ audience: undefined }],
    [{ audience: '' }],
  ])('refuses a wrong option: %j', (options) => {
    const written = { team: 'acme', audience, ...options } as CloudflareAccessOptions
    expect(() => cloudflareAccess(written)).toThrow(
      expect.objectContaining({ code: 'AUDIT_OPTION_INVALID' }),
    )
  })
})
