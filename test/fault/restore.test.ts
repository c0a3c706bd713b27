import { describe, expect, it } from 'vitest'
import { byTime } from '../../src/event/order.ts'
import type { StoredRow } from '../../src/event/row.ts'
import { holds, release } from '../../src/keep/keep.ts'
import { haltAt, Killed, killAt, type World, world } from './keep-world.ts'

const ages = [400, 400, 400, 300, 300, 200, 100, 90, 50, 1]
const terms = { reason: 'over', by: 'ada' }

/** A trail of which a part is in the archive. */
const archived = async (): Promise<{ made: World; written: readonly StoredRow[] }> => {
  const made = world()
  const written = await made.write(ages)
  await made.settle()
  return { made, written }
}

type Try = (at: number, made: World, written: readonly StoredRow[]) => Promise<void>

/** Tries it with each call of a port that a run or a restore takes, in a world of its own. */
const atEachCallOf = async (what: 'run' | 'restore', attempt: Try): Promise<void> => {
  const whole = await archived()
  await whole.made.write([120, 120, 95])
  let calls = 0
  await whole.made[what]((call) => {
    calls = call
  })
  expect(calls).toBeGreaterThan(15)
  for (let at = 1; at <= calls; at += 1) {
    const { made, written } = await archived()
    await attempt(at, made, written)
  }
}

const inOrder = (rows: readonly StoredRow[]): readonly StoredRow[] => rows.toSorted(byTime)

const releaseAll = async (made: World): Promise<void> => {
  for (const { id } of await holds(made.audit)) await release(made.audit, id, terms)
}

/** All of it is live, stays so, and goes again when nothing holds it. */
const checkRestored = async (made: World, written: readonly StoredRow[]): Promise<void> => {
  expect(inOrder(await made.live())).toEqual(inOrder(written))
  await made.settle()
  expect(inOrder(await made.live())).toEqual(inOrder(written))
  await releaseAll(made)
  await made.settle()
  await made.check(written)
}

describe('a restore', () => {
  it.each(['before', 'after'] as const)(
    'is made whole by another when it is cut off %s any call of a port',
    (moment) =>
      atEachCallOf('restore', async (at, made, written) => {
        await expect(made.restore(killAt(at, moment))).rejects.toBeInstanceOf(Killed)
        await made.run()
        const [before] = await holds(made.audit)
        await made.restore(undefined, { hold: before?.id })
        await checkRestored(made, written)
      }),
    120_000,
  )

  it(
    'that was cut off at any call and let go leaves nothing twice',
    () =>
      atEachCallOf('restore', async (at, made, written) => {
        await expect(made.restore(killAt(at, 'after'))).rejects.toBeInstanceOf(Killed)
        await releaseAll(made)
        await made.settle()
        await made.check(written)
      }),
    120_000,
  )

  it(
    'that stands still at any call while a run goes through brings all back',
    () =>
      atEachCallOf('restore', async (at, made, written) => {
        const { step, reached, letGo } = haltAt(at, 'after')
        const slow = made.restore(step)
        await reached
        await made.run()
        letGo()
        await slow
        await checkRestored(made, written)
      }),
    120_000,
  )

  it.each(['before', 'after'] as const)(
    'that is let go %s any call of a run leaves nothing twice',
    (moment) =>
      atEachCallOf('run', async (at, made, written) => {
        const more = await made.write([120, 120, 95])
        await made.run(async (call, when) => {
          if (call !== at || when !== moment) return
          await made.restore()
          await releaseAll(made)
        })
        await made.settle()
        await made.check([...written, ...more])
      }),
    120_000,
  )

  it(
    'in the middle of which a run was killed leaves nothing twice',
    () =>
      atEachCallOf('run', async (at, made, written) => {
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
      }),
    120_000,
  )
})
