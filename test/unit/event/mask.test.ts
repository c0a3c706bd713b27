import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { hmac } from '../../../src/capture/hash.ts'
import { masks } from '../../../src/event/mask.ts'
import { REDACTED, stored, storedText } from './sample.ts'

const hashKey = 'a key of sixteen characters'
const hashed = (text: string): string =>
  `hmac:${createHmac('sha256', hashKey).update(text).digest('hex').slice(0, 32)}`

describe('masks', () => {
  it('say ***REDACTED*** when nothing else was asked for', () => {
    expect(stored({ password: 'hunter2' })).toEqual({ password: '***REDACTED***' })
  })

  it('partial keeps the last four characters of twelve or more, and nothing of fewer', () => {
    const redact = { mask: 'partial' as const }
    expect(stored({ token: 'abcdefghijkl' }, { redact })).toEqual({ token: '***ijkl' })
    expect(stored({ token: 'abcdefghijk' }, { redact })).toEqual({ token: REDACTED })
    expect(storedText('paid by 4111111111111111', { redact })).toBe('paid by ***1111')
  })

  it('partial tells nothing of an object', () => {
    expect(stored({ token: { a: 'abcdefghijklmnop' } }, { redact: { mask: 'partial' } })).toEqual({
      token: REDACTED,
    })
  })

  it('hash gives the same for the same secret, under any name and in any text', () => {
    const redact = { mask: 'hash' as const, hash: hmac(hashKey) }
    const expected = hashed('hunter2')
    expect(stored({ password: 'hunter2', user: { api_key: 'hunter2' } }, { redact })).toEqual({
      password: expected,
      user: { api_key: expected },
    })
    expect(storedText('a=1&password=hunter2', { redact })).toBe(`a=1&password=${expected}`)
    expect(storedText('password="hunter2" x', { redact })).toBe(`password="${expected}" x`)
  })

  it('hash differs for other secrets and other keys', () => {
    const under = (key: string, value: string): unknown =>
      stored({ password: value }, { redact: { mask: 'hash', hash: hmac(key) } })
    expect(under(hashKey, 'a')).not.toEqual(under(hashKey, 'b'))
    expect(under(hashKey, 'a')).not.toEqual(under(`${hashKey}.`, 'a'))
  })

  it('hash tells texts of many megabytes apart by head, tail and length', () => {
    const redact = { mask: 'hash' as const, hash: hmac(hashKey) }
    const text = 'x'.repeat(20_000_000)
    const all = [text, `y${text}`, `${text}y`, `y${text.slice(1)}`, text.slice(1)]
    const made = all.map((password) => JSON.stringify(stored({ password }, { redact })))
    expect(new Set(made).size).toBe(all.length)
  })

  it('hash refuses a short key, and does not tell it', () => {
    expect(() => hmac('secret-value')).toThrow(
      expect.objectContaining({
        code: 'AUDIT_OPTION_INVALID',
        detail: expect.stringMatching(/^key must be/),
      }),
    )
    expect(() => hmac('secret-value')).not.toThrow(/secret-value/)
  })

  it('hash by a function that throws says ***REDACTED***', () => {
    const hash = (): never => {
      throw new Error('mine')
    }
    expect(stored({ password: 'hunter2' }, { redact: { mask: 'hash', hash } })).toEqual({
      password: REDACTED,
    })
  })

  it('drop leaves out the name as well, in objects, lists of changes and JSON texts', () => {
    const redact = { mask: 'drop' as const }
    expect(stored({ a: 1, password: 'p', deep: [{ token: 't', b: 2 }] }, { redact })).toEqual({
      a: 1,
      deep: [{ b: 2 }],
    })
    expect(storedText('{"a":1,"password":"p"}', { redact })).toBe('{"a":1}')
  })

  it.each(masks)('%s never lets a secret in a text through', (mask) => {
    const redact = { mask, hash: hmac(hashKey) }
    for (const text of [
      'password=the-marker-1&x',
      'Bearer the-marker-1',
      'ftp://a:the-marker-1@h',
      '{"pin":"the-marker-1"}',
    ]) {
      expect(storedText(text, { redact })).not.toContain('the-marker')
    }
  })
})
