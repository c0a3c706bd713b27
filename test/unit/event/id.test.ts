import { getRandomValues } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { idMinter } from '../../../src/event/id.ts'

const UUID_V7 = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/
const minter = (): ((now: number) => string) => idMinter((bytes) => getRandomValues(bytes))
const timeOf = (id: string): number => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)

/** A clock that goes forth, stands still and goes back. */
const clock = fc.array(
  fc.oneof(fc.nat(2 ** 47), fc.constantFrom(0, 1, 1_700_000_000_000, 1_700_000_000_001)),
  {
    minLength: 1,
    maxLength: 400,
  },
)

describe('ids of one process', () => {
  it('are UUIDs of version 7, whatever the clock does', () => {
    fc.assert(
      fc.property(clock, (times) => {
        const mint = minter()
        for (const now of times) expect(mint(now)).toMatch(UUID_V7)
      }),
    )
  })

  it('rise strictly, so that none comes twice, while the clock jumps back and forth', () => {
    fc.assert(
      fc.property(clock, (times) => {
        const mint = minter()
        let last = ''
        for (const id of times.map(mint)) {
          expect(id > last).toBe(true)
          last = id
        }
      }),
    )
  })

  it('tell the millisecond when the clock goes on', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(2 ** 47), { minLength: 1 }), (times) => {
        const mint = minter()
        for (const now of times.sort((a, b) => a - b)) expect(timeOf(mint(now))).toBe(now)
      }),
    )
  })

  it('stay in order through 20,000 of one millisecond', () => {
    const mint = minter()
    const ids = Array.from({ length: 20_000 }, () => mint(1_700_000_000_000))
    expect(ids).toStrictEqual([...ids].sort())
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('do not run ahead of the clock by more than the flood needs', () => {
    const mint = minter()
    const ids = Array.from({ length: 20_000 }, () => mint(1_700_000_000_000))
    expect(timeOf(ids.at(-1) ?? '') - 1_700_000_000_000).toBeLessThanOrEqual(10)
  })
})

describe('ids of two processes', () => {
  it('differ though the clocks agree', () => {
    const [one, other] = [minter(), minter()]
    const ids = Array.from({ length: 2_000 }, () => [one(1), other(1)]).flat()
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('differ in their random bits, of which at least 62 are used', () => {
    const seen = Array.from({ length: 500 }, () =>
      BigInt(`0x${minter()(1).replaceAll('-', '').slice(16)}`),
    )
    const everSet = seen.reduce((all, bits) => all | bits, 0n)
    const everClear = seen.reduce((all, bits) => all | ~bits, 0n) & ((1n << 64n) - 1n)
    const changing = (everSet & everClear).toString(2).replaceAll('0', '')
    expect(changing).toHaveLength(62)
  })

  it('use fresh random bytes for each id', () => {
    let drawn = 0
    const mint = idMinter((bytes) => {
      drawn += bytes.length
      getRandomValues(bytes)
    })
    const tails = Array.from({ length: 1_000 }, () => mint(1).slice(19))
    expect(new Set(tails).size).toBe(1_000)
    expect(drawn).toBeGreaterThanOrEqual(8_000)
  })

  it('draw no randomness before the first is asked for', () => {
    let drawn = 0
    idMinter(() => {
      drawn += 1
    })
    expect(drawn).toBe(0)
  })
})
