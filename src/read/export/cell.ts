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
  return /[",\r\n]/.test(tame) ? quoted(tame) : tame
}

/** Any value of an event as a field: numbers as numbers, objects as JSON, what is not there as nothing. */
export const cell = (value: unknown): string => {
  if (typeof value === 'string') return textCell(value)
  if (value === null || value === undefined) return ''
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const text = jsonOf(value)
  return text === undefined ? '' : textCell(text)
}
