import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ObjectStore } from '../../src/ports/archive.ts'
import { bytesOf, content, inOrder, listed, part, path, sha256Of, tree } from './object-paths.ts'
import { rejection } from './reading.ts'

export interface ObjectsBackend {
  /** An empty store each time. */
  open(): Promise<ObjectStore>
  close?(): Promise<void>
}

export interface ObjectsTraits {
  /** Whether a `put` rejects when the bytes are not those of its `sha256`. @default false */
  readonly checks?: boolean
  /** How many random objects, and how many random trees of them, are tried. @default 25 */
  readonly histories?: number
}

const unavailable = { name: 'AuditError', code: 'AUDIT_ARCHIVE_UNAVAILABLE' }
const refused = { name: 'AuditError', code: 'AUDIT_ARCHIVE_REFUSED' }

const noPaths: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['a slash before', '/a'],
  ['a slash behind', 'a/'],
  ['an empty part', 'a//b'],
  ['a dot', './a'],
  ['two dots', '../a'],
  ['two dots inside', 'a/../b'],
  ['two dots at the end', 'a/..'],
  ['NUL', 'a\0b'],
  ['half a letter', 'a\ud800b'],
  ['256 bytes in a part', 'ü'.repeat(128)],
  ['901 bytes', `${'x'.repeat(99)}/`.repeat(9) + 'x'],
]

const eachCall = (store: ObjectStore, path: string, signal?: AbortSignal) =>
  [
    ['put', () => store.put(path, bytesOf('new'), { signal })],
    ['get', () => store.get(path, { signal })],
    ['remove', () => store.remove(path, { signal })],
  ] as const

/** Takes one step after the other for as long as the work goes on. */
const during = async (work: Promise<unknown>, step: () => Promise<void>): Promise<void> => {
  const state = { ended: false }
  const ending = work.finally(() => {
    state.ended = true
  })
  while (!state.ended) await step()
  await ending
}

