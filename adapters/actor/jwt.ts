/**
 * Actors from JSON Web Tokens: {@link jwtPayload} reads what `hono/jwt` has verified, {@link bearer}
 * verifies by itself and needs the package `jose`.
 * @module
 */
export { bearer } from './bearer.ts'
export type { BearerOptions, BearerProblem } from './bearer.ts'
export type { ActorClaims } from './claims.ts'
export { jwtPayload } from './jwt-payload.ts'
export type { JwtPayloadOptions } from './jwt-payload.ts'
