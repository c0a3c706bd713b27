import { describe, expect, it } from 'vitest'
import { manifestIn } from '../../../src/keep/archive/manifest.ts'
import { day, desk, NOW } from './desk.ts'
import { manifestsIn } from '../../support/objects.ts'
import { idsOf } from '../../conformance/rows.ts'
import { withoutTime } from '../../support/rows.ts'
import { idle } from './outcome.ts'

const year = Array.from({ length: 100 }, (_, place) => place * 3.65)

/** Units of a record that the test is not about. */
const record = (length: number): string => 'x'.repeat(length)

describe('keep', () => {
  it('moves just those of a year of events that are 90 days old', async () => {
    const { aged, keep, live, archived } = desk()
    const written = await aged(year)
    const outcome = await keep()
    const old = written.filter(({ occurredAt }) => occurredAt <= NOW - 90 * day)
    expect(idsOf(await archived()).toSorted()).toEqual(idsOf(old).toSorted())
    expect(await live()).toEqual(
      written.filter(({ occurredAt }) => occurredAt > NOW - 90 * day).toReversed(),
    )
    expect(outcome).toMatchObject({ state: 'done', moved: old.length, segments: old.length })
  })

  it.each([
    ['moves an event at the very ms at which it is so old', 0, 1],
    ['leaves an event alone one ms before', 1, 0],
  ])('%s', async (_, late, count) => {
    const { write, keep, archived } = desk()
    await write([{ occurredAt: NOW - 90 * day + late }])
    await keep()
    expect(await archived()).toHaveLength(count)
  })

  it('puts into the archive what was stored, all of it, and when it came there', async () => {
    const { clock, write, keep, archived } = desk()
    clock.database = NOW - 99 * day
    const written = await write([
      {
        occurredAt: NOW - 100 * day,
        tenant: 'ü/ "',
        kind: 'request',
        action: 'a.b',
        outcome: 'denied',
        actorType: 'service',
        actorId: 'é',
        targetType: 't',
        targetId: '7',
        requestId: 'r',
        method: 'GET',
        route: '/:x',
        status: 403,
        ip: '::1',
        record: '{"b":"\\u2028","a":1.0,  "text":"日本 \u2029 👍"}',
      },
    ])
    clock.database = NOW
    await keep()
    const rows = await archived()
    expect(rows.map(withoutTime)).toEqual(written)
    expect(rows[0]?.archivedAt).toBe(NOW)
  })

  it('writes nothing at all when it runs again', async () => {
    const { aged, keep, objects, entries } = desk()
    await aged(year)
    await keep()
    const [paths, books] = [[...objects.objects.keys()], await entries()]
    expect(await keep()).toMatchObject({ state: 'done', moved: 0, segments: 0, left: 0 })
    expect([...objects.objects.keys()]).toEqual(paths)
    expect(await entries()).toEqual(books)
  })

  it('has nothing to do in an empty database', async () => {
    const { keep, objects } = desk()
    expect(await keep()).toEqual(idle)
    expect(objects.objects.size).toBe(0)
  })

  it('deletes nothing by default, however old it is', async () => {
    const { aged, keep, live, archived, pass } = desk()
    const written = await aged([36_500, 1])
    await keep()
    pass(36_500 * day)
    await keep()
    await keep({ archiveAfter: undefined })
    expect(await live()).toEqual([])
    expect(idsOf(await archived())).toEqual(idsOf(written))
  })
})

describe('a segment', () => {
  it('holds events of one tenant and one day, UTC', async () => {
    const { write, keep, entries } = desk()
    const midnight = Date.UTC(2026, 0, 2)
    const tenants = ['a', 'b', null]
    await write(
      [-1, 0, day - 1, day].flatMap((ms) =>
        tenants.map((tenant) => ({ tenant, occurredAt: midnight + ms })),
      ),
    )
    await keep()
    const found = (await entries()).map(({ tenant, firstAt, lastAt, count }) => [
      tenant,
      firstAt - midnight,
      lastAt - midnight,
      count,
    ])
    expect(found).toHaveLength(9)
    expect(found).toEqual(
      expect.arrayContaining(
        tenants.flatMap((tenant) => [
          [tenant, -1, -1, 1],
          [tenant, 0, day - 1, 2],
          [tenant, day, day, 1],
        ]),
      ),
    )
  })

  it('has no more events than segmentRows, and those in the order of time', async () => {
    const { write, keep, entries, archived } = desk()
    const from = NOW - 100 * day
    const written = await write([5, 3, 1, 4, 0, 2, 6].map((ms) => ({ occurredAt: from + ms })))
    await keep({ segmentRows: 3 })
    expect((await entries()).map(({ count }) => count)).toEqual([3, 3, 1])
    expect((await archived()).map(withoutTime)).toEqual(
      written.toSorted((one, other) => one.occurredAt - other.occurredAt),
    )
  })

  it('has no more of records than segmentBytes, but for one that is larger by itself', async () => {
    const { write, keep, entries } = desk()
    const lengths = [40, 60, 1, 500, 100, 99, 2]
    await write(
      lengths.map((length, ms) => ({ occurredAt: NOW - 100 * day + ms, record: record(length) })),
    )
    await keep({ segmentBytes: 100 })
    expect((await entries()).map(({ count }) => count)).toEqual([2, 1, 1, 1, 1, 1])
  })

  it('has a manifest that says what it holds, after the one before it', async () => {
    const { aged, keep, entries } = desk()
    const [first, second] = await aged([101, 100], { tenant: 'a' })
    await keep()
    const manifests = (await entries()).map(({ manifest }) => manifestIn(manifest))
    expect(manifests.map(({ number, first }) => [number, first.id])).toEqual([
      [1, first?.id],
      [2, second?.id],
    ])
    expect(manifests[0]).toMatchObject({ previous: null, tenant: 'a', count: 1, archivedAt: NOW })
    expect(manifests[1]?.previous).toMatch(/^[0-9a-f]{64}$/)
  })

  it('lies beside its manifest in the archive, as in the books', async () => {
    const { aged, keep, entries, objects } = desk()
    await aged([101, 100])
    await keep()
    const all = await entries()
    expect(manifestsIn(objects.objects)).toEqual(all.map(({ manifest }) => manifest))
    for (const { place } of all) expect(objects.objects.has(place)).toBe(true)
  })
})
