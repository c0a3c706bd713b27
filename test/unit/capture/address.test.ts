import { afterEach, describe, expect, it } from 'vitest'
import { forwarded, hashed, truncated } from '../../../src/capture/address.ts'
import type { AddressReader } from '../../../src/options.ts'
import { type Asked, clientOf, vercel } from './client-of.ts'

const socket = (remoteAddress: string): object => ({ incoming: { socket: { remoteAddress } } })
const forged = {
  'x-forwarded-for': '6.6.6.6',
  'x-real-ip': '6.6.6.6',
  'cf-connecting-ip': '6.6.6.6',
  forwarded: 'for=6.6.6.6',
}

afterEach(() => {
  Reflect.deleteProperty(globalThis, vercel)
})

describe('the address of the client', () => {
  it.each<[string, Asked, string | undefined, string | undefined]>([
    ['nowhere', { headers: forged }, undefined, undefined],
    ['Node’s socket', { env: socket('203.0.113.9'), headers: forged }, '203.0.113.9', 'socket'],
    [
      'Deno’s connection',
      { env: { remoteAddr: { hostname: '203.0.113.9', port: 1 } }, headers: forged },
      '203.0.113.9',
      'socket',
    ],
    [
      'Bun’s server',
      { env: { requestIP: () => ({ address: '203.0.113.9' }) }, headers: forged },
      '203.0.113.9',
      'socket',
    ],
    [
      'Cloudflare',
      { cf: {}, headers: { 'cf-connecting-ip': '203.0.113.9', 'x-forwarded-for': '6.6.6.6' } },
      '203.0.113.9',
      'cloudflare',
    ],
    [
      'Netlify',
      { env: { context: { ip: '203.0.113.9' } }, headers: forged },
      '203.0.113.9',
      'netlify',
    ],
    [
      'Lambda',
      { env: { requestContext: { http: { sourceIp: '203.0.113.9' } } }, headers: forged },
      '203.0.113.9',
      'lambda',
    ],
    [
      'Lambda behind the old gateway',
      { env: { requestContext: { identity: { sourceIp: '203.0.113.9' } } } },
      '203.0.113.9',
      'lambda',
    ],
  ])('is the platform’s own by default, whatever headers say: %s', async (_, asked, ip, ipFrom) => {
    expect(await clientOf(asked)).toMatchObject({ ip, ipFrom, errors: [] })
  })

  it('is Vercel’s header only where Vercel’s request context stands behind it', async () => {
    const headers = { 'x-real-ip': '203.0.113.9' }
    expect((await clientOf({ headers })).ip).toBeUndefined()
    Reflect.set(globalThis, vercel, { get: () => ({}) })
    expect(await clientOf({ headers })).toMatchObject({ ip: '203.0.113.9', ipFrom: 'vercel' })
  })

  it.each([
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['203.0.113.9:443', '203.0.113.9'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['not an address', undefined],
    ['999.1.1.1', undefined],
  ])('has one spelling: %s', async (written, ip) => {
    expect((await clientOf({ env: socket(written) })).ip).toBe(ip)
  })

  const behind = (address: AddressReader, chain: string, peer = '10.0.0.1') =>
    clientOf(
      { env: socket(peer), headers: { 'x-forwarded-for': chain, 'x-other': '9.9.9.9' } },
      { address },
    )

  it.each<[string, number, string, string, string]>([
    ['one proxy', 1, '6.6.6.6, 203.0.113.9', '203.0.113.9', 'x-forwarded-for'],
    ['two proxies', 2, '6.6.6.6, 203.0.113.9, 10.0.0.2', '203.0.113.9', 'x-forwarded-for'],
    ['fewer entries than proxies', 3, '6.6.6.6, 203.0.113.9', '10.0.0.1', 'socket'],
    ['no address at that place', 1, '203.0.113.9, unknown', '10.0.0.1', 'socket'],
    [
      'a port and a mapped address',
      1,
      '"[::ffff:203.0.113.9]:443"',
      '203.0.113.9',
      'x-forwarded-for',
    ],
    [
      'a long chain',
      1,
      `${'6.6.6.6,'.repeat(2_000)} 203.0.113.9`,
      '203.0.113.9',
      'x-forwarded-for',
    ],
  ])('is counted from the right of x-forwarded-for: %s', async (_, hops, chain, ip, ipFrom) => {
    expect(await behind(forwarded({ hops }), chain)).toMatchObject({ ip, ipFrom })
  })

  it.each<[string, readonly string[], string, string, string]>([
    [
      'behind the proxies',
      ['10.0.0.0/8'],
      '6.6.6.6, 203.0.113.9, 10.0.0.2',
      '203.0.113.9',
      'x-forwarded-for',
    ],
    [
      'IPv6 proxies',
      ['10.0.0.0/8', 'fd00::/8'],
      '203.0.113.9, fd00::5',
      '203.0.113.9',
      'x-forwarded-for',
    ],
    ['a peer that is no proxy', ['192.168.0.0/16'], '6.6.6.6', '10.0.0.1', 'socket'],
    ['a chain of proxies only', ['10.0.0.0/8'], '10.0.0.3, 10.0.0.2', '10.0.0.1', 'socket'],
    ['what is no address', ['10.0.0.0/8'], '6.6.6.6, unknown, 10.0.0.2', '10.0.0.1', 'socket'],
  ])(
    'is the first from the right that is no trusted proxy: %s',
    async (_, trusted, chain, ip, ipFrom) => {
      expect(await behind(forwarded({ trusted }), chain)).toMatchObject({ ip, ipFrom })
    },
  )

  it('is read of the header that the app names', async () => {
    const found = await behind(forwarded({ hops: 1, header: 'X-Other' }), '6.6.6.6')
    expect(found).toMatchObject({ ip: '9.9.9.9', ipFrom: 'X-Other' })
  })

  it('is what the app’s own function says, and is marked as such', async () => {
    expect(await behind(() => ' 203.0.113.9:80 ', '6.6.6.6')).toMatchObject({
      ip: '203.0.113.9',
      ipFrom: 'app',
    })
  })

  it.each<[string, () => string]>([
    [
      'throws',
      () => {
        throw new Error('mine')
      },
    ],
    ['gives what is no text', () => 7 as unknown as string],
  ])('is left out when that function %s, and the event is kept', async (_, from) => {
    expect((await behind(from, '6.6.6.6')).ip).toBeUndefined()
  })

  it.each([
    ['203.0.113.9', '203.0.113.0'],
    ['2001:db8:1:2::3', '2001:db8:1::'],
  ])('is cut to its network on request: %s', async (address, ip) => {
    const { ip: cut, ipFrom } = await clientOf({ env: socket(address) }, { address: truncated() })
    expect([cut, ipFrom]).toEqual([ip, 'socket'])
  })

  it('is a keyed hash on request: the same for the same client, another under another key', async () => {
    const under = async (ip: string, key: string) =>
      (await clientOf({ env: socket(ip) }, { address: hashed(key) })).ip
    const one = await under('203.0.113.9', 'k'.repeat(16))
    expect(one).toMatch(/^hmac-[\da-f]{32}$/)
    expect(await under('::ffff:203.0.113.9', 'k'.repeat(16))).toBe(one)
    expect(await under('203.0.113.10', 'k'.repeat(16))).not.toBe(one)
    expect(await under('203.0.113.9', 'l'.repeat(16))).not.toBe(one)
  })

  it('lets the app lay one reader over another', async () => {
    const chain = '203.0.113.9'
    expect((await behind(truncated(forwarded({ hops: 1 })), chain)).ip).toBe('203.0.113.0')
    expect(
      (
        await behind(
          truncated(() => '::ffff:203.0.113.9'),
          chain,
        )
      ).ip,
    ).toBe('203.0.113.0')
    expect(
      (
        await behind(
          truncated(() => 'secret'),
          chain,
        )
      ).ip,
    ).toBeUndefined()
    expect(
      (
        await behind(
          hashed('k'.repeat(16), () => null),
          chain,
        )
      ).ip,
    ).toBeUndefined()
  })

  it.each<[string, () => unknown]>([
    ['forwarded.hops', () => forwarded({ hops: 0 })],
    ['forwarded.hops', () => forwarded({ hops: 1.5 })],
    ['forwarded.hops', () => forwarded(JSON.parse('{"hops":null}'))],
    ['forwarded.header', () => forwarded({ hops: 1, header: 'x\ny' })],
    ['forwarded.trusted', () => forwarded(JSON.parse('{}'))],
    ['forwarded.trusted[0]', () => forwarded({ trusted: ['10.0.0.0/33'] })],
    ['forwarded.trusted[0]', () => forwarded({ trusted: ['10.0.0/8'] })],
    ['forwarded.trusted[0]', () => forwarded({ trusted: ['fd00::/129'] })],
    ['forwarded.trusted[0]', () => forwarded({ trusted: ['010.0.0.1'] })],
    ['forwarded.trusted[1]', () => forwarded({ trusted: ['::1', 'secret'] })],
    ['key', () => hashed('secret')],
  ])('refuses a mistake by its name, when the reader is made: %s', (path, make) => {
    expect(make).toThrow(
      expect.objectContaining({
        code: 'AUDIT_OPTION_INVALID',
        detail: expect.stringContaining(`${path} must be`),
      }),
    )
    expect(make).not.toThrow(/secret/)
  })
})
