import type { Context } from 'hono'
import type { Actor } from '../../src/event/schema.ts'
import { invalid } from './key.ts'
import { tokenReader } from './token.ts'
import type { TokenOptions } from './token.ts'

export { fromToken } from './answer-token.ts'
export type { AnswerTokenOptions } from './answer-token.ts'
export type { BearerProblem } from './token.ts'

export interface BearerOptions extends TokenOptions {
  /** The header with the token. Only in `authorization` the word `Bearer` is required. @default 'authorization' */
  readonly header?: string | undefined
}

/**
 * Names the actor from a bearer token, which it verifies itself. A token that is missing, expired, forged,
 * for another audience, or signed with an algorithm that is not meant for the key names nobody: the request
 * is recorded as anonymous, nothing throws, and turning it away stays the task of the app's own middleware.
 *
 * A key set is fetched with the first token, again after ten minutes, and at an unknown `kid` at most every
 * thirty seconds. While it cannot be had there are no actors, and `onError` is told.
 *
 * Make it once, at start-up; where the secret is only known in a request (`c.env`) make it there.
 * @throws {AuditError} `AUDIT_OPTION_INVALID` at once, when an option is wrong or options contradict each other.
 * @see https://www.rfc-editor.org/rfc/rfc8725 on the attacks that the options guard against
 * @example
 * import { bearer } from 'edge-audit/jwt'
 * const actor = bearer({
 *   jwks: 'https://id.example.com/.well-known/jwks.json',
 *   issuer: 'https://id.example.com',
 *   audience: 'api',
 * })
 * const audit = createAudit({ store, actor })
 */
export const bearer = ({
  header = 'authorization',
  ...options
}: BearerOptions): ((c: Context) => Promise<Actor | undefined>) => {
  const actorOf = tokenReader(options)
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(header)) throw invalid('header: the name of a header')
  const bare = header.toLowerCase() !== 'authorization'

  return async function bearerActor(c) {
    const token = tokenIn(c.req.header(header), bare)
    return token === undefined ? undefined : actorOf(token)
  }
}

/** RFC 6750, section 2.1, and the characters of a JWS in compact form. */
const withScheme = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i
const withoutScheme = /^(?:Bearer +)?([\w-]+\.[\w-]+\.[\w-]+)$/i

const tokenIn = (value: string | undefined, bare: boolean): string | undefined =>
  (bare ? withoutScheme : withScheme).exec(value ?? '')?.[1]
