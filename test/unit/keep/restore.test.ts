import { describe, expect, it } from 'vitest'
import { hold, release, restore, type RestoreOptions } from '../../../src/keep/keep.ts'
import type { ObjectStore } from '../../../src/ports/archive.ts'
import { byTime } from '../../../src/event/order.ts'
import { day, desk, NOW } from './desk.ts'
import { idsOf } from '../../conformance/rows.ts'
import { withoutTime } from '../../support/rows.ts'

const who = { reason: 'incident 42', by: 'ada' }
const all = { from: 0, to: NOW, into: 'live' } as const

/** Some days of two tenants and of none, all of them archived. */
const archivedYear = async () => {
  const made = desk()
  const days = [100, 110, 110, 120, 120, 120, 130]
  const written = await made.write(
    days.map((age, place) => ({
      occurredAt: NOW - age * day + place,
      tenant: ['a', 'b', null][place % 3] ?? null,
      record: `{"text":"\\u2028 é 👍 ${place}",  "n":1.0}`,
    })),
  )
  await made.keep()
  made.pass(day)
  const back = (options: Partial<RestoreOptions> = {}) =>
    restore(made.audit, { ...all, archive: made.objects, ...who, ...options })
  return { ...made, written: written.toSorted(byTime), back }
}

describe('restore into the live table', () => {
  it('brings events back as they were, byte for byte and with the times of then', async () => {
    const { back, live, written } = await archivedYear()
    expect(await live()).toEqual([])
    expect(await back()).toMatchObject({ events: 7, hold: expect.any(String) })
    expect(await live()).toEqual(written)
  })

  it('brings back those of the time that is asked for alone', async () => {
    const { back, live, written } = await archivedYear()
    const [from, to] = [written[1]?.occurredAt ?? 0, written[5]?.occurredAt ?? 0]
    expect(await back({ from: new Date(from), to })).toMatchObject({ events: 4 })
    expect(await live()).toEqual(written.slice(1, 5))
  })

  it.each(['a', null])('brings back those of the tenant %s alone', async (tenant) => {
    const { back, live, written } = await archivedYear()
    await back({ tenant })
    expect(await live()).toEqual(written.filter((row) => row.tenant === tenant))
  })

  it('changes nothing when it is asked for again', async () => {
    const { back, live, written, archived } = await archivedYear()
    const { hold: id } = await back()
    expect(await back({ hold: id })).toMatchObject({ events: 7, hold: id })
    expect(await live()).toEqual(written)
    expect(await archived()).toHaveLength(7)
  })

  it('keeps them live over runs, beside their copies in the archive', async () => {
    const { back, keep, live, written, archived } = await archivedYear()
    await back()
    for (let run = 0; run < 3; run += 1)
      expect(await keep()).toMatchObject({ moved: 0, held: 7, left: 0 })
    expect(await live()).toEqual(written)
    expect(await archived()).toHaveLength(7)
  })

  it('lets them go again when the hold is released, without archiving them twice', async () => {
    const { audit, back, keep, live, archived, entries, verified } = await archivedYear()
    const before = [await archived(), (await entries()).length]
    const { hold: id = '' } = await back()
    await keep()
    await release(audit, id, who)
    expect(await keep()).toMatchObject({ state: 'done', moved: 0, left: 0 })
    expect(await live()).toEqual([])
    expect([await archived(), (await entries()).length]).toEqual(before)
    expect((await verified()).findings).toEqual([])
  })

  it('lets them go as well when no run came between', async () => {
    const { audit, back, keep, live, archived } = await archivedYear()
    const { hold: id = '' } = await back()
    await release(audit, id, who)
    expect(await keep()).toMatchObject({ state: 'done', moved: 0 })
    expect(await live()).toEqual([])
    expect(await archived()).toHaveLength(7)
  })

  it('leaves what another hold covers when its own is released', async () => {
    const { audit, back, keep, live, archived, written } = await archivedYear()
    const other = await hold(audit, { tenant: 'a', ...who })
    const { hold: id = '' } = await back()
    await release(audit, id, who)
    await keep()
    expect(await live()).toEqual(written.filter(({ tenant }) => tenant === 'a'))
    await release(audit, other, who)
    await keep()
    expect(await live()).toEqual([])
    expect(await archived()).toHaveLength(7)
  })

  it('archives nothing twice that is restored and let go while a run is under way', async () => {
    const { audit, back, objects, write, keep, live, archived, written, verified } =
      await archivedYear()
    const more = await write([140, 105].map((age) => ({ occurredAt: NOW - age * day })))
    let restored = false
    const bucket: ObjectStore = {
      ...objects,
      put: async (path, bytes) => {
        await objects.put(path, bytes)
        if (restored) return
        restored = true
        const { hold: id = '' } = await back()
        await release(audit, id, who)
      },
    }
    await keep({ to: bucket, segmentRows: 1 })
    await keep()
    expect(await live()).toEqual([])
    expect(await archived()).toHaveLength(written.length + more.length)
    expect((await verified()).findings).toEqual([])
  })

  it('takes no hold that would let some of it go at once', async () => {
    const { audit, back, live } = await archivedYear()
    const released = await hold(audit, { everything: true, ...who })
    await release(audit, released, who)
    const narrow = [
      await hold(audit, { tenant: 'a', ...who }),
      await hold(audit, { everything: true, from: 1, ...who }),
      await hold(audit, { everything: true, to: NOW - 1, ...who }),
      await hold(audit, { tenant: 'a', actor: 'u1', ...who }),
      await hold(audit, { target: { type: 'invoice' }, ...who }),
    ]
    for (const id of ['none', released, ...narrow])
      await expect(back({ hold: id })).rejects.toMatchObject({
        code: 'AUDIT_OPTION_INVALID',
        detail: expect.stringMatching(/^hold /),
      })
    expect(await live()).toEqual([])
  })

  it('puts nothing back of an object that is not what was written', async () => {
    const { back, objects, live } = await archivedYear()
    const broken: ObjectStore = {
      ...objects,
      get: async (path) => (await objects.get(path))?.fill(7, 20, 21),
    }
    const code = 'AUDIT_ARCHIVE_DAMAGED'
    await expect(back({ archive: broken })).rejects.toMatchObject({ code })
    expect(await live()).toEqual([])
  })
})

describe('restore into the second table', () => {
  it('puts events there as they were, however often, and none beside the live ones', async () => {
    const { back, live, store, entries, archived } = await archivedYear()
    for (let call = 0; call < 2; call += 1)
      expect(await back({ into: 'table' })).toMatchObject({ events: 7, hold: undefined })
    const { table } = await store.ledger()
    const found = (await entries()).map(({ id }) => table.read(`restored:${id}`))
    expect((await Promise.all(found)).flat()).toEqual(await archived())
    expect(await live()).toEqual([])
  })

  it('takes those of the time and the tenant that are asked for', async () => {
    const { back, store, entries, written } = await archivedYear()
    const { occurredAt: from = 0 } = written[2] ?? {}
    await back({ into: 'table', tenant: 'a', from })
    const { table } = await store.ledger()
    const found = (await entries()).map(({ id }) => table.read(`restored:${id}`))
    expect((await Promise.all(found)).flat().map(withoutTime)).toEqual(
      written.filter(({ tenant, occurredAt }) => tenant === 'a' && occurredAt >= from),
    )
  })

  it('places no hold', async () => {
    const { back, store } = await archivedYear()
    await back({ into: 'table' })
    expect(idsOf(await (await store.ledger()).holds())).toEqual([])
  })
})
