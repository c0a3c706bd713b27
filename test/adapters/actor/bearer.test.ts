import * as fc from 'fast-check'
import { Hono } from 'hono'
import { base64url, exportSPKI, generateSecret, SignJWT } from 'jose'
import type { JWTPayload } from 'jose'
import { describe, expect, it } from 'vitest'
import { bearer } from '../../../adapters/actor/bearer.ts'
import type { BearerOptions } from '../../../adapters/actor/bearer.ts'
import type { Actor } from '../../../src/event/schema.ts'
import { signer } from './key-set-server.ts'

const secret = 'it-is-very-secret-and-long-enough'
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

const signed = (claims: JWTPayload, key: string | Uint8Array = secret, alg = 'HS256') =>
  new SignJWT(claims).setProtectedHeader({ alg }).sign(typeof key === 'string' ? bytes(key) : key)

/** Who is named for that header, in a real app. A resolver that throws fails the test. */
const actorFor = async (
  options: BearerOptions,
  value: string | undefined,
  header = 'authorization',
): Promise<Actor | undefined> => {
  const resolve = bearer(options)
  let actor: Actor | undefined
  const app = new Hono().get('/', async (c) => {
    actor = await resolve(c)
    return c.text('hello')
  })
  const headers = value === undefined ? {} : { [header]: value }
  const { status } = await app.request('/', { headers })
  expect(status).toBe(200)
  return actor
}

const ada = { id: 'u1', type: 'user', via: 'jwt' }
const unsigned = (header: object, claims: object): string =>
  [header, claims].map((part) => base64url.encode(JSON.stringify(part))).join('.')

