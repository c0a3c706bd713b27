import { gunzipSync, gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { findGzip } from '../../../src/runtime/gzip.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('findGzip', () => {
  it('finds what any gzip reads again, and what reads any gzip', async () => {
    const found = findGzip()
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
        const zipped = await found?.gzip(bytes)
        expect(new Uint8Array(gunzipSync(zipped ?? bytes))).toEqual(bytes)
        expect(found?.gunzip(gzipSync(bytes), 2_000)).toEqual(bytes)
      }),
    )
  })

  it('rejects with what compressing throws', async () => {
    const gzip = (_: Uint8Array, __: object, done: (error: Error) => void): void =>
      done(new Error('no room'))
    vi.stubGlobal('process', { getBuiltinModule: () => ({ gzip, gunzipSync }) })
    await expect(findGzip()?.gzip(new Uint8Array(2))).rejects.toThrow('no room')
  })

  it('throws for what is cut off, and for what makes more bytes than it should', () => {
    const bytes = gzipSync(new Uint8Array(100))
    expect(() => findGzip()?.gunzip(bytes.subarray(0, -1), 100)).toThrow(/.+/)
    expect(() => findGzip()?.gunzip(bytes, 99)).toThrow(/.+/)
  })

  it.each([
    ['no built-in modules', undefined],
    ['no such functions', { getBuiltinModule: () => ({}) }],
    [
      'stubs that give nothing',
      { getBuiltinModule: () => ({ gzip: () => undefined, gunzipSync: () => undefined }) },
    ],
  ])('finds nothing where the platform has %s', (_, process) => {
    vi.stubGlobal('process', process)
    expect(findGzip()).toBeUndefined()
  })
})
