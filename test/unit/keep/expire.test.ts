import { describe, expect, it } from 'vitest'
import { hold, release, restore } from '../../../src/keep/keep.ts'
import type { ObjectStore } from '../../../src/ports/archive.ts'
import { day, desk, NOW } from './desk.ts'
import { manifestsIn } from '../../support/objects.ts'
import { idsOf } from '../../conformance/rows.ts'

const who = { reason: 'a case', by: 'counsel' }
// The events of the runs themselves have no tenant, and stay.
const policies = [{ tenant: 'a', archiveAfter: '90d', deleteAfter: '1y' }] as const

const eventsIn = (objects: ReadonlyMap<string, unknown>): readonly string[] =>
  [...objects.keys()].filter((path) => path.startsWith('events/'))

/** Two events of one day and one of the next, archived. */
const archivedDays = async () => {
  const reads: string[] = []
  const counting = (objects: ObjectStore): ObjectStore => ({
    ...objects,
    get: (path, options) => {
      reads.push(path)
      return objects.get(path, options)
    },
  })
  const made = desk({ objects: counting })
  const written = await made.write(
    [0, 1, day].map((ms) => ({ occurredAt: NOW - 100 * day + ms, tenant: 'a' })),
  )
  await made.keep({ policies })
  reads.length = 0
  /** Until so many ms after the first event is a year old. */
  const year = (ms: number): void => made.pass(265 * day + ms)
  return { ...made, written, year, reads }
}

describe('an object in the archive', () => {
  it('goes when the last of its events may be deleted, and not before', async () => {
    const { keep, year, pass, objects, archived, written } = await archivedDays()
    year(0)
    expect(await keep({ policies })).toMatchObject({ expired: 0 })
    expect(await archived()).toHaveLength(3)
    pass(1)
    expect(await keep({ policies })).toMatchObject({ state: 'done', expired: 2 })
    expect(idsOf(await archived())).toEqual(idsOf(written.slice(2)))
    expect(eventsIn(objects.objects)).toHaveLength(1)
  })

  it('leaves its manifest, so that the chain still verifies', async () => {
    const { keep, year, objects, verified } = await archivedDays()
    year(1)
    await keep({ policies })
    expect(manifestsIn(objects.objects)).toHaveLength(2)
    expect(await verified()).toEqual({ manifests: 2, events: 1, findings: [] })
  })

  it('stays as long as a longer policy keeps one of its events', async () => {
    const { write, keep, pass, archived } = desk()
    const kinds = ['auth', 'request', 'request'] as const
    await write(kinds.map((kind) => ({ kind, tenant: 'a', occurredAt: NOW - 100 * day })))
    const mixed = [...policies, { kind: 'auth', deleteAfter: '2y' }] as const
    await keep({ policies: mixed })
    pass(300 * day)
    expect(await keep({ policies: mixed })).toMatchObject({ expired: 0 })
    expect(await archived()).toHaveLength(3)
    pass(365 * day)
    expect(await keep({ policies: mixed })).toMatchObject({ expired: 3 })
  })

  it('is not read again until it may go', async () => {
    const { keep, pass, reads } = await archivedDays()
    const longer = [...policies, { tenant: 'a', deleteAfter: '2y' }] as const
    pass(300 * day)
    await keep({ policies: longer })
    const before = reads.length
    await keep({ policies: longer })
    expect(reads.length).toBe(before)
  })

  it('goes by the policy of today, whatever was found out by another', async () => {
    const { keep, pass } = await archivedDays()
    const longer = [...policies, { tenant: 'a', deleteAfter: 'never' }] as const
    pass(300 * day)
    expect(await keep({ policies: longer })).toMatchObject({ expired: 0 })
    expect(await keep({ policies })).toMatchObject({ expired: 3 })
  })

  it('stays while a hold covers one of its events, and goes after', async () => {
    const { audit, keep, year, archived, pass } = await archivedDays()
    const from = NOW - 100 * day
    const id = await hold(audit, { everything: true, from, to: from + 1, ...who })
    year(2 * day)
    expect(await keep({ policies })).toMatchObject({ expired: 1 })
    expect(await archived()).toHaveLength(2)
    await release(audit, id, who)
    pass(1)
    expect(await keep({ policies })).toMatchObject({ expired: 2 })
    expect(await archived()).toEqual([])
  })

  it('is not read by every run while a hold keeps it', async () => {
    const { audit, keep, year, reads } = await archivedDays()
    await hold(audit, { tenant: 'a', ...who })
    year(2 * day)
    await keep({ policies })
    const before = reads.length
    expect(before).toBeGreaterThan(0)
    await keep({ policies })
    expect(reads.length).toBe(before)
  })

  it('stays when a hold is placed while it is looked at', async () => {
    const made = await archivedDays()
    const { audit, year, archived } = made
    year(1)
    const objects: ObjectStore = {
      ...made.objects,
      get: async (path, options) => {
        const bytes = await made.objects.get(path, options)
        await hold(audit, { tenant: 'a', ...who })
        return bytes
      },
    }
    expect(await made.keep({ policies, to: objects })).toMatchObject({ expired: 0 })
    expect(await archived()).toHaveLength(3)
  })

  it('goes with what was restored of it into the second table', async () => {
    const { audit, store, objects, keep, year, entries } = await archivedDays()
    const [from, to] = [0, NOW]
    await restore(audit, { from, to, archive: objects, into: 'table', ...who })
    year(2 * day)
    expect(await keep({ policies })).toMatchObject({ expired: 3 })
    const { table } = await store.ledger()
    for (const { id } of await entries()) expect(await table.read(`restored:${id}`)).toEqual([])
  })

  it('goes by the next run when it could not be removed', async () => {
    const made = await archivedDays()
    made.year(1)
    const broken: ObjectStore = { ...made.objects, remove: () => Promise.reject(new Error('down')) }
    await expect(made.keep({ policies, to: broken })).rejects.toThrow('down')
    expect(eventsIn(made.objects.objects)).toHaveLength(2)
    expect(await made.verified()).toMatchObject({ findings: [], events: 1 })
    await made.keep({ policies })
    expect(eventsIn(made.objects.objects)).toHaveLength(1)
  })
})
