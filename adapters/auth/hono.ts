import type { Context, MiddlewareHandler } from 'hono'
import type { AuthKinds } from '../../src/capture/kinds/auth.ts'
import type { ActorInput, AnyContext } from '../../src/input.ts'
import { at, textAt } from './read.ts'

/** What is used of an audit. */
export interface Auditing extends AuthKinds {
  in(where: AnyContext): AuthKinds
}

const PASSED = 'edge-audit.basic'

/** RFC 7617: what Hono's own reader takes for a name. */
const basicName = (credentials: string): string | undefined => {
  const [, encoded] = /^ *basic +([\w+/=-]{1,2048}) *$/i.exec(credentials) ?? []
  if (encoded === undefined) return undefined
  try {
    const bytes = Uint8Array.from(atob(encoded), (unit) => unit.charCodeAt(0))
    const [, name] = /^([^:]*):/.exec(new TextDecoder().decode(bytes)) ?? []
    return name === '' ? undefined : name
  } catch {
    // Not Base64: nobody was named.
    return undefined
  }
}

/** Why a token was refused: what hono/jwt says in the cause, or the challenge (RFC 6750, section 3.1). */
const reasonOf = (thrown: unknown, otherwise: string): string => {
  // What checks them broke: they may be right.
  if (thrown !== undefined && typeof at(thrown, 'getResponse') !== 'function') return 'error'
  const named = textAt(thrown, 'cause', 'name')
  if (named !== undefined) return named
  const response = at(thrown, 'res')
  const challenge = response instanceof Response ? response.headers.get('www-authenticate') : null
  return /error="?([\w-]+)/.exec(challenge ?? '')?.[1] ?? otherwise
}

export interface WatchOptions {
  /** The header with the credentials, where the middleware has another. @default 'authorization' */
  readonly header?: string | undefined
  /** The cookie with the token, where the middleware takes one. @default none */
  readonly cookie?: string | undefined
}

const cookieIn = (c: Context, name: string | undefined): string | null => {
  const cookies = name === undefined ? null : c.req.raw.headers.get('cookie')
  return cookies?.split(/; */).some((pair) => pair.startsWith(`${name}=`)) === true ? '' : null
}

/**
 * Watches `basicAuth`, `bearerAuth`, `jwt` or `jwk` of Hono: credentials that it turns away are one
 * event, a failed `login` of the attempted name with Basic, else `token.reject`. Those it lets pass are
 * none, for they come with every request; nor is a request without credentials.
 * @example
 * import { basicAuth } from 'hono/basic-auth'
 * import { watched } from 'edge-audit/hono-auth'
 * app.use('/admin/*', watched(audit, basicAuth({ username: 'ada', password: '…' })))
 */
export const watched =
  (
    audit: Auditing,
    middleware: MiddlewareHandler,
    { header = 'authorization', cookie }: WatchOptions = {},
  ): MiddlewareHandler =>
  async (c, next) => {
    const credentials = c.req.raw.headers.get(header) ?? cookieIn(c, cookie)
    const name = credentials === null ? undefined : basicName(credentials)
    let hasPassed = false
    const refuse = (thrown: unknown): void => {
      if (hasPassed || credentials === null) return
      // Without async context the scope is the one of this context.
      const here = c.get('audit') === undefined ? audit : audit.in(c)
      if (/^ *basic /i.test(credentials))
        here.loginFailed({ failure: reasonOf(thrown, 'wrong-credentials'), method: 'basic', name })
      else
        here.auth('token.reject', {
          actor: { id: 'anonymous', type: 'anonymous' },
          failure: reasonOf(thrown, 'refused'),
          method: 'bearer',
          outcome: 'failure',
        })
    }
    try {
      const answer = await middleware(c, async () => {
        hasPassed = true
        if (name !== undefined) c.set(PASSED, name)
        await next()
      })
      refuse(undefined)
      return answer
    } catch (thrown) {
      refuse(thrown)
      throw thrown
    }
  }

/**
 * Names whom a watched `basicAuth` let in.
 * @example
 * import { basicUser } from 'edge-audit/hono-auth'
 * const audit = createAudit({ store, actor: basicUser })
 */
export const basicUser = (c: Context): ActorInput | undefined => {
  const id: unknown = c.get(PASSED)
  return typeof id === 'string' ? { id, type: 'user', via: 'basic' } : undefined
}
