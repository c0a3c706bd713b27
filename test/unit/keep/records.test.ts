import * as fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { recordsHash } from '../../../src/keep/archive/records.ts'
import { archived } from './format/rows.ts'
import { sha256 } from '../../support/sha256.ts'

const texts = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constant('😀'.repeat(40_000))), {
  maxLength: 20,
})

const expected = (records: readonly string[]): string =>
  sha256(records.map((record) => `${record}\n`).join(''))

const hashed = (records: readonly string[], size: number): string => {
  const hash = recordsHash()
  const rows = records.map((record) => archived({}, record))
  for (let at = 0; at < rows.length; at += size) hash.add(rows.slice(at, at + size))
  return hash.digest()
}

afterEach(() => vi.unstubAllGlobals())

describe('recordsHash', () => {
  it('is the SHA-256 of each record in UTF-8 with a line feed behind it, however they come', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 20 }), (records, size) => {
        expect(hashed(records, size)).toBe(expected(records))
      }),
      { numRuns: 50 },
    )
  })

  it('is the same where the platform has no hash that is fed bit by bit', () => {
    vi.stubGlobal('process', { getBuiltinModule: () => undefined })
    const records = ['{}', 'é', '😀'.repeat(40_000)]
    const here = hashed(records, 2)
    vi.unstubAllGlobals()
    expect(here).toBe(expected(records))
  })

  it('can be asked in between', () => {
    const hash = recordsHash()
    expect(hash.digest()).toBe(expected([]))
    hash.add([{ record: 'a' }])
    expect(hash.digest()).toBe(expected(['a']))
    hash.add([{ record: 'b' }])
    expect(hash.digest()).toBe(expected(['a', 'b']))
  })
})
