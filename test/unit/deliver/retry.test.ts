import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { memory } from '../../../adapters/store/memory.ts'
import { AuditError } from '../../../src/errors.ts'
import type { AuditOptions } from '../../../src/options.ts'
import { trail } from '../../support/app.ts'
import { always, type Break, faultyStore, inOrder, memoryLetters } from '../../support/faulty.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const dice = (byte: number) => (bytes: Uint8Array<ArrayBuffer>) => bytes.fill(byte)

/** When each attempt was made, in ms since the first. */
const attempts = async (how: Break, random: number, options: Partial<AuditOptions> = {}) => {
  const at: number[] = []
  const store = faultyStore(memory(), () => {
    at.push(performance.now())
    return { when: 'before', how }
  })
  const made = trail({ store, ambient: { random: dice(random) }, retry: {}, ...options })
  made.audit.record({ action: 'a.read' })
  const state = { done: false }
  const flushed = made.audit.flush().then(() => (state.done = true))
  while (!state.done) {
    await new Promise((resolve) => setImmediate(resolve))
    await vi.advanceTimersToNextTimerAsync()
  }
  await flushed
  return { ...made, after: at.map((time) => Math.round(time - (at[0] ?? 0))) }
}

describe('a retry', () => {
  it('comes after pauses that double, as far as the dice let them', async () => {
    const { after, audit, losses } = await attempts('retriable', 255)
    expect(after).toEqual([0, 100, 300, 700, 1_500])
    expect(audit.stats()).toMatchObject({ retried: 4, lost: 1 })
    expect(losses[0]?.error.code).toBe('AUDIT_STORE_UNAVAILABLE')
    expect((await attempts('retriable', 51)).after).toEqual([0, 20, 60, 140, 300])
    expect((await attempts('retriable', 0)).after).toEqual([0, 0, 0, 0, 0])
  })

  it('heeds attempts, first and longest pause of the app', async () => {
    const retry = { attempts: 6, base: 10, max: 50 }
    expect((await attempts('retriable', 255, { retry })).after).toEqual([0, 10, 30, 70, 120, 170])
    expect((await attempts('retriable', 255, { retry: { attempts: 1 } })).after).toEqual([0])
  })

  it.each<[Break, number]>([
    ['retriable', 5],
    ['foreign', 5],
    ['thrown', 5],
    ['refused', 1],
  ])('is made only for what may work the next time: %s', async (how, count) => {
    expect((await attempts(how, 0)).after).toHaveLength(count)
  })

  it('is not made where the tables are missing', async () => {
    const stored = memory()
    const append = vi.fn<typeof stored.append>(() =>
      Promise.reject(new AuditError('AUDIT_STORE_NOT_MIGRATED')),
    )
    const { audit, losses } = trail({ store: { ...stored, append } })
    audit.record({ action: 'a.read' })
    await audit.flush()
    expect(append).toHaveBeenCalledOnce()
    expect(losses[0]?.error.code).toBe('AUDIT_STORE_NOT_MIGRATED')
  })

  it('stores the event once when an attempt worked and only its answer was lost', async () => {
    const store = faultyStore(memory(), inOrder({ when: 'after', how: 'retriable' }))
    const { audit, events } = trail({ store, ambient: { random: dice(0) } })
    audit.record({ action: 'a.read' })
    const flushed = audit.flush()
    await vi.runAllTimersAsync()
    await new Promise((resolve) => setImmediate(resolve))
    await vi.runAllTimersAsync()
    await flushed
    expect(await events()).toHaveLength(1)
    expect(audit.stats()).toMatchObject({ captured: 1, stored: 1, retried: 1 })
  })
})

describe('the deadline', () => {
  it('ends an attempt that hangs, tells the store to give up, and leaves time for the dead letter', async () => {
    let signal: AbortSignal | undefined
    const letters = memoryLetters()
    const { after, audit } = await attempts('hang', 0, {
      deadline: 1_000,
      deadLetter: letters,
      store: {
        ...memory(),
        append: (_, options) => {
          signal = options?.signal
          return new Promise(() => undefined)
        },
      },
    })
    expect(after).toEqual([])
    expect(signal?.aborted).toBe(true)
    expect(letters.ids()).toHaveLength(1)
    expect(audit.stats()).toMatchObject({ deadLettered: 1, pending: 0 })
  })

  it('bounds all attempts and pauses together', async () => {
    const started = performance.now()
    const { after } = await attempts('retriable', 255, {
      deadline: 1_000,
      retry: { attempts: 50, base: 10_000, max: 60_000 },
    })
    expect(after).toEqual([0])
    expect(performance.now() - started).toBeLessThanOrEqual(1_000)
  })

  it('bounds a dead letter that hangs: the event is told as lost', async () => {
    const { losses, audit } = await attempts('refused', 0, {
      deadline: 1_000,
      deadLetter: { put: () => new Promise(() => undefined) },
    })
    expect(losses.map(({ error }) => error.code)).toEqual(['AUDIT_DEAD_LETTER_FAILED'])
    expect(audit.stats()).toMatchObject({ lost: 1, pending: 0 })
  })

  it('leaves no timer behind', async () => {
    await attempts('refused', 0)
    const { audit } = trail({
      store: faultyStore(memory(), always({ when: 'after', how: 'refused' })),
    })
    audit.record({ action: 'a.read' })
    await audit.flush()
    expect(vi.getTimerCount()).toBe(0)
  })
})
