import { describe, expect, it } from 'vitest'
import { redeliver } from '../../../src/deliver/redeliver.ts'
import { memory } from '../../../adapters/store/memory.ts'
import { storeDeadLetter } from '../../../adapters/dead-letter/store.ts'
import { eventsOf, trail } from '../../support/app.ts'
import { faultyStore, memoryLetters, type Schedule } from '../../support/faulty.ts'
import { gate, isSettled } from '../../support/gate.ts'

/** So many letters in a dead letter, and an audit whose store works by the schedule from then on. */
const outage = async (count: number, schedule: Schedule = () => undefined) => {
  const letters = memoryLetters()
  let down = true
  const stored = memory()
  const store = faultyStore(stored, (call, ids) =>
    down ? { when: 'before', how: 'refused' } : schedule(call, ids),
  )
  const made = trail({ store, deadLetter: letters })
  const ids = Array.from({ length: count }, () => made.audit.record({ action: 'a.read' }))
  await made.audit.flush()
  expect(letters.ids().toSorted()).toEqual(ids)
  down = false
  return { ...made, letters, ids, stored }
}

const idsIn = async (store: ReturnType<typeof memory>) =>
  (await eventsOf(store)).map(({ id }) => id)

describe('redeliver', () => {
  it('brings every letter back once and leaves the dead letter empty', async () => {
    const { audit, letters, ids, stored } = await outage(250)
    expect(await redeliver(audit, letters)).toEqual({ delivered: 250, refused: 0, unreadable: 0 })
    expect(await idsIn(stored)).toEqual(ids)
    expect(letters.ids()).toEqual([])
    expect(audit.stats()).toMatchObject({
      captured: 250,
      deadLettered: 250,
      pending: 0,
    })
    expect(await redeliver(audit, letters)).toEqual({ delivered: 0, refused: 0, unreadable: 0 })
  })

  it('stores nothing twice when a letter is there twice, or was stored after all', async () => {
    const { audit, letters, ids, stored } = await outage(3)
    let copies: Parameters<typeof letters.put>[0] = []
    await letters.drain(async (rows) => {
      copies = rows
    })
    await letters.put(copies)
    await letters.put(copies)
    await stored.append(copies.slice(0, 1))
    await redeliver(audit, letters)
    expect(await idsIn(stored)).toEqual(ids)
  })

  it('puts back what the store refuses, brings back the rest, and comes to an end', async () => {
    const refused = new Set<string>()
    const { audit, letters, ids, stored } = await outage(10, (_, sent) =>
      sent.some((id) => refused.has(id)) ? { when: 'before', how: 'refused' } : undefined,
    )
    for (const n of [0, 4, 5]) refused.add(ids[n] ?? '')
    expect(await redeliver(audit, letters, { portion: 4 })).toMatchObject({
      delivered: 7,
      refused: 3,
    })
    expect(letters.ids().toSorted()).toEqual([...refused])
    expect(await idsIn(stored)).toEqual(ids.filter((id) => !refused.has(id)))
    refused.clear()
    expect(await redeliver(audit, letters)).toMatchObject({ delivered: 3, refused: 0 })
    expect((await idsIn(stored)).toSorted()).toEqual(ids)
  })

  it('rejects when the store is not there, and keeps every letter', async () => {
    const { audit, letters, ids } = await outage(5, () => ({ when: 'before', how: 'retriable' }))
    await expect(redeliver(audit, letters)).rejects.toMatchObject({
      code: 'AUDIT_STORE_UNAVAILABLE',
    })
    expect(letters.ids().toSorted()).toEqual(ids)
  })

  it('rejects when the store refuses what a dead letter cannot take back', async () => {
    const { audit, letters, ids } = await outage(1, () => ({ when: 'before', how: 'refused' }))
    await expect(redeliver(audit, { drain: letters.drain })).rejects.toMatchObject({
      code: 'AUDIT_STORE_REFUSED',
    })
    expect(letters.ids()).toEqual(ids)
  })

  it('stops when it is told to', async () => {
    const slow = gate()
    const { audit, letters, ids } = await outage(4, () => ({ when: 'before', how: slow.passed }))
    const stop = new AbortController()
    const run = redeliver(audit, letters, { signal: stop.signal, portion: 2 })
    expect(await isSettled(run)).toBe(false)
    stop.abort(new Error('shutting down'))
    slow.open()
    await expect(run).rejects.toBeInstanceOf(Error)
    expect(letters.ids().toSorted()).toEqual(ids)
  })

  it('comes back from a second store, which forgets nothing, as often as it is asked', async () => {
    const second = memory()
    const { audit, store } = trail()
    const away = trail({
      store: faultyStore(memory(), () => ({ when: 'before', how: 'refused' })),
      deadLetter: storeDeadLetter(second),
    })
    const id = away.audit.record({ action: 'a.read' })
    await away.audit.flush()
    for (const _ of [1, 2]) await redeliver(audit, storeDeadLetter(second))
    expect((await store.page({ limit: 9 })).rows.map((row) => row.id)).toEqual([id])
  })
})
