import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normaliseAction } from '../../../src/event/action.ts'
import { remembering } from '../../../src/event/remembering.ts'
import { anyText } from './sample.ts'

describe('normaliseAction', () => {
  it.each([
    ['  Invoice.Refund ', 'invoice.refund'],
    ['Reset  my\tpassword', 'reset_my_password'],
    ['login', 'login'],
    ['   ', ''],
  ])('spells %j as %j', (written, expected) => {
    expect(normaliseAction(written)).toBe(expected)
  })

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const once = normaliseAction(text)
        expect(normaliseAction(once)).toBe(once)
      }),
    )
  })

  it('ends on half a megabyte of spaces', () => {
    expect(normaliseAction(`a${' '.repeat(500_000)}b`)).toBe('a_b')
  })
})

describe('a normaliser that remembers', () => {
  it('answers as the one that it asks, also after a flood of other actions', () => {
    const asked = remembering(normaliseAction, 500, 256)
    fc.assert(
      fc.property(fc.array(anyText(400)), (actions) => {
        for (const action of actions) expect(asked(action)).toBe(normaliseAction(action))
      }),
    )
  })

  it('asks once for an action that comes again, and keeps no text of a megabyte', () => {
    const seen: string[] = []
    const asked = remembering(
      (action) => {
        seen.push(action)
        return action
      },
      500,
      256,
    )
    const long = 'x'.repeat(1_000_000)
    for (const action of ['a', 'a', long, long]) asked(action)
    expect(seen).toEqual(['a', long, long])
  })
})
