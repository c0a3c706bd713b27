import { isCard, maskCards } from './card.ts'
import { type Masker, REDACTED } from './mask.ts'
import { maskPairs } from './pairs.ts'

// Every pattern here runs in linear time on hostile text: no nested quantifier, and what stands
// before a required character is bounded or cannot hold another start. A test feeds each its worst.

export const detectors = ['jwt', 'bearer', 'card', 'private-key', 'url-credentials'] as const
export type Detector = (typeof detectors)[number]

/** Dot-separated base64url parts (RFC 7519), or the head of one that was cut; also behind `\n`. */
const JWT = /(?:(?<![\dA-Za-z])|(?<=\\[bfnrt]))eyJ[\w-]{8,}(?:\.[\w-]*){0,4}/g
/** RFC 6750, section 2.1, and Basic (RFC 7617), whose value is the password in base64. */
const BEARER =
  /\b(bearer|basic)([\s+]{1,16}(?:token\s{1,16})?["']?)(?!(?:auth|authentication|authorization|tokens?|scheme|realm|error|required|missing|invalid|expired|header|format)\b)([\w.~+/=-]{6,})/gi
/** RFC 7468, OpenPGP and SSH2; without the end when the text was cut. */
const PRIVATE_KEY =
  /-{4,5} ?BEGIN[A-Z\d +]{0,40}?PRIVATE[ +]KEY[\s\S]*?(?:-{4,5} ?END[A-Z\d +]{0,40}-{4,5}|$)/g
/**
 * The userinfo of a URL (RFC 3986, section 3.2.1), up to the last `@` of the authority; a password
 * with `/`, `?` or `#` in it, as people write them; one that was cut before its `@`.
 */
const URL_CREDENTIALS =
  /(:(?:\\{0,8}\/){2})(?:[^\s/?#"<>]+@|[^\s/?#@":]{0,256}:(?!\d{1,5}(?:[/?#\s\\]|$))[^\s"@]{1,256}@|[^\s/?#@":]{0,256}:(?!\d{0,5}$)[^\s/?#"@]+$)/g
/** A part of a query or form, and the percent escapes that it may hold (RFC 3986, section 2.1). */
const PART = /[^\s&=?#"<>]+/g
const ESCAPE = /%[\da-f]{2}/i
/** A URL in a URL in a URL is looked into; what lies deeper was made to be a puzzle. */
const MOST_ENCODINGS = 4

/** Any of the above, or nothing to do: one test decides for most texts. */
const SUSPECT =
  /eyJ|bearer|basic|----|[=<]|[a-z_\x80-\uffff][\d\]"'\\]{0,40}\s{0,32}:(?!\/\/|\d\d:\d\d)|%[\da-f]{2}|(?:\d[ -]?){12}\d|^\s*[[{]/i

/** What `hmac()` has made is masked already. */
const HASHED = /^hmac:[\da-f]{32}$/

/** Whether a text has to be looked at at all. */
export const suspicious = (text: string): boolean =>
  text.length > 2 &&
  ((SUSPECT.test(text) && !HASHED.test(text)) ||
    // The credentials of a URL stand behind its slashes; most of what has an `@` is an address of mail.
    (text.includes('@') && text.includes('/')))

/** Whether a number reads as the number of a payment card. */
export const isCardNumber = (value: number): boolean =>
  value >= 1e12 && value < 1e19 && Number.isInteger(value) && isCard(String(value))

/** Tells `Basic dXNlcjpwYXNz` from «Basic authentication»: the first decodes to `name:password`. */
const isBasic = (token: string): boolean => {
  try {
    const whole = token.replace(/=+$/, '').slice(0, 512)
    return atob(whole.slice(0, whole.length - (whole.length % 4 === 1 ? 1 : 0))).includes(':')
  } catch {
    // Not base64, so nothing that RFC 7617 would send.
    return false
  }
}

const decode = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    // Cut in the middle of a character, or never encoded: what is ASCII is decoded.
    return part.replace(/%([2-7][\da-f])/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
  }
}

/** Masks what looks like a secret in a text; the rest stays as it was. */
export const maskInText = (
  text: string,
  byKey: (key: string) => Masker | undefined,
  standard: Masker,
  detect: readonly Detector[],
  encodings = 0,
): string => {
  if (!suspicious(text)) return text
  const masked = (secret: string): string => standard(secret) ?? ''
  let rest = text
  if (encodings < MOST_ENCODINGS && ESCAPE.test(text)) {
    rest = rest.replace(PART, (part) => {
      if (!ESCAPE.test(part)) return part
      const plain = decode(part)
      const safe = maskInText(plain, byKey, standard, detect, encodings + 1)
      return safe === plain ? part : encodeURIComponent(safe.toWellFormed())
    })
  }
  // First what may hold `:` and `=` itself, then values by their name, then the other shapes.
  if (detect.includes('private-key')) rest = rest.replace(PRIVATE_KEY, masked)
  if (detect.includes('url-credentials')) {
    rest = rest.replace(
      URL_CREDENTIALS,
      (found, start: string) => `${start}${REDACTED}${found.endsWith('@') ? '@' : ''}`,
    )
  }
  rest = maskPairs(rest, byKey)
  if (detect.includes('jwt')) rest = rest.replace(JWT, masked)
  if (detect.includes('bearer')) {
    rest = rest.replace(BEARER, (found, scheme: string, gap: string, token: string) =>
      /^basic$/i.test(scheme) && !isBasic(token) ? found : `${scheme}${gap}${REDACTED}`,
    )
  }
  return detect.includes('card') ? maskCards(rest, masked) : rest
}