describe('bearer', () => {
  it('names who a valid token names', async () => {
    const token = await signed({ sub: 'u1', name: 'Ada', role: ['admin', 'auditor'] })
    const named = { ...ada, name: 'Ada', role: 'admin,auditor' }
    expect(await actorFor({ key: secret }, `Bearer ${token}`)).toEqual(named)
    expect(await actorFor({ key: secret }, `bearer  ${token}`)).toEqual(named)
  })

  it.each(['HS256', 'HS384', 'HS512'])('verifies %s with each form of a secret', async (alg) => {
    const key = await generateSecret(alg, { extractable: true })
    const token = `Bearer ${await new SignJWT({ sub: 'u1' }).setProtectedHeader({ alg }).sign(key)}`
    const raw = new Uint8Array(await crypto.subtle.exportKey('raw', key as CryptoKey))
    for (const form of [key, raw, { kty: 'oct', k: base64url.encode(raw) }]) {
      expect(await actorFor({ key: form }, token)).toEqual(ada)
    }
  })

  it.each(['RS256', 'PS384', 'ES256', 'ES384', 'ES512', 'EdDSA'])(
    'verifies %s with each form of a public key',
    async (alg) => {
      const { jwk, publicKey, sign } = await signer(alg, 'k1')
      const { alg: _alg, ...plain } = jwk
      const token = `Bearer ${await sign({ sub: 'u1' })}`
      const pem = await exportSPKI(publicKey)
      const other = (await signer(alg, 'k1')).publicKey
      for (const key of [pem, `\n  ${pem}`, publicKey, jwk, plain]) {
        expect(await actorFor({ key }, token)).toEqual(ada)
      }
      expect(await actorFor({ jwks: { keys: [jwk] } }, token)).toEqual(ada)
      for (const key of [await exportSPKI(other), other]) {
        expect(await actorFor({ key }, token)).toBeUndefined()
      }
    },
  )

  it.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['another scheme', 'Basic dTE6cHc='],
    ['a scheme without a token', 'Bearer'],
    ['a text', 'Bearer garbage'],
    ['three parts of garbage', 'Bearer a.b.c'],
    ['no scheme', 'TOKEN'],
    ['two tokens', 'Bearer TOKEN, Bearer TOKEN'],
    ['something behind the token', 'Bearer TOKEN x'],
  ])('names nobody for %s', async (_, value) => {
    const token = await signed({ sub: 'u1' })
    expect(await actorFor({ key: secret }, value?.replaceAll('TOKEN', token))).toBeUndefined()
  })

  it('names nobody for a token that expired, is not valid yet, or was signed by another', async () => {
    const now = Math.floor(Date.now() / 1_000)
    const bad = [
      await signed({ sub: 'u1', exp: now - 60 }),
      await signed({ sub: 'u1', nbf: now + 600 }),
      await signed({ sub: 'u1', exp: 'soon' } as unknown as JWTPayload), // what TypeScript would stop
      await signed({ sub: 'u1' }, 'another secret, as long as the first'),
    ]
    for (const token of bad) {
      expect(await actorFor({ key: secret }, `Bearer ${token}`)).toBeUndefined()
    }
  })

  it('allows for the clocks as far as it is told', async () => {
    const exp = Math.floor(Date.now() / 1_000) - 60
    const token = `Bearer ${await signed({ sub: 'u1', exp })}`
    expect(await actorFor({ key: secret, clockTolerance: 3_600 }, token)).toEqual(ada)
    expect(await actorFor({ key: secret, clockTolerance: 10 }, token)).toBeUndefined()
  })

  it('names nobody for a token of another issuer or audience, or of none', async () => {
    const options = { key: secret, issuer: ['a', 'b'], audience: 'api' }
    const actor = async (claims: JWTPayload) =>
      actorFor(options, `Bearer ${await signed({ sub: 'u1', ...claims })}`)
    expect(await actor({ iss: 'b', aud: ['web', 'api'] })).toEqual(ada)
    expect(await actor({ iss: 'c', aud: 'api' })).toBeUndefined()
    expect(await actor({ iss: 'a', aud: 'web' })).toBeUndefined()
    expect(await actor({ iss: 'a' })).toBeUndefined()
    expect(await actor({ aud: 'api' })).toBeUndefined()
  })

  it('names nobody for a token that has no signature', async () => {
    for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
      const token = unsigned({ alg, typ: 'JWT' }, { sub: 'u1' })
      for (const signature of ['', '.', '.AA']) {
        expect(await actorFor({ key: secret }, `Bearer ${token}${signature}`)).toBeUndefined()
      }
    }
  })

  it('names nobody for a token signed with the public key as if it were a secret', async () => {
    const { jwk, publicKey } = await signer('RS256', 'k1')
    const pem = await exportSPKI(publicKey)
    const texts = [pem, pem.trim(), JSON.stringify(jwk), jwk.n ?? '']
    const sources: BearerOptions[] = [
      ...[pem, publicKey, jwk].map((key) => ({ key })),
      { jwks: { keys: [jwk] } },
    ]
    for (const text of texts) {
      const forged = await new SignJWT({ sub: 'u1' })
        .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
        .sign(bytes(text))
      for (const source of sources) {
        expect(await actorFor(source, `Bearer ${forged}`)).toBeUndefined()
      }
    }
  })

  it('names nobody for a token that brings its own key', async () => {
    const { jwk, sign } = await signer('ES256', 'k1')
    const mallory = await signer('ES256', 'k1')
    const [, payload = '', signature = ''] = (await mallory.sign({ sub: 'u1' })).split('.')
    const header = base64url.encode(JSON.stringify({ alg: 'ES256', kid: 'k1', jwk: mallory.jwk }))
    const options = { jwks: { keys: [jwk] } }
    expect(await actorFor(options, `Bearer ${header}.${payload}.${signature}`)).toBeUndefined()
    expect(await actorFor(options, `Bearer ${await mallory.sign({ sub: 'u1' })}`)).toBeUndefined()
    expect(await actorFor(options, `Bearer ${await sign({ sub: 'u1' })}`)).toEqual(ada)
  })

  it('names nobody for an algorithm that was not allowed', async () => {
    const token = `Bearer ${await signed({ sub: 'u1' }, secret, 'HS384')}`
    expect(await actorFor({ key: secret, algorithms: ['HS256'] }, token)).toBeUndefined()
    expect(await actorFor({ key: secret, algorithms: ['HS256', 'HS384'] }, token)).toEqual(ada)
  })

  it('names nobody once any character of the token was changed', async () => {
    const token = await signed({ sub: 'u1', name: 'Ada' })
    const resolve = bearer({ key: secret })
    let actor: Actor | undefined
    const app = new Hono().get('/', async (c) => {
      actor = await resolve(c)
      return c.body(null)
    })
    // The last character holds two bits that no byte is made of: another one may spell the same bytes.
    const place = fc.integer({ min: 0, max: token.length - 2 })
    const change = fc.constantFrom(...Array.from('abcdefghijklmnopqrstuvwxyz0123456789-_'))
    await fc.assert(
      fc.asyncProperty(place, change, async (at, character) => {
        fc.pre(token[at] !== character)
        const changed = `${token.slice(0, at)}${character}${token.slice(at + 1)}`
        await app.request('/', { headers: { authorization: `Bearer ${changed}` } })
        expect(actor).toBeUndefined()
      }),
    )
  })

  it('reads another header, with and without the word Bearer', async () => {
    const token = await signed({ sub: 'u1' })
    const options = { key: secret, header: 'X-Access-Token' }
    expect(await actorFor(options, token, 'x-access-token')).toEqual(ada)
    expect(await actorFor(options, `Bearer ${token}`, 'x-access-token')).toEqual(ada)
    expect(await actorFor(options, `Bearer ${token}`)).toBeUndefined()
  })

  it('tells of a key that cannot be used, at tokens only, and not of bad tokens', async () => {
    const told: string[] = []
    const onError = (problem: string): void => {
      told.push(problem)
      throw new Error('the watcher fails, too')
    }
    const key = '-----BEGIN PUBLIC KEY-----\nbm90IGEga2V5\n-----END PUBLIC KEY-----'
    const { jwk, sign } = await signer('ES256', 'k1')
    const token = `Bearer ${await sign({ sub: 'u1' })}`
    expect(await actorFor({ key, onError }, undefined)).toBeUndefined()
    expect(told).toEqual([])
    expect(await actorFor({ key, onError }, token)).toBeUndefined()
    expect(told).toEqual(['key-unusable'])

    const ed = await (await signer('EdDSA', 'k1')).sign({ sub: 'u1' })
    expect(await actorFor({ key: jwk, onError }, `Bearer ${ed}`)).toBeUndefined()
    expect(await actorFor({ jwks: { keys: [jwk] }, onError }, `Bearer ${ed}`)).toBeUndefined()
    expect(told).toEqual(['key-unusable'])
  })
})

