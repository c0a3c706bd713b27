import type { Geo } from '../event/schema.ts'
import { property } from './ambient.ts'
import { normaliseAddress } from './address.ts'
import { vercelContext } from './wait-until.ts'

/** What is read of Hono's context. */
export interface Incoming {
  readonly env?: unknown
  readonly req: { readonly raw: Request }
}

export interface Address {
  readonly ip: string
  /** Who said so. */
  readonly from: string
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** Where each platform says whom it talks to. Only sources that a client cannot set. */
const sources: readonly { readonly from: string; readonly read: (c: Incoming) => unknown }[] = [
  { from: 'cloudflare', read: cloudflareAddress },
  { from: 'vercel', read: vercelAddress },
  { from: 'netlify', read: ({ env }) => property(property(env, 'context'), 'ip') },
  { from: 'lambda', read: ({ env }) => lambdaAddress(property(env, 'requestContext')) },
  // The socket: node-server, Deno's info, Bun's server. Behind the platforms above it is theirs.
  {
    from: 'socket',
    read: ({ env }) => property(property(property(env, 'incoming'), 'socket'), 'remoteAddress'),
  },
  { from: 'socket', read: ({ env }) => property(property(env, 'remoteAddr'), 'hostname') },
  {
    from: 'socket',
    read: ({ env, req }) =>
      bunAddress(env, req.raw) ?? bunAddress(property(env, 'server'), req.raw),
  },
]

/** Set by the edge; `cf` is on requests that came through it, and no client can put it there. */
function cloudflareAddress({ req }: Incoming): unknown {
  return property(req.raw, 'cf') === undefined ? undefined : req.raw.headers.get('cf-connecting-ip')
}

function vercelAddress({ req }: Incoming): unknown {
  return vercelContext() === undefined ? undefined : req.raw.headers.get('x-real-ip')
}

const bunAddress = (server: unknown, request: Request): unknown => {
  const requestIP = property(server, 'requestIP')
  return typeof requestIP === 'function'
    ? property(Reflect.apply(requestIP, server, [request]), 'address')
    : undefined
}

const lambdaAddress = (context: unknown): unknown =>
  property(property(context, 'http'), 'sourceIp') ??
  property(property(context, 'identity'), 'sourceIp')

/** The address that the platform vouches for, or undefined. */
export const platformAddress = (c: Incoming): Address | undefined => {
  for (const { from, read } of sources) {
    const ip = normaliseAddress(text(read(c)))
    if (ip !== undefined) return { ip, from }
  }
  return undefined
}

/** Where the client is, as Cloudflare or Vercel tell it. */
export const platformGeo = (c: Incoming): Geo | undefined => {
  const cf = property(c.req.raw, 'cf')
  if (cf !== undefined) return cloudflareGeo(cf)
  return vercelContext() === undefined ? undefined : vercelGeo(c.req.raw.headers)
}

const cloudflareGeo = (cf: unknown): Geo => {
  const read = (name: string): string | undefined => text(property(cf, name))
  const asn = property(cf, 'asn')
  return {
    asn: typeof asn === 'number' ? asn : undefined,
    city: read('city'),
    colo: read('colo'),
    country: read('country'),
    latitude: read('latitude'),
    longitude: read('longitude'),
    postalCode: read('postalCode'),
    region: read('region'),
    timezone: read('timezone'),
  }
}

/** The header names of `@vercel/functions`; the city is percent-encoded. */
const vercelGeo = (headers: Headers): Geo => {
  const read = (name: string): string | undefined => text(headers.get(`x-vercel-ip-${name}`))
  return {
    city: decode(read('city')),
    country: read('country'),
    latitude: read('latitude'),
    longitude: read('longitude'),
    postalCode: read('postal-code'),
    region: read('country-region'),
    timezone: read('timezone'),
  }
}

const decode = (value: string | undefined): string | undefined => {
  try {
    return value === undefined ? undefined : decodeURIComponent(value)
  } catch {
    // Not encoded as documented: the value as it came is still the best there is.
    return value
  }
}
