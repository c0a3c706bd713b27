import { hmacSha256 } from './sha256.ts'

/**
 * `full`: `***REDACTED***`. `partial`: the last four characters, of values of at least twelve.
 * `hash`: `hmac:` and 32 hex digits of HMAC-SHA-256 under `hashKey`, so that equal values can be
 * recognised; of a text beyond 16,384 characters its head, its tail and its length are hashed.
 * `drop`: the value and its name are left out.
 */
export const masks = ['full', 'partial', 'hash', 'drop'] as const
export type Mask = (typeof masks)[number]

/** Applies a mask to the text of a secret; undefined leaves the value out. */
export type Masker = (text: string) => string | undefined

export const REDACTED = '***REDACTED***'

const HASHED = 16_384

/** Hashing takes time by the byte, and a value may have a hundred million of them. */
const bounded = (text: string): string =>
  text.length <= HASHED
    ? text
    : `${text.slice(0, HASHED / 2)}${text.slice(-HASHED / 2)}${text.length}`

export const maskWith = (mask: Mask, hashKey: string | undefined): Masker => {
  if (mask === 'drop') return () => undefined
  if (mask === 'partial') return (text) => (text.length < 12 ? REDACTED : `***${text.slice(-4)}`)
  if (mask === 'full' || hashKey === undefined) return () => REDACTED
  const keyed = hmacSha256(hashKey)
  return (text) => `hmac:${keyed(bounded(text)).slice(0, 32)}`
}
