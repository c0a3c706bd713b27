import { jsonOf } from './text.ts'

// OWASP, CSV Injection: a program that opens a table takes a cell that begins with one of these for a
// formula, in full width too, whatever blank or invisible characters stand before it. A tab or a line
// break at the start is dangerous by itself. A quote in front makes the cell a text.
const FORMULA = /^'*(?:[\t\r\n]|[\s\p{C}]*[=+\-@\uff0b\uff0d\uff1d\uff20])/u

/** Begins with a letter, a digit, a slash, a bracket or a brace: no formula does, and most texts do. */
const isHarmless = (text: string): boolean => {
  const first = text.charCodeAt(0)
  return first > 0x2d && first < 0x7f && first !== 0x3d && first !== 0x40
}

/** A quote, a comma or a line break; of a short text it is known before a RegExp has begun. */
const needsQuotes = (text: string): boolean => {
  if (text.length > 40) return /[",\r\n]/.test(text)
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charCodeAt(at)
    if (sign === 0x22 || sign === 0x2c || sign === 0x0d || sign === 0x0a) return true
  }
  return false
}

/** By hand: JSON is full of quotes, and `replaceAll` takes half as long again. */
const quoted = (text: string): string => {
  let field = '"'
  let from = 0
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', from)) {
    field += `${text.slice(from, at)}""`
    from = at + 1
  }
  return `${field}${text.slice(from)}"`
}

/**
 * A text as a field (RFC 4180), with a `'` before what would be run as a formula; of one that has such
 * quotes already, one more, so that taking away one gives the text back. An empty text is `""`, to be
 * told from a value that is not there.
 */
const textCell = (text: string): string => {
  if (text === '') return '""'
  const tame = isHarmless(text) || !FORMULA.test(text) ? text : `'${text}`
  return needsQuotes(tame) ? quoted(tame) : tame
}

/** Any value of an event as a field: numbers as numbers, objects as JSON, what is not there as nothing. */
export const cell = (value: unknown): string => {
  if (typeof value === 'string') return textCell(value)
  if (value === null || value === undefined) return ''
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const text = jsonOf(value)
  return text === undefined ? '' : textCell(text)
}

/** A value as it stands in JSON as a field, like the value itself. */
export const jsonCell = (json: unknown): string => {
  if (typeof json !== 'string' || json === 'null') return ''
  const first = json.charCodeAt(0)
  // A number, true or false; an object or a list, which its JSON stands for.
  if (first !== 0x22) return first === 0x7b || first === 0x5b ? textCell(json) : json
  return json.includes('\\') ? cell(JSON.parse(json)) : textCell(json.slice(1, -1))
}
