import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { memory } from '../../../adapters/store/memory.ts'
import type { AuditOptions } from '../../../src/options.ts'
import { eventsOf, trail } from '../../support/app.ts'
import { faultyStore, inOrder, memoryLetters, type Schedule } from '../../support/faulty.ts'
import { gate, until } from '../../support/gate.ts'

/** Records so many events while the first write is under way. */
const gathered = async (options: Partial<AuditOptions>, count: number, note = '') => {
  const first = gate()
  const store = faultyStore(memory(), inOrder({ when: 'before', how: first.passed }))
  const made = trail({ ...options, store })
  made.audit.record({ action: 'first.one' })
  await until(() => store.calls.length === 1)
  const ids = Array.from({ length: count }, () =>
    made.audit.record({ action: 'a.read', metadata: { note } }),
  )
  return { ...made, store, ids, open: () => first.open() }
}

describe('group commit', () => {
  it('writes what gathers during one write with the next', async () => {
    const { audit, open, store, ids } = await gathered({}, 50)
    open()
    await audit.flush()
    expect(store.calls.map((call) => call.length)).toEqual([1, 50])
    expect(store.calls[1]).toEqual(ids)
  })

  it('has one write under way at a time', async () => {
    let running = 0
    let most = 0
    const stored = memory()
    const { audit } = trail({
      batch: { events: 3 },
      store: {
        ...stored,
        append: async (...call) => {
          most = Math.max(most, ++running)
          await stored.append(...call)
          running -= 1
        },
      },
    })
    for (let count = 0; count < 20; count += 1) audit.record({ action: 'a.read' })
    await audit.flush()
    expect(most).toBe(1)
    expect(await eventsOf(stored)).toHaveLength(20)
  })

  it('writes no more events at once than it may', async () => {
    const { audit, open, store } = await gathered({ batch: { events: 7 } }, 20)
    open()
    await audit.flush()
    expect(store.calls.map((call) => call.length)).toEqual([1, 7, 7, 6])
  })

  it('writes no more bytes at once than it may, and a larger event alone', async () => {
    const { audit, open, store } = await gathered({ batch: { bytes: 2_048 } }, 4, 'x'.repeat(700))
    audit.record({ action: 'a.read', metadata: { note: 'x'.repeat(4_000) } })
    open()
    await audit.flush()
    expect(store.calls.map((call) => call.length)).toEqual([1, 2, 2, 1])
  })

  it('cuts the events of one request to what one write may hold', async () => {
    const { audit, store, events } = trail({ batch: { events: 7 } })
    const calls: number[] = []
    const { append } = store
    Object.assign(store, {
      append: (...call: Parameters<typeof append>) => {
        calls.push(call[0].length)
        return append(...call)
      },
    })
    const app = new Hono().use(audit.middleware()).get('/', (c) => {
      for (let count = 0; count < 19; count += 1) audit.record({ action: 'a.read' })
      return c.text('ok')
    })
    await app.request('/')
    expect(await events()).toHaveLength(20)
    expect(calls).toEqual([7, 7, 6])
  })
})

describe('the queue', () => {
  it('takes no more events than it may: the others go to the dead letter at once', async () => {
    const letters = memoryLetters()
    const { audit, open, ids, store, losses } = await gathered(
      { queue: { events: 5 }, deadLetter: letters },
      8,
    )
    await until(() => audit.stats().deadLettered === 3)
    expect(letters.ids().toSorted()).toEqual(ids.slice(5))
    open()
    await audit.flush()
    expect(store.calls[1]).toEqual(ids.slice(0, 5))
    expect(audit.stats()).toMatchObject({
      captured: 9,
      stored: 6,
      deadLettered: 3,
      lost: 0,
      pending: 0,
    })
    expect(losses).toEqual([])
  })

  it('takes no more bytes than it may, and tells the loss where there is no dead letter', async () => {
    const { audit, open, ids, losses } = await gathered(
      { queue: { bytes: 2_048 } },
      3,
      'x'.repeat(800),
    )
    open()
    await audit.flush()
    expect(losses.map((loss) => [loss.ids, loss.error.code])).toEqual([
      [ids.slice(2), 'AUDIT_QUEUE_FULL'],
    ])
  })

  it('has one put of the dead letter under way at a time, and bounds what waits for it too', async () => {
    const slow = gate()
    const calls: (readonly string[])[] = []
    const { audit, open, ids, losses } = await gathered(
      {
        queue: { events: 5 },
        deadLetter: {
          put: (rows) => {
            calls.push(rows.map(({ id }) => id))
            return slow.passed
          },
        },
      },
      5,
    )
    ids.push(audit.record({ action: 'a.read' }))
    await until(() => calls.length === 1)
    for (let count = 0; count < 8; count += 1) ids.push(audit.record({ action: 'a.read' }))
    await until(() => losses.length === 3)
    slow.open()
    open()
    await audit.flush()
    expect(calls).toEqual([ids.slice(5, 6), ids.slice(6, 11)])
    expect(losses.flatMap((loss) => loss.ids)).toEqual(ids.slice(11))
    expect(new Set(losses.map(({ error }) => error.code))).toEqual(new Set(['AUDIT_QUEUE_FULL']))
    expect(audit.stats()).toMatchObject({ captured: 15, stored: 6, deadLettered: 6, lost: 3 })
  })

  it('takes events again when it has emptied', async () => {
    const { audit, open, losses } = await gathered({ queue: { events: 2 } }, 3)
    open()
    await audit.flush()
    audit.record({ action: 'a.read' })
    await audit.flush()
    expect(losses).toHaveLength(1)
    expect(audit.stats()).toMatchObject({ captured: 5, stored: 4, lost: 1 })
  })
})

describe('a poisoned event', () => {
  const poisoned = async (count: number, poison: readonly number[]) => {
    const ids: string[] = []
    const schedule: Schedule = (call, sent) =>
      call > 0 && sent.some((id) => poison.includes(ids.indexOf(id)))
        ? { when: 'before', how: 'refused' }
        : undefined
    const first = gate()
    const store = faultyStore(memory(), (call, sent) =>
      call === 0 ? { when: 'before', how: first.passed } : schedule(call, sent),
    )
    const letters = memoryLetters()
    const made = trail({ store, deadLetter: letters })
    made.audit.record({ action: 'first.one' })
    await until(() => store.calls.length === 1)
    for (let n = 0; n < count; n += 1) ids.push(made.audit.record({ action: 'a.read' }))
    first.open()
    await made.audit.flush()
    return { ...made, store, ids, letters }
  }

  it.each([0, 13, 99])(
    'at place %i is set aside, and its batch is stored without it',
    async (place) => {
      const { ids, letters, store, audit } = await poisoned(100, [place])
      expect(letters.ids()).toEqual([ids[place]])
      const stored = (await eventsOf(store)).map(({ id }) => id)
      expect(stored.slice(1)).toEqual(ids.filter((_, n) => n !== place))
      expect(audit.stats()).toMatchObject({
        captured: 101,
        stored: 100,
        deadLettered: 1,
        retried: 0,
      })
      // The whole, then two halves for each level.
      expect(store.calls.length - 1).toBeLessThanOrEqual(1 + 2 * Math.ceil(Math.log2(100)))
    },
  )

  it('is not alone: each is set aside', async () => {
    const { ids, letters } = await poisoned(10, [0, 4, 5, 9])
    expect(letters.ids().toSorted()).toEqual([0, 4, 5, 9].map((n) => ids[n]))
  })
})
