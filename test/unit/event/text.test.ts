import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byteLength, head, sound } from '../../../src/event/text.ts'
import { anyText, utf8 } from './sample.ts'

const jsonBytes = (text: string): number => utf8(JSON.stringify(text)) - 2

describe('sound', () => {
  it('makes any text storable and leaves a storable one as it was', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const made = sound(text)
        expect(made.isWellFormed()).toBe(true)
        expect(made).not.toContain('\0')
        expect(made).toHaveLength(text.length)
        expect(sound(made)).toBe(made)
        if (text.isWellFormed() && !text.includes('\0')) expect(made).toBe(text)
      }),
    )
  })

  it('puts U+FFFD where a lone surrogate or NUL stood', () => {
    expect(sound('a\ud800b\0c\udc00')).toBe('a\ufffdb\ufffdc\ufffd')
    expect(sound('\u{1f600}')).toBe('\u{1f600}')
  })
})

describe('byteLength', () => {
  it('counts what TextEncoder would make', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(byteLength(sound(text))).toBe(utf8(sound(text)))
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('head', () => {
  const texts = fc.tuple(anyText().map(sound), fc.nat(200))

  it('never takes more bytes of JSON than its limit', () => {
    fc.assert(
      fc.property(texts, ([text, limit]) => {
        expect(jsonBytes(head(text, limit))).toBeLessThanOrEqual(limit)
      }),
      { numRuns: 1_000 },
    )
  })

  it('is a beginning of the text, and never splits a character', () => {
    fc.assert(
      fc.property(texts, ([text, limit]) => {
        const kept = head(text, limit)
        expect(text.startsWith(kept)).toBe(true)
        expect(kept.isWellFormed()).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })

  it('is as long as the limit allows', () => {
    fc.assert(
      fc.property(texts, ([text, limit]) => {
        const kept = head(text, limit)
        const next = String.fromCodePoint(text.codePointAt(kept.length) ?? 0)
        if (kept !== text) expect(jsonBytes(kept + next)).toBeGreaterThan(limit)
      }),
      { numRuns: 1_000 },
    )
  })
})