describe('bearer options', () => {
  const privateJwk = { kty: 'OKP', crv: 'Ed25519', x: 'AA', d: 'AA' }
  const rsa = { kty: 'RSA', n: 'AA', e: 'AQAB', alg: 'RS256' }
  const refused: readonly (readonly [string, BearerOptions])[] = [
    ['key', {}],
    ['key', { key: secret, jwks: 'https://id.example.com/jwks.json' }],
    ['key', { key: '' }],
    ['key', { key: new Uint8Array() }],
    ['key', { key: { kty: 'oct', k: '' } }],
    ['key', { key: {} }],
    ['key', { key: '-----BEGIN PRIVATE KEY-----\nAA\n-----END PRIVATE KEY-----' }],
    ['key', { key: '-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----' }],
    ['key', { key: JSON.stringify(rsa) }],
    ['key', { key: 'https://id.example.com/jwks.json' }],
    ['key', { key: privateJwk }],
    ['jwks', { jwks: 'not an address' }],
    ['jwks', { jwks: 'file:///etc/keys.json' }],
    ['jwks', { jwks: { keys: 'none' } as unknown as { keys: [] } }],
    ['algorithms', { key: secret, algorithms: [] }],
    ['algorithms', { key: secret, algorithms: ['none'] }],
    ['algorithms', { key: secret, algorithms: ['HS256', 'RS256'] }],
    ['algorithms', { key: rsa, algorithms: ['HS256'] }],
    ['algorithms', { key: rsa, algorithms: ['ES256'] }],
    ['algorithms', { jwks: { keys: [rsa] }, algorithms: ['HS256'] }],
    ['issuer', { key: secret, issuer: '' }],
    ['issuer', { key: secret, issuer: [] }],
    ['audience', { key: secret, audience: '' }],
    ['clockTolerance', { key: secret, clockTolerance: -1 }],
    ['clockTolerance', { key: secret, clockTolerance: Number.NaN }],
    ['timeout', { jwks: 'https://id.example.com/jwks.json', timeout: -1 }],
    ['header', { key: secret, header: 'two words' }],
    ['id', { key: secret, id: '' }],
  ]
  it.each(refused)('refuse a wrong %s: %j', (option, options) => {
    expect(() => bearer(options)).toThrow(
      expect.objectContaining({
        code: 'AUDIT_OPTION_INVALID',
        detail: expect.stringMatching(new RegExp(`^${option}\\b`)),
      }),
    )
  })

  it('never show a secret in the error', () => {
    const wrong = { key: secret, algorithms: ['RS256'] }
    expect(() => bearer(wrong)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(secret) }),
    )
  })

  it('are neither changed nor read again', async () => {
    const { jwk, sign } = await signer('ES256', 'k1')
    const options = { key: jwk }
    const before = structuredClone(options)
    const resolve = bearer(options)
    expect(options).toEqual(before)
    Object.assign(jwk, { x: 'changed', y: 'changed' })
    const app = new Hono().get('/', async (c) => c.json(await resolve(c)))
    const authorization = `Bearer ${await sign({ sub: 'u1' })}`
    expect(await (await app.request('/', { headers: { authorization } })).json()).toEqual(ada)
  })
})
