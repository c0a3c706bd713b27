import { REDACTED } from './mask.ts'
import type { Detector, Masker } from './secrets.ts'

// Every pattern here runs in linear time on hostile text: no nested quantifier, and what stands
// before a required character is bounded. The text itself was cut to a few KiB before.

/** Three dot-separated base64url parts (RFC 7519), or the head of one that was cut. */
const JWT = /(?<![\w-])eyJ[\w-]{8,}(?:\.[\w-]*){0,4}/g
/** RFC 6750, section 2.1, and Basic (RFC 7617), whose value is the password in base64. */
const BEARER = /\b(bearer|basic(?=\s+[\w.~+/-]{0,512}[\d=]))(\s+)[\w.~+/=-]{6,}/gi
/** RFC 7468; without the end when the text was cut. */
const PRIVATE_KEY = /-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,32}-----|$)/g
/** The userinfo of a URL (RFC 3986, section 3.2.1). */
const URL_CREDENTIALS = /(:\/\/)[^\s/?#@"'<>]{1,512}@/g
/** Digits in the grouping of a card, with the lengths and first digits that networks issue. */
const CARD = /(?<![\w-])[2-6](?:[ -]?\d){12,18}(?![\w-])/g
const ISSUED =
  /^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|6(?:011|4[4-9]\d|5\d\d)\d{12,15}|62\d{14,17}|35\d{14})$/
/** `name=value`, `name: value`, `"name": value`; the value is read apart, by its own quoting. */
const NAME = /([\w.\-[\]%]{1,64})["']?\s{0,8}([=:])\s{0,8}/g
const QUOTED = /"(?:[^"\\]|\\.)*"?|'[^'\n]*'?/y
/** After `=`, to the end of the query value; after `:`, to the end of the line. */
const AFTER = { '=': /[^\s&"'<>#]*/y, ':': /[^\n\r"]*/y } as const

/** Any of the above, or nothing to do: one test decides for most texts. */
const SUSPECT = /eyJ|bearer|basic|-----|@|=|["\w]\s*:\s|":|\d{4}[ -]?\d{4}|\d{4}[ -]\d{6}|^\s*[[{]/i

/** Whether a text has to be looked at at all. */
export const suspicious = (text: string): boolean => text.length >= 5 && SUSPECT.test(text)

/** Luhn (ISO/IEC 7812-1). */
const isCard = (digits: string): boolean => {
  if (!ISSUED.test(digits)) return false
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48
    const doubled = index % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** Whether a number reads as the number of a payment card. */
export const isCardNumber = (value: number): boolean =>
  value >= 1e12 && value < 1e19 && Number.isInteger(value) && isCard(String(value))

/** Masks what looks like a secret in a text; the rest stays as it was. */
export const maskInText = (
  text: string,
  byKey: (key: string) => Masker | undefined,
  standard: Masker,
  detect: readonly Detector[],
): string => {
  if (!suspicious(text)) return text
  const masked = (secret: string): string => standard(secret) ?? ''
  let rest = text
  if (detect.includes('private-key')) rest = rest.replace(PRIVATE_KEY, masked)
  if (detect.includes('jwt')) rest = rest.replace(JWT, masked)
  if (detect.includes('bearer')) {
    rest = rest.replace(BEARER, (_, scheme: string, gap: string) => `${scheme}${gap}${REDACTED}`)
  }
  if (detect.includes('url-credentials')) rest = rest.replace(URL_CREDENTIALS, `$1${REDACTED}@`)
  if (detect.includes('card')) {
    rest = rest.replace(CARD, (found) => (isCard(found.replace(/[ -]/g, '')) ? masked(found) : found))
  }
  return maskPairs(rest, byKey)
}

/** Values whose name is a secret's, in query strings, forms, JSON fragments and prose. */
const maskPairs = (text: string, byKey: (key: string) => Masker | undefined): string => {
  let out = ''
  let copied = 0
  NAME.lastIndex = 0
  for (let found = NAME.exec(text); found !== null; found = NAME.exec(text)) {
    const [, name = '', separator] = found
    const masker = byKey(nameOf(name, separator))
    if (masker === undefined) continue
    const start = NAME.lastIndex
    const end = endOfValue(text, start, separator === '=' ? '=' : ':')
    NAME.lastIndex = end
    if (end === start) continue
    const value = text.slice(start, end)
    const quote = value.startsWith('"') ? '"' : ''
    out += text.slice(copied, start) + quote + (masker(value) ?? '') + quote
    copied = end
  }
  return copied === 0 ? text : out + text.slice(copied)
}

/** `%70assword` → `password`; and in `session.ts:12` the name is `ts`. */
const nameOf = (written: string, separator: string | undefined): string => {
  if (separator === ':') return written.slice(written.lastIndexOf('.') + 1)
  if (!written.includes('%')) return written
  try {
    return decodeURIComponent(written)
  } catch {
    // Not percent-encoded after all: the name counts as it stands.
    return written
  }
}

const endOfValue = (text: string, start: number, separator: '=' | ':'): number => {
  const first = text[start]
  // A JSON object or array under a secret name: all that follows is masked, up to the text's end.
  if (first === '{' || first === '[') return text.length
  const pattern = first === '"' || first === "'" ? QUOTED : AFTER[separator]
  pattern.lastIndex = start
  return pattern.test(text) ? pattern.lastIndex : start
}
