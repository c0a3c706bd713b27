import type { RouterRoute } from 'hono/types'
import { matchedRoutes } from 'hono/route'
import type { RequestFacts } from '../event/schema.ts'
import type { AnyContext, AuditOptions } from '../options.ts'
import { hmacSha256 } from '../event/sha256.ts'
import { type Address, platformAddress, platformGeo } from '../runtime/client.ts'
import { network, normaliseAddress, truncateAddress } from '../runtime/address.ts'
import { property } from '../runtime/ambient.ts'

/** W3C Trace Context: https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT =
  /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-[\da-f]{2}(?:$|(?<!^00-.{52})-)/
const REQUEST_ID = /^[\w.:/+=@-]{1,128}$/
/** Query strings beyond this are not parsed: the rest is cut and noted. */
const QUERY_LIMIT = 8_192

/** The id that came in, when it is well-formed. */
export const incomingId = (c: AnyContext, header: string): string | undefined => {
  const id = c.req.raw.headers.get(header)
  return id !== null && REQUEST_ID.test(id) ? id : undefined
}

/**
 * Hono's own way to tell middleware from a handler: it takes `next`. `app.use` and `app.all` leave the
 * same mark. A sub-app with an `onError` of its own wraps its handlers.
 */
const passesOn = ({ handler, method, path }: RouterRoute): boolean =>
  (method === 'ALL' || path.endsWith('*')) && takesNext(handler)

const takesNext = (handler: unknown): boolean => {
  const wrapped = property(handler, '__COMPOSED_HANDLER')
  if (wrapped !== undefined) return takesNext(wrapped)
  return typeof handler === 'function' && handler.length > 1
}

/**
 * The pattern of the route that answered, or that would have if no middleware had come before it;
 * undefined when none did.
 */
export const routeOf = (c: AnyContext): string | undefined => {
  try {
    const routes = matchedRoutes(c)
    const reached = routes[c.req.routeIndex]
    if (reached !== undefined && !passesOn(reached)) return reached.path
    const handler = routes.find((route, index) => index > c.req.routeIndex && !passesOn(route))
    if (handler !== undefined) return handler.path
    return reached === undefined || reached.path.endsWith('*') ? undefined : reached.path
  } catch {
    // Two copies of hono: its symbol is not ours, and the pattern stays unknown.
    return undefined
  }
}

export interface UrlParts {
  readonly scheme: string
  readonly host: string
  readonly query: string
}

/** Cuts a URL that the platform has parsed already; `new URL` would cost a microsecond more. */
export const urlParts = (url: string): UrlParts => {
  const scheme = url.indexOf('://')
  const start = scheme + 3
  const slash = url.indexOf('/', start)
  const mark = url.indexOf('?', start)
  const hash = url.indexOf('#', start)
  const end = hash === -1 ? url.length : hash
  const stop = slash === -1 ? (mark === -1 ? end : mark) : slash
  return {
    scheme: url.slice(0, scheme),
    host: url.slice(start, stop),
    query: mark === -1 || mark > end ? '' : url.slice(mark + 1, end),
  }
}

export interface Query {
  readonly values: Readonly<Record<string, readonly string[]>>
  /** Length of the whole query when it was cut. */
  readonly cut: number | undefined
}

/** A query as a multi-map: every value of a name that stands there more than once. */
export const queryOf = (query: string): Query => {
  const cut = query.length > QUERY_LIMIT ? query.length : undefined
  // No prototype: `__proto__` is a name like any other.
  const values: Record<string, string[]> = Object.create(null)
  for (const [name, value] of new URLSearchParams(
    cut === undefined ? query : query.slice(0, QUERY_LIMIT),
  )) {
    ;(values[name] ??= []).push(value)
  }
  return { values, cut }
}

export type AddressReader = (c: AnyContext) => Address | undefined

/** Compiles `address`: who is believed, and how much of the address is kept. */
export const addressReader = ({ address = {}, redact }: AuditOptions): AddressReader => {
  const { from = 'platform', privacy = 'keep' } = address
  const read = sourceOf(from)
  if (privacy === 'keep') return read
  const keyed = hmacSha256(redact?.hashKey ?? '')
  // No colon: `hmac:…` reads as a name and its value, and the redactor would mask the hash.
  const hashed = (ip: string): string => `hmac-${keyed(ip).slice(0, 32)}`
  const shield = privacy === 'truncate' ? truncateAddress : hashed
  return (c) => {
    const found = read(c)
    return found === undefined ? undefined : { ...found, ip: shield(found.ip) }
  }
}

const sourceOf = (
  from: NonNullable<NonNullable<AuditOptions['address']>['from']>,
): AddressReader => {
  if (from === 'platform') return platformAddress
  if (typeof from === 'function') {
    return (c) => {
      const ip = normaliseAddress(from(c))
      return ip === undefined ? undefined : { ip, from: 'app' }
    }
  }
  const header = from.header ?? 'x-forwarded-for'
  const chain = (c: AnyContext): readonly string[] => {
    const value = c.req.raw.headers.get(header)
    // Only the right end counts; a header of 100 KB is not taken apart for it.
    return value === null ? [] : value.slice(-4_096).split(',')
  }
  if ('hops' in from) {
    return (c) => {
      const ip = normaliseAddress(chain(c).at(-from.hops))
      return ip === undefined ? platformAddress(c) : { ip, from: header }
    }
  }
  const networks = from.trusted.flatMap((cidr) => network(cidr) ?? [])
  const trusted = (ip: string): boolean => networks.some((inside) => inside(ip))
  return (c) => {
    const peer = platformAddress(c)
    if (peer === undefined || !trusted(peer.ip)) return peer
    for (const written of chain(c).toReversed()) {
      const ip = normaliseAddress(written)
      // What is no address was not written by a proxy of ours: nothing left of it can be believed.
      if (ip === undefined) return peer
      if (!trusted(ip)) return { ip, from: header }
    }
    return peer
  }
}

/** What can be told of a request, once it has been answered. */
export const requestFacts = (
  c: AnyContext,
  id: string,
  readAddress: AddressReader,
  url: UrlParts,
): RequestFacts => {
  const { headers } = c.req.raw
  const address = readAddress(c)
  const trace = headers.get('traceparent')
  const ids = trace === null ? null : TRACEPARENT.exec(trace)
  return {
    geo: platformGeo(c),
    host: url.host,
    id,
    ip: address?.ip,
    ipFrom: address?.from,
    method: c.req.method,
    path: c.req.path,
    referrer: headers.get('referer') ?? undefined,
    route: routeOf(c),
    scheme: url.scheme,
    spanId: ids?.[2],
    traceId: ids?.[1],
    userAgent: headers.get('user-agent') ?? undefined,
  }
}
