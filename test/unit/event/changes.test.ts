import { describe, expect, it } from 'vitest'
import { hmac } from '../../../src/capture/hash.ts'
import { readBack, REDACTED, rowOf } from './sample.ts'

const changesOf = (changes: unknown, redact = {}): unknown =>
  readBack(rowOf({ changes }, { redact }))['changes']

describe('a changed field', () => {
  it('keeps both sides as the values that they were', () => {
    const changes = {
      total: { old: 1, new: 2.5 },
      tags: { old: null, new: ['a'] },
      on: { new: true },
    }
    expect(changesOf(changes)).toEqual(changes)
  })

  it('with a secret name tells that it was set, changed or removed, and neither value', () => {
    const changes = {
      password: { old: 'hunter1', new: 'hunter2' },
      apiKey: { old: null, new: 'hunter2' },
      token: { old: 'hunter1', new: null },
      pin: { new: 1234 },
    }
    expect(changesOf(changes)).toEqual({
      password: { old: REDACTED, new: REDACTED },
      apiKey: { old: null, new: REDACTED },
      token: { old: REDACTED, new: null },
      pin: { new: REDACTED },
    })
  })

  it('lets nothing else through beside its two sides when its name is secret', () => {
    const changes = { password: { old: 'a', new: 'b', from: 'hunter2' } }
    expect(JSON.stringify(changesOf(changes))).not.toContain('hunter2')
  })

  it('has secrets inside its values masked on both sides', () => {
    const changes = {
      settings: { old: { smtp: { password: 'hunter1' } }, new: 'password=hunter2' },
    }
    expect(changesOf(changes)).toEqual({
      settings: { old: { smtp: { password: REDACTED } }, new: `password=${REDACTED}` },
    })
  })

  it('shows by a keyed hash whether a secret is the same again', () => {
    const redact = { mask: 'hash', hash: hmac('a key of sixteen characters') }
    const { password } = changesOf({ password: { old: 'a', new: 'a' } }, redact) as {
      password: { old: string; new: string }
    }
    expect(password.old).toMatch(/^hmac:/)
    expect(password.new).toBe(password.old)
  })
})
