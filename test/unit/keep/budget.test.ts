import { describe, expect, it } from 'vitest'
import { AuditError } from '../../../src/errors.ts'
import type { ObjectStore } from '../../../src/ports/archive.ts'
import { gate } from '../../support/gate.ts'
import { type Desk, day, desk, NOW } from './desk.ts'
import { idsOf } from '../../conformance/rows.ts'
import { idle } from './outcome.ts'

const old = [105, 104, 103, 102, 101]

/** A clock that goes on by so many ms each time that somebody looks at it. */
const ticking = (ms: number): (() => number) => {
  let time = 0
  return () => (time += ms)
}

/** A bucket to which something happens at a put of an event, counted from 1. */
const atPut =
  (at: number, happen: () => unknown) =>
  (objects: ObjectStore): ObjectStore => {
    let puts = 0
    return {
      ...objects,
      put: async (path, bytes, options) => {
        if (path.startsWith('events/') && ++puts === at) await happen()
        await objects.put(path, bytes, options)
      },
    }
  }

describe('a run of keep with a budget', () => {
  it('stops when its time is up, and the next one goes on', async () => {
    const { aged, keep, live, archived } = desk()
    const written = await aged(old)
    const first = await keep({ segmentRows: 1, budgetMs: 10, ambient: { elapsed: ticking(3) } })
    expect(first).toMatchObject({ state: 'stopped', left: 5 - first.moved, more: false })
    expect(first.moved).toBeGreaterThan(0)
    expect(first.left).toBeGreaterThan(0)
    expect(await keep()).toMatchObject({ state: 'done', moved: first.left, left: 0, lagMs: 0 })
    expect(await live()).toEqual([])
    expect(idsOf(await archived())).toEqual(idsOf(written))
  })

  it('moves no more events than it may, also of one day', async () => {
    const { write, keep, archived } = desk()
    await write([0, 1, 2, 3, 4].map((ms) => ({ occurredAt: NOW - 100 * day + ms })))
    expect(await keep({ budgetRows: 3 })).toMatchObject({ state: 'stopped', moved: 3, left: 2 })
    expect(await keep({ budgetRows: 3 })).toMatchObject({ state: 'done', moved: 2, left: 0 })
    expect(await archived()).toHaveLength(5)
  })

  it('deletes no more events than it may', async () => {
    const { aged, keep, live } = desk()
    await aged(old)
    const options = { deleteAfter: '90d', budgetRows: 2 } as const
    expect(await keep(options)).toMatchObject({ state: 'stopped', deleted: 2, left: 3 })
    expect(await live()).toHaveLength(3)
  })

  it('says for how long the oldest has been due that is left', async () => {
    const { aged, keep } = desk()
    await aged(old)
    expect(await keep({ budgetRows: 2 })).toMatchObject({ left: 3, lagMs: (103 - 90) * day })
  })

  it('does nothing when it was aborted before, and says so', async () => {
    const { aged, keep, objects } = desk()
    await aged(old)
    const outcome = await keep({ signal: AbortSignal.abort() })
    expect(outcome).toMatchObject({ state: 'stopped', moved: 0, left: 5 })
    expect(objects.objects.size).toBe(0)
  })

  it('comes to an end when it is aborted, and the next one goes on', async () => {
    const controller = new AbortController()
    const { aged, keep, archived } = desk({ objects: atPut(2, () => controller.abort()) })
    await aged(old)
    const outcome = await keep({ segmentRows: 1, signal: controller.signal })
    expect(outcome).toMatchObject({ state: 'stopped', moved: 2, left: 3 })
    expect(await keep()).toMatchObject({ state: 'done', moved: 3 })
    expect(await archived()).toHaveLength(5)
  })

  it('stops, and does not fail, when a call of the archive was cut off by its signal', async () => {
    const controller = new AbortController()
    const cutOff = atPut(2, () => {
      controller.abort()
      throw new AuditError('AUDIT_ARCHIVE_UNAVAILABLE', 'aborted')
    })
    const { aged, keep, archived, told } = desk({ objects: cutOff })
    await aged(old)
    const outcome = await keep({ segmentRows: 1, signal: controller.signal })
    expect(outcome).toMatchObject({ state: 'stopped', moved: 1, left: 4 })
    expect((await told('audit.keep')).map((event) => event.outcome)).toEqual(['success'])
    expect(await keep()).toMatchObject({ state: 'done', moved: 4 })
    expect(await archived()).toHaveLength(5)
  })

  it('has stopped when the lease was lost while it wrote, and left nothing behind', async () => {
    const made: Desk = desk({
      objects: atPut(2, async () => {
        made.pass(61_000)
        await (await made.store.ledger()).lease('another', 60_000)
      }),
    })
    await made.aged(old)
    const outcome = await made.keep({ segmentRows: 1, budgetMs: 3_600_000 })
    expect(outcome).toMatchObject({ state: 'stopped', moved: 1, left: 4 })
    const events = [...made.objects.objects.keys()].filter((path) => path.startsWith('events/'))
    expect(events).toHaveLength(1)
  })
})

describe('a run of keep that takes longer than its lease', () => {
  const slow = (passing: (ms: number) => void) => (objects: ObjectStore) => ({
    ...objects,
    put: async (path: string, bytes: Uint8Array<ArrayBuffer>) => {
      passing(70_000)
      await objects.put(path, bytes)
    },
  })

  it('archives nothing, since another may have cleared away what it wrote', async () => {
    const made: Desk = desk({ objects: slow((ms) => made.pass(ms)) })
    await made.aged(old)
    expect(await made.keep({ budgetMs: 3_600_000 })).toMatchObject({ state: 'stopped', moved: 0 })
    expect(await made.live()).toHaveLength(5)
    expect(made.objects.objects.size).toBe(0)
  })

  it('archives nothing twice when another run came and went', async () => {
    let other: Promise<unknown> | undefined
    const made: Desk = desk({
      objects: slow((ms) => {
        made.pass(ms)
        other ??= made.keep({ to: made.objects })
      }),
    })
    await made.aged(old)
    await made.keep({ budgetMs: 3_600_000 })
    await other
    await made.keep({ to: made.objects })
    expect(await made.archived()).toHaveLength(5)
    expect(await made.verified()).toMatchObject({ findings: [], events: 5 })
  })
})

describe('two runs of keep at once', () => {
  it('are one run, and one that is busy and did nothing', async () => {
    const [reached, goes] = [gate(), gate()]
    const { aged, keep, told, objects } = desk({
      objects: atPut(1, () => {
        reached.open()
        return goes.passed
      }),
    })
    await aged(old)
    const first = keep()
    await reached.passed
    const before = await told()
    expect(await keep()).toEqual({ ...idle, state: 'busy' })
    expect(objects.objects.size).toBe(0)
    expect(await told()).toEqual(before)
    goes.open()
    expect(await first).toMatchObject({ state: 'done', moved: 5 })
  })
})

describe('a run of keep that writes many objects', () => {
  it('keeps its lease while it writes, however long that takes', async () => {
    const { aged, keep, pass, archived } = desk({
      objects: (objects) => ({
        ...objects,
        put: async (...given) => {
          // Those that are under way at once take most of a lease.
          pass(2_500)
          await objects.put(...given)
        },
      }),
    })
    await aged(Array.from({ length: 40 }, (_, place) => 100 + place))
    expect(await keep()).toMatchObject({ state: 'done', moved: 40 })
    expect(await archived()).toHaveLength(40)
  })
})
