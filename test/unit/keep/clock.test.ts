import { execFile } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { day, desk, NOW } from './desk.ts'
import { idsOf } from '../../conformance/rows.ts'

const run = promisify(execFile)

/** Two clocks that far apart, an event that by the earlier is 90 days old, and one that is a ms younger. */
const apart = async (by: number) => {
  const made = desk()
  made.clock.app = NOW + by
  const earlier = Math.min(NOW, NOW + by)
  const [due, young] = await made.write(
    [0, 1].map((late) => ({ occurredAt: earlier - 90 * day + late, tenant: 'a' })),
  )
  return { ...made, earlier, due, young }
}

describe('the clocks of keep', () => {
  it.each([
    ['ahead of', 30 * day],
    ['behind', -30 * day],
  ])('decide by the earlier, so that an app %s its database takes nothing early', async (_, by) => {
    const { earlier, due, keep, archived } = await apart(by)
    expect(await keep()).toMatchObject({ state: 'done', moved: 1, left: 0 })
    expect(idsOf(await archived())).toEqual([due?.id])
    expect((await archived())[0]?.archivedAt).toBe(earlier)
  })

  it.each([
    ['ahead of', 400 * day],
    ['behind', -400 * day],
  ])('decide by the earlier what is deleted, with an app %s its database', async (_, by) => {
    const { young, keep, live } = await apart(by)
    expect(await keep({ deleteAfter: '90d' })).toMatchObject({ deleted: 1 })
    expect(await live()).toEqual([young])
  })

  it('leave events from the future alone, in the live table and in what is told', async () => {
    const { aged, keep, live } = desk()
    const written = await aged([-1, -1_000, -36_500])
    expect(await keep()).toMatchObject({ state: 'done', moved: 0, left: 0, lagMs: 0 })
    expect(await keep({ deleteAfter: 3_600_000 })).toMatchObject({ deleted: 0, left: 0 })
    expect(idsOf(await live()).toSorted()).toEqual(idsOf(written).toSorted())
  })

  it('may go back between two runs, and nothing is moved twice', async () => {
    const { aged, pass, keep, archived, verified } = desk()
    await aged([100, 95, 80])
    await keep()
    pass(-50 * day)
    expect(await keep()).toMatchObject({ moved: 0, left: 0 })
    pass(65 * day)
    await keep()
    expect(await archived()).toHaveLength(3)
    expect((await verified()).findings).toEqual([])
  })

  it('go on in the middle of a run, which decides by when it began', async () => {
    const { clock, write, keep, objects, archived } = desk()
    await write([0, 1].map((late) => ({ occurredAt: NOW - 90 * day + late * 15_000, tenant: 'a' })))
    const to = {
      ...objects,
      put: async (path: string, bytes: Uint8Array<ArrayBuffer>) => {
        clock.app += 20_000
        clock.database += 20_000
        await objects.put(path, bytes)
      },
    }
    await keep({ to, budgetMs: 86_400_000, ambient: { elapsed: () => 0 } })
    expect(await archived()).toHaveLength(1)
  })
})

const utc = (text: string): number => Date.parse(text)

describe('a year of the calendar', () => {
  it.each([
    ['from 29 February is over on 1 March', '2028-02-29T12:00:00Z', '2029-03-01T00:00:00Z'],
    ['from 28 February is over on 28 February', '2028-02-28T12:00:00Z', '2029-02-28T12:00:00Z'],
    ['to 28 February began on 28 February', '2027-02-28T12:00:00Z', '2028-02-28T12:00:00Z'],
    [
      'from 1 March in a leap year is over on 1 March',
      '2028-03-01T00:00:00Z',
      '2029-03-01T00:00:00Z',
    ],
  ])('%s', async (_, from, to) => {
    const made = desk()
    await made.write([{ occurredAt: utc(from), tenant: 'a' }])
    const runAt = (at: number) => {
      made.clock.app = at
      made.clock.database = at
      return made.keep({ archiveAfter: '1y' })
    }
    expect(await runAt(utc(to) - 1)).toMatchObject({ moved: 0, left: 0 })
    expect(await runAt(utc(to))).toMatchObject({ moved: 1, left: 0 })
  })
})

describe('a run in another time zone', () => {
  it('moves the same events into the same places', async () => {
    const script = fileURLToPath(new URL('places.ts', import.meta.url))
    const placesIn = async (TZ: string): Promise<string> => {
      const { stdout } = await run(process.execPath, [script], { env: { ...process.env, TZ } })
      return stdout
    }
    const zones = ['UTC', 'Pacific/Apia', 'America/New_York']
    const [utc, ...others] = await Promise.all(zones.map(placesIn))
    expect(utc).toMatch(/^40 8\n/)
    expect(others).toEqual([utc, utc])
  }, 60_000)
})
