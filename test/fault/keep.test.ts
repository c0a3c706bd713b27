import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StoredRow } from '../../src/event/row.ts'
import { hold, release } from '../../src/keep/keep.ts'
import { isHeld } from '../../src/event/hold.ts'
import { haltAt, Killed, killAt, type World, world } from './keep-world.ts'

/** Some days over a year, around the 90 days; several on one day, and of several tenants. */
const ages = [400, 400, 400, 300, 300, 300, 300, 300, 300, 200, 100, 90, 90, 89, 50, 1, 0, -3]

const terms = { reason: 'a case', by: 'counsel' }

type Try = (at: number, made: World, written: readonly StoredRow[]) => Promise<void>

/** Tries it with each call of a port that a run takes, in a world of its own. */
const atEachCall = async (attempt: Try): Promise<void> => {
  const whole = world()
  await whole.write(ages)
  let calls = 0
  await whole.run((call) => {
    calls = call
  })
  expect(calls).toBeGreaterThan(50)
  for (let at = 1; at <= calls; at += 1) {
    const made = world()
    await attempt(at, made, await made.write(ages))
  }
}

const killed = async (run: Promise<unknown>): Promise<void> => {
  await expect(run).rejects.toBeInstanceOf(Killed)
}

const due = (made: World, rows: readonly StoredRow[]) =>
  rows.filter(({ occurredAt }) => occurredAt <= made.now() - 90 * 86_400_000)

describe('a run of keep', () => {
  it.each(['before', 'after'] as const)(
    'loses and doubles nothing when it is killed %s any call of a port',
    (moment) =>
      atEachCall(async (at, made, written) => {
        await killed(made.run(killAt(at, moment)))
        made.pass(61_000)
        // The run after it is killed as well, and the one after that goes through.
        await made.run(killAt(at, moment)).catch(() => undefined)
        await made.settle()
        await made.check(written)
        expect(await made.archived()).toHaveLength(due(made, written).length)
      }),
    120_000,
  )

  it.each(['before', 'after'] as const)(
    'loses and doubles nothing when it stands still %s any call while another goes through',
    (moment) =>
      atEachCall(async (at, made, written) => {
        const { step, reached, letGo } = haltAt(at, moment)
        const slow = made.run(step)
        await reached
        made.pass(61_000)
        const more = await made.write([120, 120, 95])
        await made.run()
        letGo()
        await slow.catch(() => undefined)
        await made.settle()
        await made.check([...written, ...more])
      }),
    120_000,
  )

  it(
    'keeps what a hold covers that is placed at any call',
    () =>
      atEachCall(async (at, made, written) => {
        const scope = { tenant: 'a', target: undefined }
        let id = ''
        let before: readonly StoredRow[] = []
        await made.run(async (call, when) => {
          if (call !== at || when !== 'before') return
          id = await hold(made.audit, { tenant: 'a', ...terms })
          before = await made.live()
        })
        const held = (row: StoredRow): boolean => isHeld(row, [scope])
        // What was live when the hold was placed is live after the run, and after the next.
        const kept = before.filter(held).map((row) => row.id)
        expect((await made.live()).filter(held).map((row) => row.id)).toEqual(kept)
        await made.settle()
        expect((await made.live()).filter(held).map((row) => row.id)).toEqual(kept)
        await made.check(written, held)
        await release(made.audit, id, terms)
        await made.settle()
        await made.check(written)
        expect(await made.archived()).toHaveLength(due(made, written).length)
      }),
    120_000,
  )

  it('archives once what a hold covered from any call to a later one', async () => {
    for (const long of [1, 2, 3, 4, 5, 6, 7])
      await atEachCall(async (at, made, written) => {
        let id: string | undefined
        await made.run(async (call, when) => {
          if (when === 'before' && call === at)
            id = await hold(made.audit, { tenant: 'a', ...terms })
          if (when === 'before' && call === at + long && id !== undefined)
            await release(made.audit, id, terms)
        })
        if (id !== undefined) await release(made.audit, id, terms)
        await made.settle()
        await made.check(written)
      })
  }, 120_000)

  it(
    'clears away what a run puts into the archive long after another took its place',
    () =>
      atEachCall(async (at, made, written) => {
        const { step, reached, letGo } = haltAt(at, 'before')
        const kill = killAt(at, 'after')
        const slow = made.run(async (...call) => {
          await kill(...call)
          await step(...call)
        })
        await reached
        made.pass(61_000)
        await made.run()
        letGo()
        await killed(slow)
        await made.settle()
        await made.check(written)
      }),
    120_000,
  )

  it('loses and doubles nothing, whatever is written, held and killed, with two runs at once', async () => {
    const action = fc.oneof(
      fc.record({
        what: fc.constant('write' as const),
        ages: fc.array(fc.integer({ min: 0, max: 120 }), { maxLength: 9 }),
      }),
      fc.record({ what: fc.constant('hold' as const), tenant: fc.constantFrom('a', 'b', null) }),
      fc.record({ what: fc.constant('release' as const) }),
      fc.record({
        what: fc.constant('pass' as const),
        ms: fc.constantFrom(1_000, 61_000, 86_400_000),
      }),
      fc.record({
        what: fc.constant('run' as const),
        kill: fc.option(fc.integer({ min: 1, max: 90 })),
        rows: fc.constantFrom(3, 1_000),
      }),
    )
    const plan = fc.record({
      first: fc.array(action, { minLength: 1, maxLength: 7 }),
      beside: fc.array(action, { maxLength: 4 }),
    })
    await fc.assert(
      fc.asyncProperty(plan, async ({ first, beside }) => {
        const made = world()
        const written: StoredRow[] = [...(await made.write(ages))]
        const holds: string[] = []
        const goThrough = async (actions: typeof first): Promise<void> => {
          for (const one of actions) {
            if (one.what === 'write') written.push(...(await made.write(one.ages)))
            if (one.what === 'hold')
              holds.push(await hold(made.audit, { tenant: one.tenant, ...terms }))
            if (one.what === 'release') await release(made.audit, holds.pop() ?? '', terms)
            if (one.what === 'pass') made.pass(one.ms)
            if (one.what !== 'run') continue
            const step = one.kill === null ? undefined : killAt(one.kill, 'after')
            await made.run(step, { budgetRows: one.rows }).catch((error: unknown) => {
              expect(error).toBeInstanceOf(Killed)
            })
          }
        }
        await Promise.all([goThrough(first), goThrough(beside)])
        for (const id of holds) await release(made.audit, id, terms)
        await made.settle()
        await made.check(written)
      }),
      { numRuns: 500 },
    )
  }, 120_000)
})
