import { zstdDecompressSync } from 'node:zlib'
import * as fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { findZstd } from '../../../src/runtime/zstd.ts'

/** A platform whose `node:zlib` has this for a compressor. */
const platform = (zstdCompressSync: unknown): void => {
  vi.stubGlobal('process', { getBuiltinModule: () => ({ zstdCompressSync }) })
}

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

  it.each([
    ['no such function', undefined],
    [
      'a stub that throws',
      () => {
        throw new Error('not implemented')
      },
    ],
    ['a stub that gives nothing', () => undefined],
    ['a stub that gives something else', (bytes: Uint8Array) => bytes],
  ])('finds nothing where the platform has %s', (_, stub) => {
    platform(stub)
    expect(findZstd()).toBeUndefined()
  })

  it('finds nothing where there are no built-in modules', () => {
    vi.stubGlobal('process', undefined)
    expect(findZstd()).toBeUndefined()
  })
})