/** Holds an object store to the contract in `src/ports/archive.ts`; `connect` is called once. */
export const objectsConformance = (
  name: string,
  connect: () => Promise<ObjectsBackend>,
  { checks = false, histories = 25 }: ObjectsTraits = {},
): void => {
  describe(`objects: ${name}`, () => {
    let backend: ObjectsBackend
    beforeAll(async () => {
      backend = await connect()
    }, 60_000)
    afterAll(() => backend.close?.())

    /** A store with these objects, each of which holds its own path. */
    const filled = async (...paths: readonly string[]): Promise<ObjectStore> => {
      const store = await backend.open()
      for (let from = 0; from < paths.length; from += 50) {
        const some = paths.slice(from, from + 50)
        await Promise.all(some.map((each) => store.put(each, bytesOf(each))))
      }
      return store
    }

    it('gives the bytes back as they were put, whatever path they lie at', async () => {
      await fc.assert(
        fc.asyncProperty(path, content, async (where, bytes) => {
          const store = await backend.open()
          await store.put(where, bytes)
          expect(await store.get(where)).toEqual(bytes)
          expect(await listed(store, '')).toEqual([where])
          await store.remove(where)
          expect(await store.get(where)).toBeUndefined()
          expect(await listed(store, '')).toEqual([])
        }),
        { numRuns: histories, examples: [['tenant=a b/100%', new Uint8Array()]] },
      )
    })

    it('lists any paths in the order of their bytes, and by any beginning', async () => {
      await fc.assert(
        fc.asyncProperty(tree, fc.nat(), fc.nat(), fc.array(part), async (paths, at, to, more) => {
          const store = await filled(...paths)
          expect(await listed(store, '')).toEqual(inOrder(paths))
          const beginning = Array.from(paths[at % paths.length] ?? '')
            .slice(0, to % 40)
            .join('')
          for (const prefix of [beginning, `${beginning}/`, ...more.slice(0, 2)]) {
            const expected = inOrder(paths.filter((each) => each.startsWith(prefix)))
            expect(await listed(store, prefix)).toEqual(expected)
          }
        }),
        { numRuns: histories },
      )
    })

    it('orders a folder among what only looks like it', async () => {
      const paths = ['a-b', 'a.b/c', 'a/b', 'a/b-c/d', 'a/c/d', 'a0', 'aa/b', '\uffee', '𝒳']
      const store = await filled(...paths.toReversed())
      expect(await listed(store, '')).toEqual(paths)
      expect(await listed(store, 'a/b')).toEqual(['a/b', 'a/b-c/d'])
      expect(await listed(store, 'a/')).toEqual(['a/b', 'a/b-c/d', 'a/c/d'])
    })

    it('lists 1,205 paths, and no others', async () => {
      const paths = Array.from({ length: 1_205 }, (_, n) => `many/${n % 7}/${n}.gz`)
      const store = await filled('man', 'many.gz', 'manz', ...paths)
      expect(await listed(store, 'many/')).toEqual(inOrder(paths))
      for await (const first of store.list('many/')) {
        // Whoever has found what they looked for goes away.
        expect(first).toBe('many/0/0.gz')
        break
      }
    }, 60_000)

    it('lists nothing where nothing begins like that', async () => {
      const store = await filled('a/b')
      for (const prefix of ['b', 'a/b/', 'a/bc', '/', '..', '../', '/a']) {
        expect(await listed(store, prefix)).toEqual([])
      }
    })

    it('replaces what was there, also by less', async () => {
      const store = await filled('a/b')
      await store.put('a/b', bytesOf('something longer'))
      await store.put('a/b', bytesOf('less'))
      expect(await store.get('a/b')).toEqual(bytesOf('less'))
      expect(await listed(store, '')).toEqual(['a/b'])
    })

    it('takes a part of a larger buffer, and keeps nothing of the caller', async () => {
      const store = await backend.open()
      const whole = bytesOf('before/the bytes/after')
      const bytes = whole.subarray(7, 16)
      await store.put('a', bytes, { mediaType: 'application/gzip' })
      expect(whole).toEqual(bytesOf('before/the bytes/after'))
      whole.fill(0)
      const found = await store.get('a')
      expect(found).toEqual(bytesOf('the bytes'))
      found?.fill(0)
      expect(await store.get('a')).toEqual(bytesOf('the bytes'))
    })

    it('has nothing where nothing was put, beside an object, above it or below', async () => {
      const store = await filled('a/b')
      for (const none of ['b', 'a', 'a/b/c', 'a/bc', 'A/B/c']) {
        expect(await store.get(none)).toBeUndefined()
        await store.remove(none)
      }
      expect(await listed(store, '')).toEqual(['a/b'])
    })

    it('removes once and again, and only what it was asked for', async () => {
      const store = await filled('a/b/c', 'a/b/cd', 'a/d')
      for (let times = 0; times < 2; times += 1) await store.remove('a/b/c')
      expect(await listed(store, '')).toEqual(['a/b/cd', 'a/d'])
      await Promise.all([store.remove('a/b/cd'), store.remove('a/b/cd'), store.remove('a/d')])
      expect(await listed(store, '')).toEqual([])
      await store.put('a/b/c', bytesOf('again'))
      expect(await store.get('a/b/c')).toEqual(bytesOf('again'))
    })

    it('has one of the values whole when many are put at once, and nobody reads half of one', async () => {
      const store = await filled('other')
      const values = Array.from({ length: 8 }, (_, n) => new Uint8Array(200_000 + n).fill(n + 1))
      const isWhole = (found: Uint8Array): boolean => {
        const value = values[(found[0] ?? 0) - 1]
        return value?.length === found.length && found.every((byte) => byte === value[0])
      }
      const putting = Promise.all(values.map((bytes) => store.put('a/b', bytes)))
      await during(putting, async () => {
        const found = await store.get('a/b')
        expect(found === undefined || isWhole(found)).toBe(true)
      })
      const last = await store.get('a/b')
      expect(last !== undefined && isWhole(last)).toBe(true)
      expect(await listed(store, '')).toEqual(['a/b', 'other'])
    })

    it('keeps what is put while the last of its neighbours are removed', async () => {
      const store = await backend.open()
      for (let n = 0; n < 8; n += 1) {
        const [old, now] = [`a/b/c/${n}`, `a/b/c/${n + 1}`]
        await during(store.put(now, bytesOf(now)), () => store.remove(old))
        expect(await store.get(now)).toEqual(bytesOf(now))
        expect(await listed(store, 'a/b')).toEqual([now])
      }
    })

    it.each(noPaths)('refuses a path with %s', async (_, where) => {
      const store = await filled('b')
      for (const [, call] of eachCall(store, where))
        expect(await rejection(call())).toMatchObject(refused)
      expect(await listed(store, '')).toEqual(['b'])
    })

    it('does nothing when the signal was aborted before', async () => {
      const store = await filled('a')
      const signal = AbortSignal.abort(new Error('a reason of the caller'))
      for (const [, call] of eachCall(store, 'a', signal))
        expect(await rejection(call())).toMatchObject(unavailable)
      expect(await rejection(listed(store, '', { signal }))).toMatchObject(unavailable)
      expect(await store.get('a')).toEqual(bytesOf('a'))
    })

    it('stops a list when the signal is aborted on the way', async () => {
      const store = await filled('a', 'b', 'c', 'd/e', 'f')
      const stop = new AbortController()
      const found: string[] = []
      const listing = async (): Promise<void> => {
        for await (const each of store.list('', { signal: stop.signal })) {
          found.push(each)
          if (found.length === 2) stop.abort()
        }
      }
      expect(await rejection(listing())).toMatchObject(unavailable)
      expect(found).toEqual(['a', 'b'])
    })

    it('rejects at once when the signal is aborted while it works, and leaves all or nothing', async () => {
      const store = await backend.open()
      for (const [call, ask] of ['put', 'get', 'remove'].entries()) {
        const stop = new AbortController()
        const outcome = rejection(
          eachCall(store, `a/${ask}`, stop.signal)[call]?.[1]() ?? Promise.resolve(),
        )
        stop.abort()
        // A call that was done before the signal came has nothing to give up.
        expect([undefined, 'AUDIT_ARCHIVE_UNAVAILABLE']).toContain(codeOf(await outcome))
      }
      expect([undefined, bytesOf('new').join()]).toContain((await store.get('a/put'))?.join())
    })

    it('says nothing of the content or the path in an error', async () => {
      const store = await backend.open()
      const secret = 'ZGFzIGlzdCBnZWhlaW0'
      const error = await rejection(store.put(`${secret}/..`, bytesOf(secret)))
      expect(textOf(error)).toContain('AUDIT_ARCHIVE_REFUSED')
      expect(textOf(error)).not.toContain(secret)
    })

    it('takes bytes with their SHA-256', async () => {
      const store = await backend.open()
      const bytes = bytesOf('checked')
      await store.put('a', bytes, { sha256: await sha256Of(bytes) })
      expect(await store.get('a')).toEqual(bytes)
    })

    if (!checks) return

    it('refuses other bytes than those of the SHA-256, and keeps what was there', async () => {
      const store = await filled('a')
      const sha256 = await sha256Of(bytesOf('these'))
      const error = await rejection(store.put('a', bytesOf('others'), { sha256 }))
      expect(error).toMatchObject(refused)
      expect(await store.get('a')).toEqual(bytesOf('a'))
    })
  })
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : error

/** Everything that can be read off an error, its causes and hidden properties among it. */
const textOf = (error: unknown, depth = 0): string => {
  if (typeof error !== 'object' || error === null || depth > 8) return String(error)
  return Object.getOwnPropertyNames(error)
    .map((name) => textOf(Reflect.get(error, name), depth + 1))
    .join('\n')
}
