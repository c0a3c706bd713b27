import type { Context } from 'hono'
import { AuditError } from '../../src/errors.ts'
import type { Actor } from '../../src/event/schema.ts'
import { claimsReader } from './claims.ts'
import type { ActorClaims } from './claims.ts'

export interface JwtPayloadOptions extends ActorClaims {
  /** The variable that holds the verified payload. @default 'jwtPayload' */
  readonly variable?: string | undefined
}

/**
 * Names the actor from the payload that `hono/jwt` or `hono/jwk` verified and left in the context. It
 * verifies nothing itself: the variable is only ever set after the signature was checked. Requests that
 * did not pass that middleware, or that it turned away, have no actor.
 * @throws {AuditError} `AUDIT_OPTION_INVALID` at once, when the name of a claim or variable is empty.
 * @see https://hono.dev/docs/middleware/builtin/jwt
 * @example
 * import { jwt } from 'hono/jwt'
 * import { jwtPayload } from 'edge-audit/hono-jwt'
 * const audit = createAudit({ store, actor: jwtPayload({ role: 'realm_access.roles' }) })
 * app.use(audit.middleware()).use('/api/*', jwt({ secret, alg: 'HS256' }))
 */
export const jwtPayload = ({ variable = 'jwtPayload', ...claims }: JwtPayloadOptions = {}): ((
  c: Context,
) => Actor | undefined) => {
  if (typeof variable !== 'string' || variable === '') {
    throw new AuditError('AUDIT_OPTION_INVALID', 'variable: the name of a context variable')
  }
  const actorOf = claimsReader(claims)
  return (c) => actorOf(c.get(variable))
}
