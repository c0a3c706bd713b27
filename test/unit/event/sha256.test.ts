import { createHmac } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hmacSha256 } from '../../../src/event/sha256.ts'
import { anyText } from './sample.ts'

const platform = (key: string, text: string): string =>
  createHmac('sha256', key).update(text).digest('hex')

describe('hmacSha256', () => {
  it('gives what the platform gives, for any key and any text', () => {
    fc.assert(
      fc.property(anyText(150), anyText(300), (key, text) => {
        expect(hmacSha256(key)(text)).toBe(platform(key, text))
      }),
      { numRuns: 1_000 },
    )
  })

  it('gives it at every length around the blocks of the hash', () => {
    for (let length = 0; length <= 200; length++) {
      const text = 'a'.repeat(length)
      expect(hmacSha256(text)(text)).toBe(platform(text, text))
    }
  })

  it('gives it for a text of a megabyte', () => {
    const text = '\u20ac1'.repeat(250_000)
    expect(hmacSha256('k')(text)).toBe(platform('k', text))
  })

  it('gives the answers of RFC 4231', () => {
    expect(hmacSha256('Jefe')('what do ya want for nothing?')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    )
  })

  it('carries nothing from one text into the next', () => {
    const keyed = hmacSha256('a key of some length')
    const first = keyed('a')
    keyed('b'.repeat(1_000))
    expect(keyed('a')).toBe(first)
  })
})
