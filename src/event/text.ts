/**
 * Makes a string storable everywhere: lone surrogates and NUL become U+FFFD. One `\ud800` makes
 * libSQL refuse a whole batch; PostgreSQL refuses NUL, and embedded libSQL cuts the text at it.
 */
export const sound = (text: string): string => {
  const formed = text.isWellFormed() ? text : text.toWellFormed()
  return formed.includes('\0') ? formed.replaceAll('\0', '\uFFFD') : formed
}

/** Length in UTF-8 bytes of a well-formed string. */
export const byteLength = (text: string): number => {
  let bytes = text.length
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) continue
    // A surrogate pair is four bytes over two units: one more for each half.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2
  }
  return bytes
}

/** The longest head of a well-formed string that fits `limit` bytes of JSON text, without its quotes. */
export const head = (text: string, limit: number): string => {
  // One unit makes at most six bytes of JSON (`\u0001`).
  if (text.length * 6 <= limit) return text
  let bytes = 0
  for (let index = 0; index < text.length;) {
    const point = text.codePointAt(index) ?? 0
    bytes += jsonBytes(point)
    if (bytes > limit) return text.slice(0, index)
    index += point > 0xffff ? 2 : 1
  }
  return text
}

const SHORT_ESCAPES = new Set([0x08, 0x09, 0x0a, 0x0c, 0x0d, 0x22, 0x5c])

const jsonBytes = (point: number): number => {
  if (SHORT_ESCAPES.has(point)) return 2
  if (point < 0x20) return 6
  if (point < 0x80) return 1
  if (point < 0x800) return 2
  return point < 0x10000 ? 3 : 4
}

/** Lower case for A to Z and no other letter, as databases do it whatever their language. */
export const lowerAscii = (text: string): string =>
  text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
