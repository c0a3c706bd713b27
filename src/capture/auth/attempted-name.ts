import type { AnyContext } from '../../input.ts'
import { property } from '../../runtime/ambient.ts'
import { textOf } from '../actor.ts'

/** Larger bodies hold no login. */
const BYTES = 16_384
const NAMES = ['username', 'email', 'login', 'user', 'identifier', 'name']

/** A path without the slashes at its end. */
export const bare = (path: string): string =>
  path.length > 1 ? path.replace(/\/+$/, '') || '/' : path

const basicName = (authorization: string | null): string | undefined => {
  const [, encoded] = /^basic ([\w+/=-]{1,2048})$/i.exec(authorization ?? '') ?? []
  if (encoded === undefined) return undefined
  try {
    const bytes = Uint8Array.from(atob(encoded), (unit) => unit.charCodeAt(0))
    const pair = new TextDecoder().decode(bytes)
    // Without a colon it is no pair, and may well be a secret alone.
    return pair.slice(0, Math.max(0, pair.indexOf(':'))) || undefined
  } catch {
    // Not Base64: nobody was named.
    return undefined
  }
}

const textAt = (value: unknown, path: string): string | undefined => {
  const found = path.split('.').reduce<unknown>(property, value)
  return typeof found === 'string' || typeof found === 'number'
    ? textOf(found) || undefined
    : undefined
}

const SECRET = /pass|pwd|secret|pin|otp|code|token/i

/** Whether a password that was sent too stands in the name, as of somebody who mixed up the fields. */
const holdsSecret = (name: string, value: unknown, depth = 3): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).some(([field, inner]) =>
    typeof inner === 'string'
      ? inner.length >= 8 && SECRET.test(field) && name.includes(inner)
      : depth > 0 && holdsSecret(name, inner, depth - 1),
  )

/** A copy of the body that may hold a name, taken before anybody reads it. */
const copyOf = (raw: Request): Request | undefined => {
  const size = Number(raw.headers.get('content-length') ?? Number.NaN)
  if (!(size > 0 && size <= BYTES) || raw.bodyUsed) return undefined
  try {
    return raw.clone()
  } catch {
    // Somebody before us reads it already.
    return undefined
  }
}

const FORM = /x-www-form-urlencoded|form-data/i

/** A handler may take for JSON what does not say so: a name must not hide behind another type. */
const parsed = async (copy: Request): Promise<unknown> =>
  FORM.test(copy.headers.get('content-type') ?? '')
    ? Object.fromEntries(await copy.formData())
    : copy.json()

const nameIn = async (copy: Request, paths: readonly string[]): Promise<string | undefined> => {
  try {
    const body = await parsed(copy)
    const name = paths.map((path) => textAt(body, path)).find((found) => found !== undefined)
    return name === undefined || holdsSecret(name, body) ? undefined : name
  } catch {
    // Malformed: the app was told by the same error, and nobody was named.
    return undefined
  }
}

/** What was sent to get in. */
export interface Sent {
  /** The user name; undefined where none can be told. What is malformed names nobody. */
  readonly name: () => Promise<string | undefined>
  /** Lets go of it unread. */
  readonly drop: () => void
}

type Place = string | readonly string[] | ((c: AnyContext) => string | null | undefined) | undefined

/** Sets aside what may hold the user name: the header, or a copy of the body, and nothing else. */
export const sentBy = (c: AnyContext, place: Place): Sent => {
  if (typeof place === 'function') {
    return { name: async () => textOf(place(c)), drop: () => undefined }
  }
  const { raw } = c.req
  const basic = basicName(raw.headers.get('authorization'))
  if (place === 'basic') return { name: async () => basic, drop: () => undefined }
  const copy = copyOf(raw)
  const paths = place === undefined ? NAMES : [place].flat()
  // Whoever says where the name is must not be told another one by a header.
  const otherwise = place === undefined ? basic : undefined
  return {
    name: async () => (copy && (await nameIn(copy, paths))) ?? otherwise,
    drop: () => {
      copy?.body?.cancel().catch(() => undefined)
    },
  }
}
