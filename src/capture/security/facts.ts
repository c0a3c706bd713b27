import { decodedPath, folded, percentDecoded, readings } from './decode.ts'
import type { Where } from './rule.ts'

// What is judged of a request, cut to a size that bounds the work whatever is sent. A text that is too
// long is judged at both ends, so that padding does not hide what stands behind it.

/** Most characters and entries that are looked at. */
export const caps = {
  path: 2_048,
  segments: 32,
  query: 8_192,
  entries: 100,
  name: 128,
  value: 1_024,
  header: 1_024,
  depth: 8,
} as const

/** A text in its readings: decoded, and without what hides words. */
export interface Field {
  readonly where: Where
  readonly name: string | undefined
  /** The parameter of a header's address; it says whether its value is a secret. */
  readonly parameter?: string | undefined
  readonly texts: readonly string[]
  /** Words and nothing more: no quote, bracket or operator. No injection can do with so little. */
  readonly plain: boolean
}

/** What an injection needs to leave the place it was put in; a number in front of a word does too. */
const LEAVING =
  /['"`()<>;|&${}#=\\[\]*^\0\n\r\uff01-\uff5e]|^-?\d\S*\s\w|\bunion\s{1,4}(?:all|distinct|select)\b|\border\sby\s\d/i
/** What stands in a path for itself. */
const WORDS = /^[\w.@:~/-]*$/
/** A parameter's name that says nothing: not `__proto__`, not `class.module.classLoader`. */
const PARAMETER = /^(?!__|class\.)[\w.:~-]*$/

/** Both ends of a text; three quarters of the room are the head's. */
export const clip = (text: string, most: number): string => {
  if (text.length <= most) return text
  const tail = most >> 2
  return `${text.slice(0, most - tail - 1)} ${text.slice(-tail)}`
}

const fieldOf = (where: Where, name: string | undefined, decoded: string): Field =>
  LEAVING.test(decoded)
    ? { where, name, texts: readings(decoded), plain: false }
    : { where, name, texts: [folded(decoded)], plain: true }

/** The whole path, and each segment that is more than a word. */
export const pathFields = (path: string): readonly Field[] => {
  const cut = clip(path, caps.path)
  const fields: Field[] = [
    { where: 'path', name: undefined, texts: [decodedPath(cut)], plain: true },
  ]
  if (WORDS.test(cut)) return fields
  for (const segment of cut.split('/', caps.segments)) {
    if (!WORDS.test(segment)) fields.push(fieldOf('path', undefined, percentDecoded(segment)))
  }
  return fields
}

/** Names and values of a query as it was sent; in a header's address they are the header's. */
export const queryFields = (query: string, header?: string): readonly Field[] => {
  if (query === '') return []
  const where = header === undefined ? 'query' : 'header'
  const fields: Field[] = []
  for (const part of clip(query, caps.query).split('&', caps.entries)) {
    if (part === '') continue
    const equals = part.indexOf('=')
    const text = part.includes('+') ? part.replaceAll('+', ' ') : part
    const name = percentDecoded(clip(equals === -1 ? text : text.slice(0, equals), caps.value))
    if (!PARAMETER.test(name)) fields.push(fieldOf(where, header ?? name, name))
    if (equals === -1) continue
    const value = percentDecoded(clip(text.slice(equals + 1), caps.value))
    const field = fieldOf(where, header ?? name, value)
    fields.push(header === undefined ? field : { ...field, parameter: name })
  }
  return fields
}

/** A header's value; of an address its path and its query, as of the request's own. */
export const headerFields = (name: string, value: string): readonly Field[] => {
  const cut = clip(value, caps.header)
  const mark = /^https?:\/\//i.test(cut) ? cut.indexOf('?') : -1
  if (mark === -1) return [fieldOf('header', name, percentDecoded(cut))]
  const address = fieldOf('header', name, percentDecoded(cut.slice(0, mark)))
  return [address, ...queryFields(cut.slice(mark + 1), name)]
}

/** Text of several lines is a document: prose, code and markup stand in it by right. */
const isDocument = (text: string): boolean =>
  text.length > caps.value || /[\n\r]./.test(text.trim())

/** The texts of a body that was parsed, each under its place in it: `user[name]`. */
export const bodyFields = (body: unknown): readonly Field[] => {
  const fields: Field[] = []
  let left: number = caps.entries
  const visit = (value: unknown, name: string, depth: number): void => {
    if (left <= 0 || depth > caps.depth) return
    left--
    if (typeof value === 'string') {
      if (!isDocument(value)) fields.push(fieldOf('body', name, percentDecoded(value)))
      return
    }
    if (typeof value !== 'object' || value === null) return
    const entries: Iterable<readonly [string | number, unknown]> =
      value instanceof URLSearchParams || Array.isArray(value)
        ? value.entries()
        : Object.entries(value)
    for (const [key, one] of entries) {
      if (left <= 0) return
      const inner = name === '' ? String(key) : `${name}[${key}]`
      const place = clip(inner, caps.name)
      // What the names say is asked once for each: `password[$ne]`, `__proto__`.
      if (typeof key === 'string' && /[$.[]|^__|^constructor$/.test(place)) {
        fields.push(fieldOf('body', place, place))
      }
      visit(one, place, depth + 1)
    }
  }
  visit(body, '', 0)
  return fields
}
