import { createHash, createHmac } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hmacSha256, sha256 } from '../../../src/event/sha256.ts'
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

describe('sha256', () => {
  const whole = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

  it('gives what the platform gives, however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 12 }), (parts) => {
        const hash = sha256()
        for (const part of parts) hash.update(part)
        expect(hash.digest()).toBe(whole(Buffer.concat(parts)))
      }),
      { numRuns: 1_000 },
    )
  })

  it('gives it at every length around its blocks, and again after it was asked', () => {
    const bytes = Uint8Array.from({ length: 260 }, (_, index) => index)
    const hash = sha256()
    for (let length = 0; length < bytes.length; length++) {
      expect(hash.digest()).toBe(whole(bytes.subarray(0, length)))
      hash.update(bytes.subarray(length, length + 1))
    }
  })

  it('reads a view of a larger buffer where it stands, and keeps nothing of it', () => {
    const buffer = Uint8Array.from({ length: 300 }, (_, index) => index)
    const view = buffer.subarray(7, 207)
    const wanted = whole(view)
    const hash = sha256()
    hash.update(view)
    buffer.fill(0)
    expect(hash.digest()).toBe(wanted)
  })
})
