import type { Context } from 'hono'
import type { JWTPayload } from 'jose'
import type { Actor } from '../../src/event/schema.ts'
import { invalid } from './key.ts'
import { tokenReader } from './token.ts'
import type { TokenOptions } from './token.ts'

export interface CloudflareAccessOptions extends Pick<
  TokenOptions,
  'clockTolerance' | 'jwks' | 'onError' | 'timeout'
> {
  /** The team's domain: `acme`, or `https://acme.cloudflareaccess.com`. */
  readonly team: string
  /** The AUD tag of the application: without it the token of another application would count. */
  readonly audience: string | string[]
}

const HEADER = 'cf-access-jwt-assertion'

const originOf = (team: string): string => {
  const written = typeof team === 'string' ? team.replace(/\/+$/, '') : ''
  if (/^[\w-]+$/.test(written)) return `https://${written}.cloudflareaccess.com`
  if (URL.canParse(written) && /^https?:\/\/[^/]+$/.test(written)) return written
  throw invalid('team: its name, or its https address')
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** A person has an id and an address; a service token has a name, and an empty `sub`. */
const actorOf = ({ sub, email, common_name: service }: JWTPayload): Actor | undefined => {
  const via = 'cloudflare-access'
  const id = textOf(sub)
  const name = textOf(email)
  if (id !== undefined) return { id, ...(name !== undefined && { name }), type: 'user', via }
  const token = textOf(service)
  return token === undefined ? undefined : { id: token, type: 'service', via }
}

/**
 * Names whom Cloudflare Access let in, by the token it puts in the header `cf-access-jwt-assertion`,
 * which is verified with the keys of the team: a request that came round Access names nobody.
 * @throws {AuditError} `AUDIT_OPTION_INVALID` at once, when an option is wrong.
 * @see https://developers.cloudflare.com/cloudflare-one/identity/authorization-cookie/validating-json/
 * @example
 * import { cloudflareAccess } from 'edge-audit/cloudflare-access'
 * const audit = createAudit({ store, actor: cloudflareAccess({ team: 'acme', audience: '4714c1358e65fe4b' }) })
 */
export const cloudflareAccess = ({
  team,
  audience,
  jwks,
  ...options
}: CloudflareAccessOptions): ((c: Context) => Promise<Actor | undefined>) => {
  if (audience === undefined) throw invalid('audience: the AUD tag of the application')
  const issuer = originOf(team)
  const read = tokenReader(
    {
      ...options,
      issuer,
      audience,
      algorithms: ['RS256'],
      jwks: jwks ?? `${issuer}/cdn-cgi/access/certs`,
    },
    actorOf,
  )
  return async function accessActor(c) {
    const token = c.req.header(HEADER)
    return token === undefined ? undefined : read(token)
  }
}
