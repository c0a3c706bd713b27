import { hmacSha256 } from './sha256.ts'
import type { Masker } from './secrets.ts'

/**
 * `full`: `***REDACTED***`. `partial`: the last four characters, of values of at least twelve.
 * `hash`: `hmac:` and 32 hex digits of HMAC-SHA-256 under `hashKey`, so that equal values can be
 * recognised. `drop`: the value and its name are left out.
 */
export const masks = ['full', 'partial', 'hash', 'drop'] as const
export type Mask = (typeof masks)[number]

export const REDACTED = '***REDACTED***'

export const maskWith = (mask: Mask, hashKey: string | undefined): Masker => {
  if (mask === 'drop') return () => undefined
  if (mask === 'partial') return (text) => (text.length < 12 ? REDACTED : `***${text.slice(-4)}`)
  if (mask === 'full' || hashKey === undefined) return () => REDACTED
  const keyed = hmacSha256(hashKey)
  return (text) => `hmac:${keyed(text).slice(0, 32)}`
}
