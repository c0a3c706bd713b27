import type { RouterRoute } from 'hono/types'
import { matchedRoutes } from 'hono/route'
import type { RequestFacts } from '../event/schema.ts'
import type { AnyContext, AuditOptions } from '../options.ts'
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
