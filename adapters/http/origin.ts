import type { RouteContext } from './visit.ts'

const hostOf = (url: string): string | undefined => {
  try {
    return new URL(url).host
  } catch {
    // `null`, or nothing that a browser would send.
    return undefined
  }
}

/**
 * Whether a page of another origin may have sent this. Browsers say so in `Sec-Fetch-Site` (Fetch
 * Metadata), older ones in `Origin`, of which the host is compared: behind a proxy that ends TLS the
 * scheme is another. Who sends neither is no browser, and has no cookies that are not its own.
 */
export const isForeign = ({ req }: RouteContext): boolean => {
  const site = req.header('sec-fetch-site')
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  const origin = req.header('origin')
  return origin !== undefined && hostOf(origin) !== hostOf(req.url)
}

/** A form cannot send this type to another origin without being asked for by CORS first. */
export const isJson = ({ req }: RouteContext): boolean =>
  /^application\/json *(?:;|$)/i.test(req.header('content-type') ?? '')
