/**
 * Who is believed about the client's address, and how much of it is kept.
 * @module
 */
import { normaliseAddress, network, truncateAddress } from '../event/address.ts'
import { type Address, platformAddress } from '../runtime/client.ts'
import type { AddressReader } from '../options.ts'
import type { AnyContext } from '../input.ts'
import { headerName, integer, isRecord, list, object, that } from '../shape.ts'
import { keyed } from './key.ts'

/**
 * The proxies before the app. `hops`: so many of your own append to the header, counted from the
 * right. `trusted`: the networks of those proxies.
 */
export type Proxies =
  | {
      readonly hops: number
      /** @default 'x-forwarded-for' */
      readonly header?: string | undefined
    }
  | { readonly trusted: readonly string[]; readonly header?: string | undefined }

const header = headerName
const checkHops = object({ hops: integer(1, 64), header }, ['hops'])
const cidr = that(
  'an address or a CIDR such as 10.0.0.0/8',
  (value) => typeof value === 'string' && network(value) !== undefined,
)
const checkTrusted = object({ trusted: list(cidr), header }, ['trusted'])

/**
 * What the platform vouches for: the default.
 * @example
 * import { platform } from 'edge-audit/address'
 * const address = (c: Parameters<typeof platform>[0]) => c.req.header('x-client') ?? platform(c)
 */
export const platform = (c: AnyContext): Address | undefined => platformAddress(c)

/**
 * The address that your own proxies wrote into a header; where they wrote none, the platform's.
 * @throws {AuditError} AUDIT_OPTION_INVALID for a network or a number that is none.
 * @example
 * import { createAudit } from 'edge-audit'
 * import { forwarded } from 'edge-audit/address'
 * import { memory } from 'edge-audit/memory'
 * const audit = createAudit({ store: memory(), address: forwarded({ hops: 1 }) })
 */
export const forwarded = (proxies: Proxies): ((c: AnyContext) => Address | undefined) => {
  const check = isRecord(proxies) && 'hops' in proxies ? checkHops : checkTrusted
  check(proxies, 'forwarded')
  const name = proxies.header ?? 'x-forwarded-for'
  const chain = (c: AnyContext): readonly string[] => {
    const value = c.req.raw.headers.get(name)
    // Only the right end counts; a header of 100 KB is not taken apart for it.
    return value === null ? [] : value.slice(-4_096).split(',')
  }
  if ('hops' in proxies) {
    const { hops } = proxies
    return (c) => {
      const ip = normaliseAddress(chain(c).at(-hops))
      return ip === undefined ? platformAddress(c) : { ip, from: name }
    }
  }
  const networks = proxies.trusted.flatMap((one) => network(one) ?? [])
  const trusted = (ip: string): boolean => networks.some((inside) => inside(ip))
  return (c) => {
    const peer = platformAddress(c)
    if (peer === undefined || !trusted(peer.ip)) return peer
    for (const written of chain(c).toReversed()) {
      const ip = normaliseAddress(written)
      // What is no address was not written by a proxy of ours: nothing left of it can be believed.
      if (ip === undefined) return peer
      if (!trusted(ip)) return { ip, from: name }
    }
    return peer
  }
}

/** Changes what a reader found; what is no address is left out. */
const shielded =
  (reader: AddressReader, shield: (ip: string) => string) =>
  (c: AnyContext): Address | undefined => {
    const found = reader(c)
    const { ip: written, from } =
      typeof found === 'string' ? { ip: found, from: 'app' } : (found ?? {})
    const ip = normaliseAddress(written)
    return ip === undefined ? undefined : { ip: shield(ip), from: from ?? 'app' }
  }

/**
 * Keeps the network alone: IPv4 to /24, IPv6 to /48.
 * @example
 * import { forwarded, truncated } from 'edge-audit/address'
 * const address = truncated(forwarded({ trusted: ['10.0.0.0/8'] }))
 */
export const truncated = (
  reader: AddressReader = platform,
): ((c: AnyContext) => Address | undefined) => shielded(reader, truncateAddress)

/**
 * Keeps a keyed hash: the same for the same client. The key has at least 16 characters.
 * @throws {AuditError} AUDIT_OPTION_INVALID when the key is shorter.
 * @example
 * import { hashed } from 'edge-audit/address'
 * const address = hashed('sixteen characters')
 */
export const hashed = (
  key: string,
  reader: AddressReader = platform,
): ((c: AnyContext) => Address | undefined) => {
  const hash = keyed(key)
  // No colon: `hmac:…` reads as a name and its value, and the redactor would mask the hash.
  return shielded(reader, (ip) => `hmac-${hash(ip)}`)
}
