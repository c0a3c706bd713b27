import * as fc from 'fast-check'
import type { AskOptions, ObjectStore } from '../../src/ports/archive.ts'

// What the tests of object stores put, and where.

const encoder = new TextEncoder()

export const bytesOf = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text)

export const sha256Of = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> => {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Every path that a store lists. */
export const listed = async (
  store: ObjectStore,
  prefix: string,
  options?: AskOptions,
): Promise<readonly string[]> => {
  const paths: string[] = []
  for await (const path of store.list(prefix, options)) paths.push(path)
  return paths
}

const compareBytes = (one: string, other: string): number => {
  const [left, right] = [bytesOf(one), bytesOf(other)]
  const differs = left.findIndex((byte, index) => byte !== right[index])
  return differs === -1 ? left.length - right.length : (left[differs] ?? 0) - (right[differs] ?? -1)
}

export const inOrder = (paths: readonly string[]): readonly string[] => paths.toSorted(compareBytes)

const fits = (part: string): boolean =>
  part.isWellFormed() && bytesOf(part).length <= 255 && part !== '.' && part !== '..'

// What URLs, forms, XML, shells and sorting trip over, each alone and in company.
const odd = [
  ' ',
  '%',
  '%2F',
  '%25',
  '%zz',
  '+',
  '&',
  '&amp;',
  '<b>',
  ']]>',
  '=',
  '#',
  '?',
  ';',
  ':',
  '@',
  ',',
  '$',
  '!',
  '~',
  '*',
  '(',
  ')',
  "'",
  '"',
  '`',
  '\\',
  '|',
  '^',
  '[',
  ']',
  '{',
  '}',
  '-',
  '_',
  '...',
  '.a',
  'a.',
  'ä',
  'a\u0308',
  '日本',
  '👩‍👩‍👧‍👦',
  '\u{10ffff}',
  '\uffee',
  'null',
  'tenant=a b',
]

const oddPart = fc
  .array(fc.constantFrom(...odd, 'a', 'B', '0'), { minLength: 1, maxLength: 4 })
  .map((pieces) => pieces.join(''))

const longPart = fc.constantFrom('x'.repeat(255), 'ü'.repeat(127), '%'.repeat(255), '👍'.repeat(63))

/** One part of a path. */
export const part = fc
  .oneof(
    { arbitrary: oddPart, weight: 6 },
    { arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), weight: 3 },
    { arbitrary: longPart, weight: 1 },
  )
  .map((text) => text.replaceAll(/[/\0]/g, '_'))
  .filter(fits)

export const path = fc
  .array(part, { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('/'))
  .filter((text) => bytesOf(text).length <= 900)

// A file system keeps either an object or a folder at a path, and may not tell upper from lower case
// nor one way to write `ä` from another.
const places = (path: string): string => path.normalize('NFC').toLowerCase()

const keepsApart = (paths: readonly string[]): readonly string[] =>
  paths.filter((path, index) =>
    paths
      .slice(0, index)
      .every(
        (other) =>
          !`${places(path)}/`.startsWith(`${places(other)}/`) &&
          !`${places(other)}/`.startsWith(`${places(path)}/`),
      ),
  )

const shortPart = fc.oneof(fc.constantFrom('a', 'b', 'a-', 'a.b', 'ab', '日', '👍'), oddPart)

/** Paths that lie in the same folders often. */
export const tree = fc
  .array(fc.array(shortPart.filter(fits), { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 12,
  })
  .map((paths) => keepsApart(paths.map((parts) => parts.join('/'))))

/** From nothing to some 300 KB, and no two bytes alike for long. */
export const content = fc
  .record({
    length: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 300_000 })),
    seed: fc.integer({ min: 1, max: 255 }),
  })
  .map(({ length, seed }) => {
    const bytes = new Uint8Array(length)
    for (let index = 0; index < length; index += 1)
      bytes[index] = (index * seed + (index >> 8)) & 255
    return bytes
  })
