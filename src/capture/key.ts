import { hmacSha256 } from '../event/sha256.ts'
import { that } from '../shape.ts'

const checkKey = that(
  'a text of at least 16 characters',
  (value) => typeof value === 'string' && value.length >= 16,
)

/** The first 32 hex digits of an HMAC-SHA-256 (RFC 2104). */
export const keyed = (key: string): ((text: string) => string) => {
  checkKey(key, 'key')
  const hash = hmacSha256(key)
  return (text) => hash(text).slice(0, 32)
}
