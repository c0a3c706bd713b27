import { valueAt } from './columns.ts'
import { jsonOf } from './text.ts'

// Few of the values of a record are shown in a table, and parsing it takes as long as reading the row
// from a database. So its text is walked through once, and what is shown is cut out of it.

/** The places of a record that are looked for, by their first names. */
interface Node {
  readonly name: string
  /** Where what is found here goes; -1 when only what is inside is looked for. */
  place: number
  readonly inside: Node[]
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d] as const
const [COMMA, COLON] = [0x2c, 0x3a] as const

const isOpen = (sign: number): boolean => sign === OPEN_OBJECT || sign === OPEN_LIST

/** Behind the end of the text that begins here; `plain` JSON has no backslash, so every quote is one. */
const afterText = (json: string, start: number, plain: boolean): number => {
  let end = json.indexOf('"', start + 1)
  if (plain) return end === -1 ? -1 : end + 1
  while (end !== -1) {
    let slashes = 0
    while (json.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1
    if (slashes % 2 === 0) return end + 1
    end = json.indexOf('"', end + 1)
  }
  return -1
}

/** Behind the end of the object or list that begins here. */
const afterNested = (json: string, start: number, plain: boolean): number => {
  let depth = 0
  for (let at = start; at < json.length; at += 1) {
    const sign = json.charCodeAt(at)
    if (sign === QUOTE) {
      at = afterText(json, at, plain) - 1
      if (at < 0) return -1
    } else if (isOpen(sign)) depth += 1
    else if (sign === CLOSE_OBJECT || sign === CLOSE_LIST) {
      depth -= 1
      if (depth === 0) return at + 1
    }
  }
  return -1
}

const afterValue = (json: string, start: number, plain: boolean): number => {
  const sign = json.charCodeAt(start)
  if (sign === QUOTE) return afterText(json, start, plain)
  if (isOpen(sign)) return afterNested(json, start, plain)
  let end = start
  for (; end < json.length; end += 1) {
    const next = json.charCodeAt(end)
    if (next === COMMA || next === CLOSE_OBJECT || next === CLOSE_LIST) break
  }
  return end > start ? end : -1
}

type Found = (string | undefined)[]

/** By its length first, and without making a text of it: most names are not looked for. */
const nodeNamed = (
  nodes: readonly Node[],
  json: string,
  start: number,
  end: number,
): Node | undefined => {
  for (const node of nodes)
    if (node.name.length === end - start && json.startsWith(node.name, start)) return node
  return undefined
}

/** Walks through an object or a list, and gives the place behind it; -1 when it is not as it should be. */
const walk = (
  json: string,
  start: number,
  { inside }: Node,
  found: Found,
  plain: boolean,
): number => {
  const isList = json.charCodeAt(start) === OPEN_LIST
  const close = isList ? CLOSE_LIST : CLOSE_OBJECT
  if (json.charCodeAt(start + 1) === close) return start + 2
  let at = start + 1
  for (let index = 0; ; index += 1) {
    let wanted: Node | undefined
    if (isList) wanted = inside.find(({ name }) => name === String(index))
    else {
      const end = json.charCodeAt(at) === QUOTE ? afterText(json, at, plain) : -1
      if (end === -1 || json.charCodeAt(end) !== COLON) return -1
      // A name with a backslash is written in another way than it is named.
      if (!plain && json.slice(at, end).includes('\\')) return -1
      wanted = nodeNamed(inside, json, at + 1, end - 1)
      at = end + 1
    }
    const enters = wanted !== undefined && wanted.inside.length > 0 && isOpen(json.charCodeAt(at))
    const end =
      enters && wanted !== undefined
        ? walk(json, at, wanted, found, plain)
        : afterValue(json, at, plain)
    if (end === -1) return -1
    if (wanted !== undefined && wanted.place >= 0) found[wanted.place] = json.slice(at, end)
    const sign = json.charCodeAt(end)
    if (sign === close) return end + 1
    if (sign !== COMMA) return -1
    at = end + 1
  }
}

const treeOf = (paths: readonly (readonly string[])[]): Node => {
  const root: Node = { name: '', place: -1, inside: [] }
  paths.forEach((path, place) => {
    let node = root
    for (const name of path) {
      const known = node.inside.find((one) => one.name === name)
      const next = known ?? { name, place: -1, inside: [] }
      if (known === undefined) node.inside.push(next)
      node = next
    }
    if (node !== root) node.place = place
  })
  return root
}

/**
 * Finds the values at some places of a record, each as the JSON that stands there; undefined where
 * there is none, and for a place without names. The text must be JSON as `JSON.stringify` writes it: of
 * another one, what `parse` makes of it is looked through.
 */
export const scannerOf = (
  paths: readonly (readonly string[])[],
  parse: (record: string) => unknown,
): ((record: string) => Found) => {
  const root = treeOf(paths)
  const nothing: Found = paths.map(() => undefined)
  return (record) => {
    const found = nothing.slice()
    const isObject = record.charCodeAt(0) === OPEN_OBJECT
    const plain = !record.includes('\\')
    if (isObject && walk(record, 0, root, found, plain) === record.length) return found
    const event = parse(record)
    return paths.map((path) => (path.length === 0 ? undefined : jsonOf(valueAt(event, path))))
  }
}
