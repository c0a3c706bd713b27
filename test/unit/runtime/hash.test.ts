import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { findSha256 } from '../../../src/runtime/hash.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

const withModule = (module: unknown): void => {
  vi.stubGlobal('process', { getBuiltinModule: () => module })
}

describe('findSha256', () => {
  it("finds the platform's, which goes on after it was asked", () => {
    const hash = findSha256()?.()
    hash?.update(Buffer.from('a'))
    expect(hash?.digest()).toBe(createHash('sha256').update('a').digest('hex'))
    hash?.update(Buffer.from('b'))
    expect(hash?.digest()).toBe(createHash('sha256').update('ab').digest('hex'))
  })

  it.each([
    ['nothing', undefined],
    ['a module without it', {}],
    [
      'one that throws',
      {
        createHash: () => {
          throw new Error('not implemented')
        },
      },
    ],
    ['one that hashes something else', { createHash: () => createHash('sha1') }],
    ['a hash that cannot be copied', { createHash: () => ({ update: () => undefined }) }],
  ])('finds none in %s', (_name, module) => {
    withModule(module)
    expect(findSha256()).toBeUndefined()
  })

  it('finds none without a process', () => {
    vi.stubGlobal('process', undefined)
    expect(findSha256()).toBeUndefined()
  })
})
