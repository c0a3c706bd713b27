import { BlockList, isIP, isIPv4, SocketAddress } from 'node:net'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { network, normaliseAddress, truncateAddress } from '../../../src/event/address.ts'

const v4 = fc.ipV4()
/** Every way of writing IPv6 that fast-check knows, and long runs of zeros. */
const v6 = fc.oneof(
  fc.ipV6(),
  fc
    .array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 })
    .map((groups) => groups.map((group) => group.toString(16)).join(':')),
)
const mapped = v4.map((address) => `::ffff:${address}`)
const isMapped = (address: string): boolean => /^::ffff:\d+\.\d+\.\d+\.\d+$/.test(inNode(address))

/** The spelling of inet_ntop(3), which is that of RFC 5952 but for IPv4 in IPv6. */
const inNode = (address: string): string =>
  new SocketAddress({ address, family: isIPv4(address) ? 'ipv4' : 'ipv6' }).address

describe('normaliseAddress', () => {
  it('gives one spelling to each address, the one of RFC 5952', () => {
    fc.assert(
      fc.property(fc.oneof(v4, v6), (address) => {
        const expected = inNode(address).replace(/^::ffff:(?=\d+\.)/, '')
        // Node writes the deprecated `::1.2.3.4` with dots; RFC 5952 leaves that open.
        if (/^::\d+\.\d+/.test(inNode(address))) return
        expect(normaliseAddress(address)).toBe(expected)
        expect(normaliseAddress(address.toUpperCase())).toBe(expected)
      }),
      { numRuns: 2_000 },
    )
  })

  it('takes what node:net takes for an address, and nothing else', () => {
    const almost = fc
      .string({ unit: fc.constantFrom(...'0123456789abcdef:.:.:::'.split('')), maxLength: 45 })
      .filter((text) => !/^\d+(?:\.\d+){3}:\d{1,5}$/.test(text))
    fc.assert(
      fc.property(fc.oneof(almost, v4, v6, mapped), (text) => {
        expect(normaliseAddress(text) !== undefined).toBe(isIP(text) !== 0)
      }),
      { numRuns: 5_000 },
    )
  })

  it.each([
    ['10.0.0.1:443', '10.0.0.1'],
    ['[2001:DB8::1]:8080', '2001:db8::1'],
    ['[::1]', '::1'],
    ['"[2001:db8::1]:4711"', '2001:db8::1'],
    ['"192.0.2.1"', '192.0.2.1'],
    ['  192.0.2.1 ', '192.0.2.1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[fe80::1%25eth0]:80', 'fe80::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:0201', '192.0.2.1'],
    ['[::ffff:192.0.2.1]:443', '192.0.2.1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
    ['2001:0db8:0000:0000:0001:0000:0000:0001', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ])('reads %s as %s', (written, expected) => {
    expect(normaliseAddress(written)).toBe(expected)
  })

  it.each([
    '',
    'unknown',
    '_hidden',
    'localhost',
    '256.0.0.1',
    '010.0.0.1',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.4%eth0',
    '1.2.3.4, 5.6.7.8',
    '[::1]evil',
    '[::1',
    '[1.2.3.4]',
    '1::2::3',
    ':::',
    '12345::',
    '::1.2.3',
    '1.2.3.4\0',
    '1.2.3.4\n5',
    '%',
    '[]',
    `${'1'.repeat(100_000)}.1.1.1`,
    ':'.repeat(100_000),
  ])('takes %j for no address', (written) => {
    expect(normaliseAddress(written)).toBeUndefined()
  })

  it('takes a missing one for none', () => {
    expect(normaliseAddress(null)).toBeUndefined()
    expect(normaliseAddress(undefined)).toBeUndefined()
  })
})

describe('truncateAddress', () => {
  it('keeps /24 of IPv4 and /48 of IPv6, and is an address still', () => {
    fc.assert(
      fc.property(fc.oneof(v4, v6, mapped), (written) => {
        const address = normaliseAddress(written) ?? ''
        const cut = truncateAddress(address)
        const bits = isIPv4(address) ? 24 : 48
        expect(normaliseAddress(cut)).toBe(cut)
        expect(network(`${address}/${bits}`)?.(cut)).toBe(true)
        expect(truncateAddress(cut)).toBe(cut)
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['192.0.2.77', '192.0.2.0'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::'],
    ['::1', '::'],
  ])('makes %s to %s', (address, expected) => {
    expect(truncateAddress(address)).toBe(expected)
  })
})

describe('network', () => {
  it('holds the addresses that node:net would block', () => {
    const v4Net = fc
      .tuple(v4, fc.nat(32))
      .map(([base, bits]) => ({ base, bits, family: 'ipv4' as const }))
    const v6Net = fc
      .tuple(v6, fc.integer({ min: 1, max: 128 }))
      .filter(([base]) => !isMapped(base))
      .map(([base, bits]) => ({ base, bits, family: 'ipv6' as const }))
    fc.assert(
      fc.property(
        fc.oneof(v4Net, v6Net),
        v4,
        v6,
        fc.nat(127),
        ({ base, bits, family }, one, other, flip) => {
          const list = new BlockList()
          list.addSubnet(base, bits, family)
          const inside = network(`${base}/${bits}`)
          const near = flipped(base, flip)
          for (const address of family === 'ipv4' ? [one, base, near] : [other, base, near]) {
            expect(inside?.(address)).toBe(list.check(address, family))
          }
          // IPv4 networks know IPv4 in its IPv6 clothes.
          if (family === 'ipv4') expect(inside?.(`::ffff:${one}`)).toBe(list.check(one, family))
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('of a single address holds that one alone', () => {
    expect(network('192.0.2.1')?.('192.0.2.1')).toBe(true)
    expect(network('192.0.2.1')?.('192.0.2.2')).toBe(false)
    expect(network('2001:db8::1')?.('2001:0DB8:0::1')).toBe(true)
  })

  it('of IPv4 never holds an address of IPv6, nor the other way round', () => {
    expect(network('0.0.0.0/0')?.('2001:db8::1')).toBe(false)
    expect(network('2001:db8::/32')?.('32.1.13.184')).toBe(false)
  })

  it('holds nothing that is no address', () => {
    for (const text of ['', 'localhost', '10.0.0.1:80', '10.0.0.1 ', '\0']) {
      expect(network('0.0.0.0/0')?.(text)).toBe(false)
    }
  })

  it.each([
    '',
    '/',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0.0/0x8',
    '10.0.0.0/ 8',
    '10.0/8',
    'fd00::/129',
    'fd00::/1e1',
    '::ffff:10.0.0.0/129',
    'all',
    '*',
  ])('%j is none', (cidr) => {
    expect(network(cidr)).toBeUndefined()
  })
})

/** The address with one bit turned over: as near to the network's edge as one can be. */
function flipped(address: string, bit: number): string {
  if (isIPv4(address)) {
    const bytes = address.split('.').map(Number)
    const at = bit % 32
    bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (0x80 >> (at & 7))
    return bytes.join('.')
  }
  const hex = (normaliseAddress(address) ?? '::').split('::')
  const [left = [], right = []] = hex.map((half) => (half === '' ? [] : half.split(':')))
  const groups =
    hex.length === 1
      ? left
      : [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right]
  return groups
    .map((group, index) =>
      (index === bit >> 4
        ? Number.parseInt(group, 16) ^ (0x8000 >> (bit & 15))
        : Number.parseInt(group, 16)
      ).toString(16),
    )
    .join(':')
}
