import { describe, expect, it } from 'vitest'
import { removerOf } from '../../../src/keep/run/remove.ts'

interface Slow {
  readonly msEach: number
  /** Ms to the database and back. */
  readonly way?: number
  readonly oneWriter?: boolean
  readonly stays?: (id: string) => boolean
}

/** A ledger that takes its time, and what it was asked for. */
const slow = ({ msEach, way = 0, oneWriter = false, stays = () => false }: Slow) => {
  let now = 0
  let gaps = 0
  const asked: { readonly ids: readonly string[]; readonly because: unknown }[] = []
  const ledger = {
    oneWriter,
    now: async () => {
      now += way
      return 0
    },
    remove: async (ids: readonly string[], because: unknown) => {
      now += way + msEach * ids.length
      asked.push({ ids, because })
      return ids.filter(stays)
    },
  }
  const leave = async (): Promise<void> => {
    gaps += 1
  }
  return { remover: removerOf(ledger, () => now, leave), asked, gaps: () => gaps }
}

const ids = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `id-${at}`)

const holder = { holder: 'us' } as const

describe('what deletes from the live table', () => {
  it('deletes all, each once and in order, and tells what stayed', async () => {
    const { remover, asked } = slow({ msEach: 0.1, stays: (id) => id.endsWith('7') })
    const stayed = await remover.remove(ids(3_000), () => holder)
    expect(asked.flatMap((one) => one.ids)).toEqual(ids(3_000))
    expect(stayed).toEqual(ids(3_000).filter((id) => id.endsWith('7')))
  })

  it('asks for each portion by what holds for its ids', async () => {
    const { remover, asked } = slow({ msEach: 0.1 })
    await remover.remove(ids(600), (some) => ({ entries: [some[0] ?? ''] }))
    for (const one of asked) expect(one.because).toEqual({ entries: [one.ids[0]] })
  })

  it.each<[string, Slow, number]>([
    ['less at a time where a statement takes long', { msEach: 1 }, 50],
    ['as much as goes in 12 ms', { msEach: 0.1 }, 120],
    ['as much as goes in 6 ms where others cannot write', { msEach: 0.1, oneWriter: true }, 60],
    ['as much where the database is far away', { msEach: 0.1, way: 40 }, 120],
    ['more at a time where it takes no time, to a bound', { msEach: 0 }, 1_000],
  ])('deletes %s', async (_, speed, size) => {
    const { remover } = slow(speed)
    await remover.remove(ids(20_000), () => holder)
    expect(remover.size()).toBe(size)
  })

  it.each([
    ['a moment after each portion where others cannot write', true],
    ['none where they can', false],
  ])('leaves others %s', async (_, oneWriter) => {
    const { remover, asked, gaps } = slow({ msEach: 0.1, oneWriter })
    await remover.remove(ids(2_000), () => holder)
    expect(asked.length).toBeGreaterThan(5)
    expect(gaps()).toBe(oneWriter ? asked.length : 0)
  })

  it('learns nothing from the few that are left', async () => {
    const { remover } = slow({ msEach: 0 })
    const before = remover.size()
    await remover.remove(ids(before - 1), () => holder)
    expect(remover.size()).toBe(before)
  })

  it('asks nothing when there is nothing', async () => {
    const { remover, asked } = slow({ msEach: 1 })
    expect(await remover.remove([], () => holder)).toEqual([])
    expect(asked).toEqual([])
  })
})
