import type { RouterRoute } from 'hono/types'
import { matchedRoutes } from 'hono/route'
import type { RequestFacts } from '../event/schema.ts'
import type { AuditOptions } from '../options.ts'
import type { AnyContext } from '../input.ts'
import { type Address, plainAddress, platformAddress, platformGeo } from '../runtime/client.ts'
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
    for (let index = c.req.routeIndex + 1; index < routes.length; index++) {
      const route = routes[index]
      if (route !== undefined && !passesOn(route)) return route.path
    }
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
  const start = url.indexOf('://') + 3
  const hash = url.indexOf('#', start)
  const whole = hash === -1 ? url : url.slice(0, hash)
  const mark = whole.indexOf('?', start)
  const end = mark === -1 ? whole.length : mark
  const slash = whole.indexOf('/', start)
  return {
    scheme: url.slice(0, start - 3),
    host: whole.slice(start, slash === -1 || slash > end ? end : slash),
    query: whole.slice(end + 1),
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

/** The reader of the app, whose text is its own word; or what the platform vouches for. */
export const addressReader = (given: AuditOptions['address']): AddressReader => {
  if (given === undefined) return platformAddress
  return (c) => {
    const found = given(c)
    if (typeof found !== 'string') return found ?? undefined
    const ip = plainAddress(found)
    return ip === undefined ? undefined : { ip, from: 'app' }
  }
}

/** What is told of a request before it is answered; the rest is added at its end. */
export interface Facts {
  readonly request: { -readonly [Name in keyof RequestFacts]: RequestFacts[Name] }
  readonly query: string
}

export interface ReadingFacts {
  readonly readAddress: AddressReader
  readonly onError: (where: string, error: unknown) => void
}

/**
 * Reads what may be gone when the request is over: a client that hangs up takes its address with it
 * (Node, Deno), and Vercel's request context ends with the response.
 */
export const requestFacts = (c: AnyContext, { readAddress, onError }: ReadingFacts): Facts => {
  const { raw, method, path, url } = c.req
  const { host, query, scheme } = urlParts(url)
  const { headers } = raw
  let address: Address | undefined
  try {
    address = readAddress(c)
  } catch (error) {
    onError('address', error)
  }
  const trace = headers.get('traceparent')
  const ids = trace === null ? null : TRACEPARENT.exec(trace)
  const request: Facts['request'] = {
    geo: platformGeo(c),
    host,
    id: '',
    ip: address?.ip,
    ipFrom: address?.from,
    method,
    path,
    referrer: headers.get('referer') ?? undefined,
    route: undefined,
    scheme,
    spanId: ids?.[2],
    traceId: ids?.[1],
    userAgent: headers.get('user-agent') ?? undefined,
  }
  return { request, query }
}

/**
 * Deno takes a request's headers away with the upgrade to a WebSocket: a copy is put back at its end,
 * for resolvers and for us. Undefined for other requests.
 */
export const keepRequest = (c: AnyContext): (() => void) | undefined => {
  const { raw, method, url } = c.req
  if (method !== 'GET' || raw.headers.get('upgrade') === null) return undefined
  const copy = new Request(url, { headers: raw.headers })
  return () => {
    try {
      raw.headers.get('upgrade')
    } catch {
      c.req.raw = copy
    }
  }
}
