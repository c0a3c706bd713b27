/**
 * Masks secrets so that equal ones can be recognised.
 * @module
 */
import { keyed } from './key.ts'

const HASHED = 16_384

/** Hashing takes time by the byte, and a value may have a hundred million of them. */
const bounded = (text: string): string =>
  text.length <= HASHED
    ? text
    : `${text.slice(0, HASHED / 2)}${text.slice(-HASHED / 2)}${text.length}`

/**
 * `hmac:` and 32 hex digits of HMAC-SHA-256; of a text beyond 16,384 characters its head, its tail
 * and its length are hashed. The key has at least 16 characters.
 * @throws {AuditError} AUDIT_OPTION_INVALID when the key is shorter.
 * @example
 * import { createAudit } from 'edge-audit'
 * import { hmac } from 'edge-audit/hash'
 * import { memory } from 'edge-audit/memory'
 * const redact = { keys: [{ key: 'email', mask: 'hash' as const }], hash: hmac('sixteen characters') }
 * const audit = createAudit({ store: memory(), redact })
 */
export const hmac = (key: string): ((text: string) => string) => {
  const hash = keyed(key)
  return (text) => `hmac:${hash(bounded(text))}`
}
