import { describe, expect, it } from 'vitest'
import { AuditError } from '../../../src/errors.ts'
import { gate, isSettled } from '../../support/gate.ts'
import { NOW, day, desk } from './desk.ts'

const ages = [105, 104, 103, 102, 101]
const [, second, third] = ages.map((age) => NOW - age * day)

/** A trail whose objects wait to be written, and from when on its store was asked for pages. */
const waiting = () => {
  const goes = gate()
  const asked: (number | undefined)[] = []
  const broken = { at: Number.NaN }
  const made = desk({
    store: (store) => ({
      ...store,
      page: async (query) => {
        asked.push(query.from)
        if (query.from === broken.at) throw new AuditError('AUDIT_STORE_UNAVAILABLE')
        return store.page(query)
      },
    }),
    objects: (objects) => ({
      ...objects,
      put: async (path, bytes, options) => {
        await goes.passed
        await objects.put(path, bytes, options)
      },
    }),
  })
  return { ...made, goes, asked, broken }
}

describe('a run of keep that chooses while it moves', () => {
  it('reads the next events while those before are written, and no more than those', async () => {
    const { aged, keep, goes, asked, archived } = waiting()
    await aged(ages)
    const run = keep({ segmentRows: 1 })
    expect(await isSettled(run)).toBe(false)
    expect(asked).toContain(second)
    expect(asked).not.toContain(third)
    goes.open()
    expect(await run).toMatchObject({ state: 'done', moved: 5 })
    expect(await archived()).toHaveLength(5)
  })

  it('moves as many as it may, those under way counted', async () => {
    const { write, keep, archived } = desk()
    await write([0, 1, 2, 3, 4].map((ms) => ({ occurredAt: NOW - 100 * day + ms })))
    const options = { segmentRows: 2, budgetRows: 3 }
    expect(await keep(options)).toMatchObject({ state: 'stopped', moved: 3, left: 2 })
    expect(await keep(options)).toMatchObject({ state: 'done', moved: 2, left: 0 })
    expect(await archived()).toHaveLength(5)
  })

  it('ends no sooner than what is under way when it cannot read on', async () => {
    const { aged, keep, goes, asked, broken, archived, verified } = waiting()
    await aged(ages)
    broken.at = second ?? 0
    const run = keep({ segmentRows: 1 })
    expect(await isSettled(run)).toBe(false)
    expect(asked).toContain(second)
    goes.open()
    await expect(run).rejects.toMatchObject({ code: 'AUDIT_STORE_UNAVAILABLE' })
    broken.at = Number.NaN
    expect(await keep()).toMatchObject({ state: 'done', moved: 4 })
    expect(await archived()).toHaveLength(5)
    expect(await verified()).toMatchObject({ findings: [], events: 5 })
  })
})
