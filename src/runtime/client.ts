import type { Geo } from '../event/schema.ts'
import { property } from './ambient.ts'
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

/** A plain IPv4 address in its only spelling needs no second look. */
const V4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/
/** What platforms and apps write around one: a port, brackets, a zone, the form of a mapped IPv4. */
const WRITTEN =
  /^(?:::ffff:)?((?:\d+\.){3}\d+)(?::\d+)?$|^\[?([\da-f.:]+)(?:%[^\]]+)?(?:\]:\d+|\])?$/i

/** The address alone, in its one spelling; undefined for what is none. */
export const plainAddress = (written: unknown): string | undefined => {
  if (typeof written !== 'string') return undefined
  if (V4.test(written)) return written
  const [, v4 = '', v6] = WRITTEN.exec(written.trim()) ?? []
  if (v6 === undefined) return V4.test(v4) ? v4 : undefined
  try {
    // The parser of URLs writes IPv6 as RFC 5952 wants it, and throws at what is none.
    return new URL(`http://[${v6}]`).hostname.slice(1, -1)
  } catch {
    return undefined
  }
}

const addressOf = (from: string, written: unknown): Address | undefined => {
  const ip = plainAddress(written)
  return ip === undefined ? undefined : { ip, from }
}

const bunAddress = (server: unknown, request: Request): unknown => {
  const requestIP = property(server, 'requestIP')
  return typeof requestIP === 'function'
    ? property(Reflect.apply(requestIP, server, [request]), 'address')
    : undefined
}

/** The address that the platform vouches for, or undefined. Only sources that a client cannot set. */
export const platformAddress = ({ env, req: { raw } }: Incoming): Address | undefined => {
  const lambda = property(env, 'requestContext')
  return (
    // Set by the edge; `cf` is on requests that came through it, and no client can put it there.
    (property(raw, 'cf') === undefined
      ? undefined
      : addressOf('cloudflare', raw.headers.get('cf-connecting-ip'))) ??
    (vercelContext() === undefined
      ? undefined
      : addressOf('vercel', raw.headers.get('x-real-ip'))) ??
    addressOf('netlify', property(property(env, 'context'), 'ip')) ??
    addressOf('lambda', property(property(lambda, 'http'), 'sourceIp')) ??
    addressOf('lambda', property(property(lambda, 'identity'), 'sourceIp')) ??
    // The socket: node-server, Deno's info, Bun's server. Behind the platforms above it is theirs.
    addressOf('socket', property(property(property(env, 'incoming'), 'socket'), 'remoteAddress')) ??
    addressOf('socket', property(property(env, 'remoteAddr'), 'hostname')) ??
    addressOf('socket', bunAddress(env, raw) ?? bunAddress(property(env, 'server'), raw))
  )
}

/** Of the edge's own object only what has a name in an event is ever read. */
const isGeo = (cf: unknown): cf is Geo => typeof cf === 'object' && cf !== null

/** Where the client is, as Cloudflare or Vercel tell it. */
export const platformGeo = ({ req: { raw } }: Incoming): Geo | undefined => {
  const cf = property(raw, 'cf')
  if (isGeo(cf)) return cf
  return vercelContext() === undefined ? undefined : vercelGeo(raw.headers)
}

/** The header names of `@vercel/functions`; the city is percent-encoded. */
const vercelGeo = (headers: Headers): Geo => {
  const read = (name: string): string | undefined => headers.get(`x-vercel-ip-${name}`) || undefined
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
