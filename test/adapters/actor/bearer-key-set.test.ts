import { Hono } from 'hono'
import { Miniflare } from 'miniflare'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { bearer } from '../../../adapters/actor/bearer.ts'
import type { BearerOptions } from '../../../adapters/actor/bearer.ts'
import { keySetServer, signer } from './key-set-server.ts'
import type { KeySetServer, Signer } from './key-set-server.ts'
import { bundled } from '../../support/bundle.ts'

const app = (options: BearerOptions) => {
  const resolve = bearer(options)
  return new Hono().get('/', async (c) => c.json((await resolve(c)) ?? null))
}

const actorFor = async (on: Hono, token: string): Promise<unknown> => {
  const answer = await on.request('/', { headers: { authorization: `Bearer ${token}` } })
  return answer.json()
}

const named = (id: string) => ({ id, type: 'user', via: 'jwt' })

describe('bearer with the address of a key set', () => {
  let first: Signer
  let second: Signer
  let server: KeySetServer
  beforeEach(async () => {
    first = await signer('RS256', 'first')
    second = await signer('RS256', 'second')
    server = await keySetServer([first.jwk])
  })
  afterEach(async () => {
    vi.useRealTimers()
    await server.close()
  })

  it('asks for the keys at the first token and not again', async () => {
    const one = app({ jwks: server.url })
    expect(server.asked()).toBe(0)
    expect((await one.request('/')).status).toBe(200)
    expect(server.asked()).toBe(0)
    for (const id of ['u1', 'u2', 'u3']) {
      expect(await actorFor(one, await first.sign({ sub: id }))).toEqual(named(id))
    }
    expect(server.asked()).toBe(1)
  })

  it('verifies with a key that was added before the set was fetched, and with the one before it', async () => {
    const one = app({ jwks: new URL(server.url) })
    server.answer([first.jwk, second.jwk])
    expect(await actorFor(one, await second.sign({ sub: 'u2' }))).toEqual(named('u2'))
    expect(await actorFor(one, await first.sign({ sub: 'u1' }))).toEqual(named('u1'))
  })

  it('verifies with a new key, and no more with the old, once the keys were rotated', async () => {
    // Only the date is set: jose asks again for an unknown key after thirty seconds.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const one = app({ jwks: server.url })
    expect(await actorFor(one, await first.sign({ sub: 'u1' }))).toEqual(named('u1'))
    server.answer([second.jwk])
    expect(await actorFor(one, await second.sign({ sub: 'u2' }))).toBeNull()
    vi.setSystemTime(Date.now() + 31_000)
    expect(await actorFor(one, await second.sign({ sub: 'u2' }))).toEqual(named('u2'))
    expect(await actorFor(one, await first.sign({ sub: 'u1' }))).toBeNull()
  })

  it('tries each key that could be it for a token that does not say', async () => {
    server.answer([first.jwk, second.jwk])
    const one = app({ jwks: server.url })
    expect(await actorFor(one, await second.sign({ sub: 'u2' }, {}))).toEqual(named('u2'))
    const stranger = await signer('RS256', 'third')
    expect(await actorFor(one, await stranger.sign({ sub: 'u3' }, {}))).toBeNull()
  })

  it('names nobody, and asks only once, for unknown keys right after the set was fetched', async () => {
    const told: string[] = []
    const one = app({ jwks: server.url, onError: (problem) => told.push(problem) })
    expect(await actorFor(one, await first.sign({ sub: 'u1' }))).toEqual(named('u1'))
    for (let n = 0; n < 5; n++) {
      expect(await actorFor(one, await second.sign({ sub: 'u2' }))).toBeNull()
    }
    expect(server.asked()).toBe(1)
    expect(told).toEqual([])
  })

  it('names nobody and tells it while the keys cannot be had, and recovers', async () => {
    const told: string[] = []
    server.answer('<html>down for maintenance</html>')
    const one = app({ jwks: server.url, onError: (problem) => told.push(problem) })
    const token = await first.sign({ sub: 'u1' })
    expect(await actorFor(one, token)).toBeNull()
    server.answer('{"keys":"none"}')
    expect(await actorFor(one, token)).toBeNull()
    expect(told).toEqual(['jwks-unavailable', 'jwks-unavailable'])
    server.answer([first.jwk])
    expect(await actorFor(one, token)).toEqual(named('u1'))
  })

  it('names nobody and tells it when nothing listens at the address', async () => {
    const told: string[] = []
    const gone = await keySetServer([first.jwk])
    await gone.close()
    const one = app({ jwks: gone.url, onError: (problem) => told.push(problem) })
    expect(await actorFor(one, await first.sign({ sub: 'u1' }))).toBeNull()
    expect(told).toEqual(['jwks-unavailable'])
  })

  it('serves requests at the same time in workerd, the first of them too', async () => {
    const script = await bundled(new URL('bearer-worker.ts', import.meta.url), {
      define: { JWKS_URL: JSON.stringify(server.url) },
    })
    const miniflare = new Miniflare({
      modules: true,
      script,
      compatibilityDate: '2026-04-01',
    })
    try {
      const ids = Array.from({ length: 20 }, (_, n) => `u${n}`)
      const actors = await Promise.all(
        ids.map(async (id) => {
          const authorization = `Bearer ${await first.sign({ sub: id })}`
          const answer = await miniflare.dispatchFetch('http://app/', {
            headers: { authorization },
          })
          return answer.json()
        }),
      )
      expect(actors).toEqual(ids.map(named))
    } finally {
      await miniflare.dispose()
    }
  })
})
