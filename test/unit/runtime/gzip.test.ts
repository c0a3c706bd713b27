import { gunzipSync, gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { findGzip } from '../../../src/runtime/gzip.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('findGzip', () => {
  it('finds what any gzip reads again, and what reads any gzip', () => {
    const found = findGzip()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
        expect(new Uint8Array(gunzipSync(found?.gzip(bytes) ?? bytes))).toEqual(bytes)
        expect(found?.gunzip(gzipSync(bytes), 2_000)).toEqual(bytes)
      }),
    )
  })

  it('throws for what is cut off, and for what makes more bytes than it should', () => {
    const bytes = gzipSync(new Uint8Array(100))
    expect(() => findGzip()?.gunzip(bytes.subarray(0, -1), 100)).toThrow(/.+/)
    expect(() => findGzip()?.gunzip(bytes, 99)).toThrow(/.+/)
  })

  it.each([
    ['no built-in modules', undefined],
    ['no such functions', { getBuiltinModule: () => ({}) }],
    ['stubs that give nothing', { getBuiltinModule: () => ({ gzipSync: () => undefined }) }],
  ])('finds nothing where the platform has %s', (_, process) => {
    vi.stubGlobal('process', process)
    expect(findGzip()).toBeUndefined()
  })
})
