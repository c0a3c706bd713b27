/** Linear: no start scans what another did. */
const ESCAPED_NAME = /\\.[^"\\]*"\s*:/

/** Of JSON that is known to be valid: brackets, texts, and what else has a value. */
const TOKENS = /[{}[\]]|"[^"\\]*(?:\\.[^"\\]*)*"|[^\s{}[\],:"]+/g

/**
 * `JSON.parse`, and with the names that stand there. V8 since 12.8 (Node 24, Deno 2, Workers) takes a
 * name with escapes for one that an object of the same shape had before, when the unread text begins like
 * it and it is as long as the name: `"a\n"` becomes `a\`. So a name is lost, or not known for a secret's.
 *
 * Inside a text `write()` may do without: what it masks there is looked at as text once more.
 * @throws {SyntaxError} Its message quotes the text.
 * @see https://issues.chromium.org/issues/521080746
 * @see https://github.com/nodejs/node/issues/63785
 * @example
 * import { parseJson } from './parse.ts'
 * const value: unknown = parseJson('{"a\\n":1}') // { 'a\n': 1 }
 */
export const parseJson = (text: string): ReturnType<typeof JSON.parse> => {
  const value: unknown = JSON.parse(text)
  return ESCAPED_NAME.test(text) ? strictly(text) : value
}

const strictly = (text: string): unknown => {
  const tokens = text.matchAll(TOKENS)
  const next = (): string => tokens.next().value?.[0] ?? ''
  const valueOf = (token: string): unknown => {
    const isList = token === '['
    // By itself a text is read as it is, also when it is a name.
    if (!isList && token !== '{') return JSON.parse(token)
    const found: unknown[] = []
    for (let item = next(); !/^[\]}]/.test(item); item = next())
      found.push(isList ? valueOf(item) : [JSON.parse(item), valueOf(next())])
    // Defines members, so that `__proto__` is one too.
    return isList ? found : Object.fromEntries(found as [string, unknown][])
  }
  return valueOf(next())
}
