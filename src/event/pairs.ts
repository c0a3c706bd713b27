import type { Masker } from './mask.ts'

// Every step looks back or ahead by a bounded distance, or passes over text that it will not see
// again: the work is linear in the length of the text, whatever stands in it.

/** `=`, `:`, and the end of an XML tag. */
const SEPARATOR = /[=:>]/g
const NAME_LENGTH = 64
const GAP = 32
/** JSON in JSON doubles the backslashes before a quote each time: enough for eight times. */
const ESCAPES = 256
/** A query value ends here; a line ends there. A quote is looked at closer. */
const AFTER_EQUALS = /[\s&"]/g
const AFTER_COLON = /[\n\r"]/g
/** `session:12:5` is a place in a file. */
const POSITION = /\d{1,7}:\d{1,7}(?!\d)/y

type ByKey = (key: string) => Masker | undefined
interface Span {
  readonly start: number
  readonly end: number
  /** Where the search goes on: behind the closing quote. */
  readonly next: number
}

/** Masks values whose name is a secret's, in query strings, forms, JSON fragments, XML and prose. */
export const maskPairs = (text: string, byKey: ByKey): string => {
  let out = ''
  let copied = 0
  // Looked for once: each search for what is not there would pass over the whole text.
  let lastClose: number | undefined
  SEPARATOR.lastIndex = 0
  for (let found = SEPARATOR.exec(text); found !== null; found = SEPARATOR.exec(text)) {
    const [written] = found
    const after = SEPARATOR.lastIndex
    const colon = written === ':'
    const name =
      written === '>' ? tagBefore(text, found.index) : nameBefore(text, found.index, copied, colon)
    const masker = name === '' ? undefined : byKey(name)
    if (masker === undefined) continue
    if (written === '>') lastClose ??= text.lastIndexOf('</')
    const { start, end, next } =
      written === '>' ? elementAfter(text, after, lastClose ?? -1) : valueAfter(text, after, colon)
    if (end === start) continue
    out += text.slice(copied, start) + (masker(text.slice(start, end)) ?? '')
    copied = end
    // The masked text is not searched again; looking for a value may have moved this.
    SEPARATOR.lastIndex = next
  }
  return copied === 0 ? text : out + text.slice(copied)
}

const isSpace = (unit: number): boolean => unit === 0x20 || (unit >= 0x09 && unit <= 0x0d)
/** `"`, `'` and the backslashes before them in JSON that stands in JSON. */
const isQuoting = (unit: number): boolean => unit === 0x22 || unit === 0x27 || unit === 0x5c

/** Letters, digits, `_ . - [ ] % + $ \` and whatever is not ASCII. */
const isNameUnit = (unit: number): boolean =>
  (unit >= 0x61 && unit <= 0x7a) ||
  (unit >= 0x41 && unit <= 0x5d) ||
  (unit >= 0x30 && unit <= 0x39) ||
  unit > 0x7f ||
  unit === 0x5f ||
  unit === 0x2e ||
  unit === 0x2d ||
  unit === 0x25 ||
  unit === 0x2b ||
  unit === 0x24

const nameBefore = (text: string, at: number, from: number, colon: boolean): string => {
  let end = at
  while (end > from && at - end < GAP && isSpace(text.charCodeAt(end - 1))) end--
  while (end > from && at - end < GAP + ESCAPES && isQuoting(text.charCodeAt(end - 1))) end--
  let start = end
  while (start > from && end - start < NAME_LENGTH && isNameUnit(text.charCodeAt(start - 1)))
    start--
  const name = decoded(text.slice(start, end))
  // In `session.ts:12` the name is `ts`; in `?next=/login?token` it is `token`.
  return name.slice(Math.max(name.search(/[^\s?&;,/#:]+$/), colon ? name.lastIndexOf('.') + 1 : 0))
}

/** `%70assword`, `\u0070assword` → `password` */
const decoded = (written: string): string => {
  if (!/[%\\]/.test(written)) return written
  try {
    if (!/\\|%25/.test(written)) return decodeURIComponent(written)
  } catch {
    // Cut in the middle of a character: what is ASCII is decoded below.
  }
  const character = (_: string, hex: string | undefined): string =>
    hex === undefined ? ' ' : String.fromCharCode(Number.parseInt(hex, 16))
  return written
    .replace(/%(?:25){0,8}([2-7][\da-f])/gi, character)
    .replace(/\\+(?:u([\da-f]{4})|[bfnrt])/gi, character)
}

/** `<ns:password type="text">` → `password`; `Promise<Token>` is no tag. */
const tagBefore = (text: string, at: number): string => {
  const from = Math.max(0, at - 256)
  const tag = text.slice(from, at)
  const open = tag.lastIndexOf('<')
  if (open === -1 || tag.endsWith('/') || /\w/.test(text.charAt(from + open - 1))) return ''
  const name = /^[\w.:-]{1,64}/.exec(tag.slice(open + 1))?.[0] ?? ''
  return name.slice(name.lastIndexOf(':') + 1)
}

/** To the end tag; to the text's end when that was cut off, but not in «expected <token> here». */
const elementAfter = (text: string, start: number, lastClose: number): Span => {
  const inProse = lastClose < start && isSpace(text.charCodeAt(start))
  if (inProse) return { start, end: start, next: start }
  const end = lastClose < start ? text.length : text.indexOf('</', start)
  return { start, end, next: end }
}

const valueAfter = (text: string, after: number, colon: boolean): Span => {
  let start = after
  // `=>`, `==` and `:=` come before a value too.
  while (
    start - after < GAP &&
    (isSpace(text.charCodeAt(start)) || /[=>]/.test(text.charAt(start)))
  )
    start++
  POSITION.lastIndex = start
  if (colon && start === after && POSITION.test(text)) return { start, end: start, next: start }
  const first = text.charAt(start)
  // A JSON object or array under a secret name: all that follows is masked, up to the text's end.
  if (first === '{' || first === '[') return { start, end: text.length, next: text.length }
  let open = start
  while (open - start < ESCAPES && text.charCodeAt(open) === 0x5c) open++
  const quote = text.charAt(open)
  if (quote === '"' || (quote === "'" && open === start))
    return quoted(text, open, open - start, quote)
  const end = unquoted(text, start, colon)
  return { start, end, next: end }
}

/**
 * To the quote that closes what `escapes` backslashes and a quote opened. Each time that JSON is put
 * into a JSON string, a quote gets one backslash and each backslash another: a quote inside the value
 * has more of them than the ones around it.
 */
const quoted = (text: string, open: number, escapes: number, quote: string): Span => {
  const start = open + 1
  for (let at = text.indexOf(quote, start); at !== -1; at = text.indexOf(quote, at + 1)) {
    let run = 0
    while (at - run > start && text.charCodeAt(at - run - 1) === 0x5c) run++
    if (run < escapes || run % (2 * (escapes + 1)) === escapes) {
      return { start, end: Math.max(start, at - Math.min(run, escapes)), next: at + 1 }
    }
  }
  return { start, end: text.length, next: text.length }
}

const unquoted = (text: string, start: number, colon: boolean): number => {
  const stop = colon ? AFTER_COLON : AFTER_EQUALS
  stop.lastIndex = start
  for (let found = stop.exec(text); found !== null; found = stop.exec(text)) {
    // A quote within a word belongs to the value; one that opens or closes a text does not.
    const at = found.index
    const inWord =
      /[^\s,{[(:;]/.test(text.charAt(at - 1)) && /[^\s,}\]):;\\]/.test(text.charAt(at + 1))
    if (found[0] !== '"' || !inWord) return at
  }
  return text.length
}
