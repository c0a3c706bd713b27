import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { redeliver } from '../../src/deliver/redeliver.ts'
import { memory } from '../../adapters/store/memory.ts'
import { eventsOf, executionContext, trail } from '../support/app.ts'
import {
  always,
  breaks,
  type Fault,
  faultyLetters,
  faultyStore,
  FOREIGN_SECRET,
  inOrder,
  memoryLetters,
} from '../support/faulty.ts'
import { gate, turn } from '../support/gate.ts'
import { account } from './account.ts'

const faults: readonly Fault[] = (['before', 'after'] as const).flatMap((when) =>
  breaks.map((how) => ({ when, how })),
)
/** A call that hangs is ended by this; nothing else waits for it. */
const deadline = 40

const appOf = ({ audit }: ReturnType<typeof trail>, ids: string[]): Hono =>
  new Hono().use(audit.middleware()).get('/', (c) => {
    ids.push(audit.record({ action: 'a.read' }), audit.record({ action: 'b.read' }))
    return c.text('ok', 202, { 'x-a': '1' })
  })

const answerOf = async (response: Response) => [
  response.status,
  [...response.headers],
  await response.text(),
]
const unchanged = await answerOf(
  await new Hono().get('/', (c) => c.text('ok', 202, { 'x-a': '1' })).request('/'),
)

describe.each(['defer', 'await'] as const)('with %s', (delivery) => {
  it.each(faults)(
    'no event is lost when append breaks once $when it took effect: $how',
    async (fault) => {
      const letters = memoryLetters()
      const store = faultyStore(memory(), inOrder(fault))
      const made = trail({ store, deadLetter: letters, delivery, deadline })
      const ids: string[] = []
      const context = executionContext()
      expect(await answerOf(await appOf(made, ids).request('/', {}, {}, context))).toEqual(
        unchanged,
      )
      await context.drained()
      const { all, lost } = await account(made, letters)
      expect(lost).toEqual([])
      expect([...all.keys()]).toEqual(expect.arrayContaining(ids))
      expect(all.size).toBe(3)
      const again = fault.how === 'retriable' || fault.how === 'foreign' || fault.how === 'thrown'
      expect(made.audit.stats().retried).toBe(again ? 3 : 0)
    },
  )

  it.each(faults)(
    'every event is told when append and put break for good $when they took effect: $how',
    async (fault) => {
      const letters = memoryLetters()
      const store = faultyStore(memory(), always(fault))
      const made = trail({
        store,
        deadLetter: faultyLetters(letters, always(fault)),
        delivery,
        deadline,
      })
      const ids: string[] = []
      expect(await answerOf(await appOf(made, ids).request('/'))).toEqual(unchanged)
      const { all, lost, stored } = await account(made, letters)
      expect(all.size).toBe(3)
      expect(lost).toHaveLength(3)
      expect(stored).toHaveLength(fault.when === 'after' ? 3 : 0)
      for (const { error } of made.losses) {
        expect(error.code).toBe('AUDIT_DEAD_LETTER_FAILED')
        expect(String(error)).not.toContain(FOREIGN_SECRET)
      }
    },
  )

  it.each(faults)(
    'the other events come to their end when put breaks once $when it took effect: $how',
    async (fault) => {
      const letters = memoryLetters()
      const store = faultyStore(memory(), always({ when: 'before', how: 'refused' }))
      const made = trail({
        store,
        deadLetter: faultyLetters(letters, inOrder(fault)),
        delivery,
        deadline,
      })
      const ids: string[] = []
      expect(await answerOf(await appOf(made, ids).request('/'))).toEqual(unchanged)
      const { all, lost } = await account(made, letters)
      expect(all.size).toBe(3)
      expect(lost).toHaveLength(1)
    },
  )

  it.each(['store', 'deadLetter'] as const)(
    'no event goes unseen when the %s cannot be made',
    async (port) => {
      const throwing = (): never => {
        throw new TypeError(FOREIGN_SECRET)
      }
      const letters = memoryLetters()
      const made = trail({
        store: faultyStore(memory(), always({ when: 'before', how: 'refused' })),
        deadLetter: letters,
        delivery,
        [port]: throwing,
      })
      expect(await answerOf(await appOf(made, []).request('/'))).toEqual(unchanged)
      const { lost } = await account(made, letters)
      expect(lost).toHaveLength(port === 'store' ? 0 : 3)
      expect(letters.ids()).toHaveLength(port === 'store' ? 3 : 0)
    },
  )
})

describe('a slow database', () => {
  it('delays no response and no other request, however many come', async () => {
    const slow = gate()
    const made = trail({
      store: faultyStore(memory(), always({ when: 'before', how: slow.passed })),
    })
    const app = appOf(made, [])
    const answers = await Promise.all(
      Array.from({ length: 100 }, async () => answerOf(await app.request('/'))),
    )
    expect(answers).toEqual(Array(100).fill(unchanged))
    expect(made.audit.stats()).toMatchObject({ captured: 300, pending: 300 })
    slow.open()
    expect((await account(made)).stored).toHaveLength(300)
  })

  it('fills the queue no further than it may, and what overflows is in the dead letter', async () => {
    const slow = gate()
    const letters = memoryLetters()
    const made = trail({
      store: faultyStore(memory(), always({ when: 'before', how: slow.passed })),
      deadLetter: letters,
      queue: { events: 10 },
    })
    const app = appOf(made, [])
    for (let count = 0; count < 50; count += 1) {
      await app.request('/')
      await turn()
    }
    slow.open()
    const { all, stored } = await account(made, letters)
    expect(all.size).toBe(150)
    expect(stored.length).toBeLessThanOrEqual(10 + 100)
    expect(letters.ids().length).toBe(150 - stored.length)
  })

  it('has its late answer ignored: what it stored after the deadline is not stored again', async () => {
    const late = gate()
    const letters = memoryLetters()
    const made = trail({
      store: faultyStore(memory(), inOrder({ when: 'before', how: late.passed })),
      deadLetter: letters,
      deadline,
    })
    made.audit.record({ action: 'a.read' })
    await account(made, letters)
    expect(letters.ids()).toHaveLength(1)
    late.open()
    await redeliver(made.audit, letters)
    expect(await eventsOf(made.store)).toHaveLength(1)
    expect(letters.ids()).toEqual([])
  })
})
