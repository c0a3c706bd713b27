import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import * as fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { findUnzstd, findZstd } from '../../../src/runtime/zstd.ts'

/** A platform whose `node:zlib` has these members. */
const platform = (zlib: object): void => {
  vi.stubGlobal('process', { getBuiltinModule: () => zlib })
}

/** What platforms have in the place of a function that works. */
const stubs = [
  ['no such function', undefined],
  [
    'a stub that throws',
    () => {
      throw new Error('not implemented')
    },
  ],
  ['a stub that gives nothing', () => undefined],
  ['a stub that gives something else', (bytes: Uint8Array) => bytes],
] as const

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('findZstd', () => {
  it('finds what any Zstandard reads again', () => {
    const compress = findZstd()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
        expect(new Uint8Array(zstdDecompressSync(compress?.(bytes) ?? bytes))).toEqual(bytes)
      }),
    )
  })

  it.each(stubs)('finds nothing where the platform has %s', (_, stub) => {
    platform({ zstdCompressSync: stub })
    expect(findZstd()).toBeUndefined()
  })

  it('finds nothing where there are no built-in modules', () => {
    vi.stubGlobal('process', undefined)
    expect(findZstd()).toBeUndefined()
  })
})

describe('findUnzstd', () => {
  it('reads again what any Zstandard made', () => {
    const decompress = findUnzstd()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
        const read = decompress?.(zstdCompressSync(bytes), bytes.length)
        expect(new Uint8Array(read ?? [])).toEqual(bytes)
      }),
    )
  })

  it('makes no more bytes than it should', () => {
    const frame = zstdCompressSync(new Uint8Array(1_000_000))
    expect(() => findUnzstd()?.(frame, 999_999)).toThrow(RangeError)
  })

  it.each(stubs)('finds nothing where the platform has %s', (_, stub) => {
    platform({ zstdDecompressSync: stub })
    expect(findUnzstd()).toBeUndefined()
  })
})
