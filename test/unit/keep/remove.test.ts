import { describe, expect, it } from 'vitest'
import { removerOf } from '../../../src/keep/run/remove.ts'

/** A ledger that takes so long for each event, and which portions it was asked for. */
const slow = (msEach: number, stays: (id: string) => boolean = () => false) => {
  let now = 0
  const asked: { readonly ids: readonly string[]; readonly because: unknown }[] = []
  const ledger = {
    remove: async (ids: readonly string[], because: unknown) => {
      now += msEach * ids.length
      asked.push({ ids, because })
      return ids.filter(stays)
    },
  }
  return { remover: removerOf(ledger, () => now), asked }
}

const ids = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `id-${at}`)

const holder = { holder: 'us' } as const

describe('what deletes from the live table', () => {
  it('deletes all, each once and in order, and tells what stayed', async () => {
    const { remover, asked } = slow(0.1, (id) => id.endsWith('7'))
    const stayed = await remover.remove(ids(3_000), () => holder)
    expect(asked.flatMap((one) => one.ids)).toEqual(ids(3_000))
    expect(stayed).toEqual(ids(3_000).filter((id) => id.endsWith('7')))
  })

  it('asks for each portion by what holds for its ids', async () => {
    const { remover, asked } = slow(0.1)
    await remover.remove(ids(600), (some) => ({ entries: [some[0] ?? ''] }))
    for (const one of asked) expect(one.because).toEqual({ entries: [one.ids[0]] })
  })

  it.each([
    ['less at a time where a statement takes long', 1, 50],
    ['as much as goes in 12 ms', 0.1, 120],
    ['more at a time where it takes no time, to a bound', 0, 1_000],
  ])('deletes %s', async (_, msEach, size) => {
    const { remover } = slow(msEach)
    await remover.remove(ids(20_000), () => holder)
    expect(remover.size()).toBe(size)
  })

  it('learns nothing from the few that are left', async () => {
    const { remover } = slow(0)
    const before = remover.size()
    await remover.remove(ids(before - 1), () => holder)
    expect(remover.size()).toBe(before)
  })

  it('asks nothing when there is nothing', async () => {
    const { remover, asked } = slow(1)
    expect(await remover.remove([], () => holder)).toEqual([])
    expect(asked).toEqual([])
  })
})
