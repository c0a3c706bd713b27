// Attacks hide in encodings: what is judged is the text that some parser behind may see. Every step is
// one pass over a text whose length was capped before, and there are at most so many of them.

/** `%2525…`: a text encoded more often than this is a puzzle, and no parser solves it. */
const ROUNDS = 4

const unhex = (code: number): number => {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

/** The value of so many hex digits, or -1. */
const hexAt = (text: string, at: number, digits: number): number => {
  if (at + digits > text.length) return -1
  let value = 0
  for (let index = at; index < at + digits; index++) {
    const digit = unhex(text.charCodeAt(index))
    if (digit < 0) return -1
    value = value * 16 + digit
  }
  return value
}

/** The byte that is written at this place as `%XX`, or -1. */
const byteAt = (text: string, at: number): number =>
  text.charCodeAt(at) === 0x25 ? hexAt(text, at + 1, 2) : -1

/** How many bytes follow the first one; up to six in all, as UTF-8 was written before RFC 3629. */
const following = (first: number): number =>
  first >= 0xfc ? 5 : first >= 0xf8 ? 4 : first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1

/**
 * A character of UTF-8 from percent-encoded bytes. Overlong forms (`%c0%af` for `/`) are taken for what
 * they stand for, as careless decoders do (CAPEC-80); bytes that make none are taken as Latin-1.
 */
const characterAt = (text: string, at: number): readonly [character: string, next: number] => {
  const first = byteAt(text, at)
  if (first < 0xc0) return [String.fromCharCode(first), at + 3]
  if (first <= 0xc1) return overlongAt(text, at + 3, first)
  const more = following(first)
  let point = first & (0x3f >> more)
  let next = at + 3
  for (let count = 0; count < more; count++, next += 3) {
    const byte = byteAt(text, next)
    if ((byte & 0xc0) !== 0x80 || byte < 0) return [String.fromCharCode(first), at + 3]
    point = point * 64 + (byte & 0x3f)
  }
  return point > 0x10ffff
    ? [String.fromCharCode(first), at + 3]
    : [String.fromCodePoint(point), next]
}

/** `%c0%af`, and `%c0%2f` or `%c0/`, in which the second byte lost its mark and IIS took it. */
const overlongAt = (
  text: string,
  at: number,
  first: number,
): readonly [character: string, next: number] => {
  const byte = byteAt(text, at)
  if (byte < 0) return ['', at]
  const point = byte < 0x80 && first === 0xc0 ? byte : (first & 1) * 64 + (byte & 0x3f)
  return [String.fromCharCode(point), at + 3]
}

/** One round: `%41`, and the `%u0041` of IIS. What is not encoded stays as it is. */
const percentOnce = (text: string): string => {
  let out = ''
  let copied = 0
  let at = text.indexOf('%')
  while (at !== -1) {
    if (byteAt(text, at) >= 0) {
      const [character, next] = characterAt(text, at)
      out += text.slice(copied, at) + character
      copied = next
    } else if ((text.charCodeAt(at + 1) | 0x20) === 0x75) {
      const point = hexAt(text, at + 2, 4)
      if (point >= 0) {
        out += text.slice(copied, at) + String.fromCharCode(point)
        copied = at + 6
      }
    }
    at = text.indexOf('%', Math.max(at + 1, copied))
  }
  return copied === 0 ? text : out + text.slice(copied)
}

/** Undoes percent-encoding until nothing is left of it. */
export const percentDecoded = (text: string): string => {
  let decoded = text
  for (let round = 0; round < ROUNDS && decoded.includes('%'); round++) {
    const once = percentOnce(decoded)
    if (once === decoded) break
    decoded = once
  }
  return decoded
}

/** Full-width forms (U+FF01 to U+FF5E) stand for ASCII: `．．／` is `../` to a decoder that folds. */
const FULL_WIDTH = /[\uff01-\uff5e]/g
/** Characters that look like a slash, and are made one by a best-fit mapping. */
const SLASHES = /[\u2044\u2215\u2216\u29f5\u29f8\uefc8]/g
/** All that separates words, control and format characters among it; NUL is looked for and stays. */
const SPACES = /(?:(?!\0)[\s\p{Cc}\p{Cf}])+/gu
const PRINTABLE = /^[\u0021-\u007e]*$/

/** White space as one space, and what stands for ASCII as ASCII. */
export const folded = (text: string): string =>
  PRINTABLE.test(text)
    ? text
    : text
        .replace(FULL_WIDTH, (unit) => String.fromCharCode(unit.charCodeAt(0) - 0xfee0))
        .replace(SLASHES, '/')
        .replace(SPACES, ' ')

/** The path as a file system sees it: decoded, its backslashes slashes. */
export const decodedPath = (path: string): string =>
  folded(percentDecoded(path)).replaceAll('\\', '/')

const ENTITY =
  /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(lt|gt|quot|apos|amp|colon|lpar|rpar|tab|newline|sol|grave));?/gi
const NAMED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  amp: '&',
  colon: ':',
  lpar: '(',
  rpar: ')',
  tab: '',
  newline: '',
  sol: '/',
  grave: '`',
}

const characterOf = (point: number): string =>
  point <= 0x20 || point > 0x10ffff ? '' : String.fromCodePoint(point)

const ESCAPE = /\\(?:u\{?([\da-f]{4,6})\}?|x([\da-f]{2}))/gi

/** `/*!50000union*\/` runs in MySQL as what is in it; any other comment is a space to a database. */
const withoutComments = (text: string): string => {
  let out = ''
  let copied = 0
  for (let at = text.indexOf('/*'); at !== -1; at = text.indexOf('/*', copied)) {
    const end = text.indexOf('*/', at + 2)
    if (end === -1) break
    const kept = text.charAt(at + 2) === '!' ? text.slice(at + 3, end).replace(/^\d{5,6}/, '') : ''
    out += `${text.slice(copied, at)} ${kept} `
    copied = end + 2
  }
  return copied === 0 ? text : (out + text.slice(copied)).replaceAll(/ {2,}/g, ' ')
}

/** `c'a't` and `c\at` are `cat` to a shell; read so where something could end a command before. */
const unquoted = (text: string): string =>
  /[;|&`]|\$\(/.test(text) && /['"\\]|\$@/.test(text) ? text.replaceAll(/['"\\]|\$@/g, '') : text

/**
 * Other readings of a decoded text, without what hides words from a pattern: entities, escapes of
 * JavaScript, comments of SQL, quotes of a shell, lines for commands. Mostly there are none.
 */
export const readings = (text: string): readonly string[] => {
  const plain = folded(text)
  let shown = plain
  if (shown.includes('&')) {
    shown = shown.replace(ENTITY, (_all, hex?: string, decimal?: string, name?: string) =>
      name === undefined
        ? characterOf(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16))
        : (NAMED[name.toLowerCase()] ?? ''),
    )
  }
  if (shown.includes('\\')) {
    shown = shown.replace(ESCAPE, (_all, unicode?: string, byte?: string) =>
      characterOf(Number.parseInt(unicode ?? byte ?? '', 16)),
    )
  }
  if (shown.includes('/*')) shown = withoutComments(shown)
  const lines = /[\n\r]./.test(text) ? folded(text.replaceAll(/[\n\r]+/g, ';')) : plain
  return [...new Set([plain, shown, lines, unquoted(lines)])]
}
