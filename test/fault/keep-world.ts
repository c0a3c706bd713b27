import { expect } from 'vitest'
import { memory } from '../../adapters/store/memory.ts'
import { createAudit } from '../../src/audit.ts'
import { byTime } from '../../src/event/order.ts'
import type { EventRow, StoredRow } from '../../src/event/row.ts'
import {
  keep,
  type KeepOptions,
  restore,
  type RestoreOptions,
  verifyArchive,
} from '../../src/keep/keep.ts'
import { GRACE } from '../../src/keep/run/sweep.ts'
import type { ObjectStore } from '../../src/ports/archive.ts'
import type { AuditStore } from '../../src/ports/store.ts'
import { appended, rowOf } from '../conformance/rows.ts'
import { manifestsIn, memoryObjects } from '../support/objects.ts'
import { archivedIn, liveIn, withoutTime } from '../support/rows.ts'
import { gate } from '../support/gate.ts'

/** What a run is told at each call of a port, before it takes effect and after. */
export type Step = (call: number, when: 'before' | 'after', name: string) => Promise<void> | void

/** A run that was killed does nothing more: every call after it rejects as well. */
export class Killed extends Error {}

/** Kills at one of the calls. */
export const killAt =
  (at: number, moment: 'before' | 'after'): Step =>
  (call, when) => {
    if (call === at && when === moment) throw new Killed('killed')
  }

export interface Halt {
  readonly step: Step
  /** Once the call is reached. */
  readonly reached: Promise<void>
  letGo(): void
}

/** Lets one of the calls stand still until it is let go. */
export const haltAt = (at: number, moment: 'before' | 'after'): Halt => {
  const [reached, goes] = [gate(), gate()]
  const step: Step = (call, when) => {
    if (call !== at || when !== moment) return undefined
    reached.open()
    return goes.passed
  }
  return { step, reached: reached.passed, letGo: goes.open }
}

const day = 86_400_000
export const START = Date.UTC(2026, 5, 30, 12)

type Calls = Readonly<Record<string, unknown>>

/** The object with a step before and after each of its calls. */
const interposed = <Port extends object>(
  port: Port,
  step: (call: number | undefined, name: string) => Promise<number>,
): Port =>
  new Proxy(port, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name)
      if (typeof member === 'object' && member !== null) return interposed(member, step)
      if (typeof member !== 'function' || typeof name !== 'string') return member
      return async (...given: readonly unknown[]): Promise<unknown> => {
        // Several calls may be under way: each keeps its own number.
        const call = await step(undefined, name)
        const result: unknown = await Reflect.apply(member, target, given)
        await step(call, name)
        return typeof result === 'object' && result !== null && name === 'ledger'
          ? interposed(result as Calls, step)
          : result
      }
    },
  })

export interface World {
  readonly store: AuditStore
  readonly objects: ReadonlyMap<string, unknown>
  now(): number
  pass(ms: number): void
  /** Appends events so many days old, of one of the tenants. */
  write(
    ages: readonly number[],
    more?: Partial<Omit<EventRow, symbol>>,
  ): Promise<readonly StoredRow[]>
  run(step?: Step, options?: Partial<KeepOptions>): ReturnType<typeof keep>
  /** Puts everything back into the live table. */
  restore(step?: Step, options?: Partial<RestoreOptions>): ReturnType<typeof restore>
  /** Runs until nothing is left to do, and all that runs left behind is cleared away. */
  settle(options?: Partial<KeepOptions>): Promise<void>
  /** The live events but those of the audit itself, oldest first. */
  live(): Promise<readonly StoredRow[]>
  /** What is in the archive, as it was live. */
  archived(): Promise<readonly StoredRow[]>
  /** Holds all of it to the laws. */
  check(written: readonly StoredRow[], isHeld?: (row: StoredRow) => boolean): Promise<void>
  readonly audit: Parameters<typeof keep>[0]
}

export const world = (): World => {
  let time = START
  let minted = 0
  const now = (): number => time
  const store = memory({ now })
  const objects = memoryObjects()
  const random = (bytes: Uint8Array<ArrayBuffer>): Uint8Array => {
    minted += 1
    return bytes.map((_, at) => (minted * 31 + at * 7) & 0xff)
  }
  const audit = createAudit({ store, ambient: { now } })

  /** The audit and the bucket as a process sees them that may be stopped at any call. */
  const stepped = (step: Step) => {
    let calls = 0
    let dead = false
    const around = async (begun: number | undefined, name: string): Promise<number> => {
      if (dead) throw new Killed('dead')
      const call = begun ?? ++calls
      try {
        await step(call, begun === undefined ? 'before' : 'after', name)
        return call
      } catch (error) {
        dead = true
        throw error
      }
    }
    const port = interposed(store, around)
    const bucket: ObjectStore = interposed(objects, around)
    const mine: Parameters<typeof keep>[0] = {
      store: () => port,
      runAs: (job, fn) => (dead ? Promise.reject(new Killed('dead')) : audit.runAs(job, fn)),
    }
    return { mine, bucket }
  }

  const run: World['run'] = (step = () => undefined, options = {}) => {
    const { mine, bucket } = stepped(step)
    const { random: _, ...ambient } = { now, elapsed: now, random }
    return keep(mine, {
      archiveAfter: '90d',
      to: bucket,
      segmentRows: 4,
      ...options,
      ambient: { ...ambient, ...options.ambient },
    })
  }

  const live = (): Promise<readonly StoredRow[]> => liveIn(store)
  const archived = async (): Promise<readonly StoredRow[]> =>
    (await archivedIn(store, objects)).map(withoutTime)

  return {
    store,
    objects: objects.objects,
    audit,
    now,
    pass: (ms) => {
      time += ms
    },
    write: async (ages, more = {}) => {
      const rows = ages.map((age, place) => {
        const row = rowOf({
          tenant: ['a', 'b', null][place % 3] ?? null,
          occurredAt: time - age * day,
          ...more,
        })
        return { ...row, record: JSON.stringify({ id: row.id, place, text: '\u2028 é "' }) }
      })
      return appended(store, rows)
    },
    run,
    restore: (step = () => undefined, options = {}) => {
      const { mine, bucket } = stepped(step)
      const [from, to] = [0, time + day]
      const terms = { reason: 'an incident', by: 'ada', into: 'live' } as const
      return restore(mine, { from, to, archive: bucket, ...terms, ...options })
    },
    settle: async (options) => {
      for (const wait of [3_600_000, GRACE, GRACE]) {
        time += wait
        expect((await run(undefined, options)).state).toBe('done')
      }
    },
    live,
    archived,
    check: async (written, isHeld = () => false) => {
      const kept = await archived()
      // A hold that came between the archive and the live table leaves an event in both.
      const liveAlone = (await live()).filter(
        (row) => !kept.some(({ id }) => id === row.id) || !isHeld(row),
      )
      expect([...kept, ...liveAlone].toSorted(byTime)).toEqual(written.toSorted(byTime))
      const { findings, events } = await verifyArchive(audit, { archive: objects })
      expect(findings).toEqual([])
      expect(events).toBe(kept.length)
      const ledger = await store.ledger()
      const entries = await ledger.entries({ state: 'kept', limit: 1_000 })
      const places = entries.map(({ place }) => place)
      const found = [...objects.objects.keys()].filter((path) => path.startsWith('events/'))
      expect(found.toSorted()).toEqual(places.toSorted())
      const ever = await ledger.entries({ limit: 1_000 })
      const published = manifestsIn(objects.objects)
      expect(published.toSorted()).toEqual(ever.map(({ manifest }) => manifest).toSorted())
    },
  }
}
