import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { every, type EveryOptions } from '../../../adapters/schedule/croner.ts'
import { memory } from '../../../adapters/store/memory.ts'
import { createAudit } from '../../../src/audit.ts'
import { AuditError } from '../../../src/errors.ts'
import type { ObjectStore } from '../../../src/ports/archive.ts'
import { memoryObjects } from '../../support/objects.ts'
import { told } from '../../unit/keep/told.ts'
import { run } from '../runtime/child.ts'
import { dueStore } from '../../unit/keep/due-store.ts'

const NOON = Date.UTC(2026, 0, 1, 12)
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** The job of an audit with one event that is due. */
const worldOf = async (more: Partial<EveryOptions> = {}) => {
  const store = await dueStore()
  const objects = memoryObjects()
  const errors: unknown[] = []
  const job = every(createAudit({ store }), {
    schedule: '17 3 * * *',
    archiveAfter: '90d',
    to: objects,
    onError: (error) => errors.push(error),
    ...more,
  })
  /** States of the runs that ended, the first first. */
  const states = async (): Promise<readonly unknown[]> => {
    const { rows } = await store.page({ action: 'audit.keep', order: 'oldest', limit: 10 })
    return rows.map(({ record, outcome }) => JSON.parse(record).data.state ?? outcome)
  }
  return { store, job, objects, errors, states }
}

/** Objects whose first `put` waits, and what lets it go on. It is reached with the signal of the run. */
const gatedObjects = () => {
  const gate = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<AbortSignal | undefined>()
  const objects = memoryObjects()
  const put: ObjectStore['put'] = async (...given) => {
    reached.resolve(given[2]?.signal)
    await gate.promise
    await objects.put(...given)
  }
  return { to: { ...objects, put }, reached: reached.promise, open: () => gate.resolve() }
}

describe('every, by a clock that the test sets', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOON, toFake: ['Date', 'setTimeout', 'clearTimeout'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('runs each time that its schedule says, in UTC, and not before', async () => {
    const times = new Set<string>()
    let fired = Promise.withResolvers<void>()
    const to = () => {
      times.add(new Date().toISOString())
      fired.resolve()
      return memoryObjects()
    }
    const { job, errors } = await worldOf({ to })
    await vi.advanceTimersByTimeAsync(15 * hour + 16 * minute)
    expect(times.size).toBe(0)
    await vi.advanceTimersByTimeAsync(minute)
    for (const wait of [day, day]) {
      await fired.promise
      // Waits for that run; should it have ended, one more of the same moment does no harm.
      await job.trigger()
      fired = Promise.withResolvers()
      await vi.advanceTimersByTimeAsync(wait)
    }
    await fired.promise
    await job.stop()
    await vi.advanceTimersByTimeAsync(7 * day)
    expect([...times]).toEqual([
      '2026-01-02T03:17:00.000Z',
      '2026-01-03T03:17:00.000Z',
      '2026-01-04T03:17:00.000Z',
    ])
    expect(errors).toEqual([])
  })
})

describe('every', () => {
  it('runs when it is triggered', async () => {
    const { job, objects, errors, states } = await worldOf()
    await job.trigger()
    expect(objects.objects.size).toBe(2)
    await job.trigger()
    expect(await states()).toEqual(['done', 'done'])
    expect(errors).toEqual([])
    await job.stop()
  })

  it('waits for the run under way instead of beginning another', async () => {
    const { to, reached, open } = gatedObjects()
    const { job, states } = await worldOf({ to })
    const first = job.trigger()
    await reached
    const second = job.trigger()
    open()
    await Promise.all([first, second])
    expect(await states()).toEqual(['done'])
    await job.stop()
  })

  it('tells of a run that failed, and runs again', async () => {
    const error = new AuditError('AUDIT_ARCHIVE_UNAVAILABLE', 'ENOSPC write')
    const objects = memoryObjects()
    const puts = [() => Promise.reject(error)]
    const to: ObjectStore = { ...objects, put: (...given) => (puts.pop() ?? objects.put)(...given) }
    const { job, errors, states } = await worldOf({ to })
    await job.trigger()
    expect(errors).toEqual([error])
    await job.trigger()
    expect(errors).toEqual([error])
    expect(await states()).toEqual(['failure', 'done'])
    await job.stop()
  })

  it('ends the run under way when it is stopped, and begins none after', async () => {
    const { to, reached, open } = gatedObjects()
    const { job, errors, states } = await worldOf({ to })
    const running = job.trigger()
    const signal = await reached
    expect(signal?.aborted).toBe(false)
    const stopped = job.stop()
    expect(signal?.aborted).toBe(true)
    expect(await states()).toEqual([])
    open()
    await stopped
    expect(await states()).toHaveLength(1)
    await running
    await job.trigger()
    expect(await states()).toHaveLength(1)
    expect(errors).toEqual([])
  })

  it.each<[string, Partial<EveryOptions> | object, string]>([
    ['a date', { schedule: '2026-01-01T00:00:00Z' }, 'schedule must be five fields'],
    ['six fields', { schedule: '0 17 3 * * *' }, 'schedule must be five fields'],
    ['no text', { schedule: 5 }, 'schedule must be five fields'],
    ['words', { schedule: 'every day at three o’clock' }, 'schedule is no cron expression'],
    ['a day that never comes', { schedule: '17 3 30 2 *' }, 'schedule never comes'],
    ['nobody to tell', { onError: undefined }, 'onError must be a function'],
    ['an option of keep', { archiveAfter: '90' }, 'archiveAfter must be'],
  ])('refuses %s when the app starts', (_, more, detail) => {
    const options = { schedule: '17 3 * * *', onError: console.error, to: 'table', ...more }
    const audit = createAudit({ store: memory() })
    expect(told(() => every(audit, options as EveryOptions))).toContain(detail)
  })
})

describe.each(['node', 'bun'] as const)('every on %s', (runtime) => {
  it('archives into a directory, and lets the process end when it is stopped', async () => {
    const home = await mkdtemp(join(tmpdir(), 'edge-audit-every-'))
    try {
      const { lines, code, errors } = await run(runtime, '../schedule/every-app.ts', home)
      expect({ lines, code, errors }).toEqual({
        lines: ['objects 2', 'stopped'],
        code: 0,
        errors: '',
      })
    } finally {
      await rm(home, { recursive: true })
    }
  })
})
