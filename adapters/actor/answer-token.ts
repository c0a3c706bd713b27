import type { Context } from 'hono'
import type { Actor } from '../../src/event/schema.ts'
import { invalid } from './key.ts'
import { tokenReader } from './token.ts'
import type { TokenOptions } from './token.ts'

export interface AnswerTokenOptions extends TokenOptions {
  /**
   * Fields of the answer's JSON, of which the first that is there has the token; `data.token` of an
   * object in it. @default access_token, accessToken, access, id_token, token, jwt
   */
  readonly field?: string | readonly string[] | undefined
  /** A cookie that the answer sets, in place of its JSON. @default none */
  readonly cookie?: string | undefined
}

const FIELDS = ['access_token', 'accessToken', 'access', 'id_token', 'token', 'jwt']

/** RFC 7515, section 3.1. */
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/

const valueAt = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (found, name) =>
        typeof found === 'object' && found !== null
          ? Object.getOwnPropertyDescriptor(found, name)?.value
          : undefined,
      value,
    )

const cookieOf = (response: Response, name: string): string | undefined => {
  const set = response.headers.getSetCookie().findLast((cookie) => cookie.startsWith(`${name}=`))
  const value = set?.slice(name.length + 1).split(';', 1)[0]
  return value?.replace(/^"(.*)"$/, '$1')
}

/**
 * Says who got in, for a route of `auth()`: by the token that the answer hands out, which it verifies
 * with the keys that `bearer()` takes. A token that does not verify names nobody.
 * @throws {AuditError} `AUDIT_OPTION_INVALID` at once, when an option is wrong or options contradict each other.
 * @example
 * import { auth } from 'edge-audit/auth'
 * import { fromToken } from 'edge-audit/jwt'
 * const user = fromToken({ key: 'the secret of the app', audience: 'api' })
 * const logins = auth([{ path: '/api/token', action: 'login', user }])
 */
export const fromToken = ({
  field = FIELDS,
  cookie,
  ...options
}: AnswerTokenOptions): ((c: Context, response: Response) => Promise<Actor | undefined>) => {
  const actorOf = tokenReader(options)
  const fields = [field].flat()
  if (fields.length === 0 || fields.some((name) => typeof name !== 'string' || name === ''))
    throw invalid('field: the name of a field, or a list of names')
  if (cookie !== undefined && (typeof cookie !== 'string' || cookie === ''))
    throw invalid('cookie: the name of a cookie')

  const tokenOf = async (response: Response): Promise<unknown> => {
    if (cookie !== undefined) return cookieOf(response, cookie)
    if (!/json/i.test(response.headers.get('content-type') ?? '')) return undefined
    const body: unknown = await response.json()
    return fields.map((path) => valueAt(body, path)).find((found) => typeof found === 'string')
  }

  return async (_, response) => {
    const token = await tokenOf(response)
    return typeof token === 'string' && TOKEN.test(token) ? actorOf(token) : undefined
  }
}
