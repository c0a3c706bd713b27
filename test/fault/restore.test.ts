import { describe, expect, it } from 'vitest'
import type { StoredRow } from '../../src/event/row.ts'
import { holds, release } from '../../src/keep/keep.ts'
import { gate } from '../support/gate.ts'
import { Killed, killAt, type World, world } from './keep-world.ts'

const ages = [400, 400, 400, 300, 300, 200, 100, 90, 50, 1]
const terms = { reason: 'over', by: 'ada' }

/** A trail of which a part is in the archive. */
const archived = async (): Promise<{ made: World; written: readonly StoredRow[] }> => {
  const made = world()
  const written = await made.write(ages)
  await made.settle()
  return { made, written }
}

const callsOf = async (what: 'run' | 'restore'): Promise<number> => {
  const { made } = await archived()
  await made.write([120, 120, 95])
  let calls = 0
  await made[what]((call) => {
    calls = call
  })
  return calls
}

const byId = (rows: readonly StoredRow[]): readonly StoredRow[] =>
  rows.toSorted((one, other) => (one.id < other.id ? -1 : 1))

const releaseAll = async (made: World): Promise<void> => {
  for (const { id } of await holds(made.audit)) await release(made.audit, id, terms)
}

/** All of it is live, stays so, and goes again when nothing holds it. */
const checkRestored = async (made: World, written: readonly StoredRow[]): Promise<void> => {
  expect(byId(await made.live())).toEqual(byId(written))
  await made.settle()
  expect(byId(await made.live())).toEqual(byId(written))
  await releaseAll(made)
  await made.settle()
  await made.check(written)
}

describe('a restore', () => {
  it.each(['before', 'after'] as const)(
    'is made whole by another when it is cut off %s any call of a port',
    async (moment) => {
      const calls = await callsOf('restore')
      expect(calls).toBeGreaterThan(15)
      for (let at = 1; at <= calls; at += 1) {
        const { made, written } = await archived()
        await expect(made.restore(killAt(at, moment))).rejects.toBeInstanceOf(Killed)
        await made.run()
        const [before] = await holds(made.audit)
        await made.restore(undefined, { hold: before?.id })
        await checkRestored(made, written)
      }
    },
    120_000,
  )

  it('that was cut off at any call and let go leaves nothing twice', async () => {
    const calls = await callsOf('restore')
    for (let at = 1; at <= calls; at += 1) {
      const { made, written } = await archived()
      await expect(made.restore(killAt(at, 'after'))).rejects.toBeInstanceOf(Killed)
      await releaseAll(made)
      await made.settle()
      await made.check(written)
    }
  }, 120_000)

  it('that stands still at any call while a run goes through brings all back', async () => {
    const calls = await callsOf('restore')
    for (let at = 1; at <= calls; at += 1) {
      const { made, written } = await archived()
      const [stood, goes] = [gate(), gate()]
      const slow = made.restore((call, when) => {
        if (call !== at || when !== 'after') return undefined
        stood.open()
        return goes.passed
      })
      await stood.passed
      await made.run()
      goes.open()
      await slow
      await checkRestored(made, written)
    }
  }, 120_000)

  it.each(['before', 'after'] as const)(
    'that is let go %s any call of a run leaves nothing twice',
    async (moment) => {
      const calls = await callsOf('run')
      expect(calls).toBeGreaterThan(15)
      for (let at = 1; at <= calls; at += 1) {
        const { made, written } = await archived()
        const more = await made.write([120, 120, 95])
        await made.run(async (call, when) => {
          if (call !== at || when !== moment) return
          await made.restore()
          await releaseAll(made)
        })
        await made.settle()
        await made.check([...written, ...more])
      }
    },
    120_000,
  )

  it('in the middle of which a run was killed leaves nothing twice', async () => {
    const calls = await callsOf('run')
    for (let at = 1; at <= calls; at += 1) {
      const { made, written } = await archived()
      const more = await made.write([120, 120, 95])
      const run = made.run(async (call, when) => {
        if (call !== at) return
        if (when === 'before') await made.restore()
        if (when === 'after') throw new Killed('killed')
      })
      await expect(run).rejects.toBeInstanceOf(Killed)
      await releaseAll(made)
      made.pass(61_000)
      await made.settle()
      await made.check([...written, ...more])
    }
  }, 120_000)
})
