import { expect } from 'vitest'
import { memory } from '../../adapters/store/memory.ts'
import { createAudit } from '../../src/audit.ts'
import type { EventRow, StoredRow } from '../../src/event/row.ts'
import {
  keep,
  type KeepOptions,
  ndjson,
  objectArchive,
  restore,
  type RestoreOptions,
  verifyArchive,
} from '../../src/keep/keep.ts'
import { GRACE } from '../../src/keep/sweep.ts'
import { manifestIn } from '../../src/keep/manifest.ts'
import type { ObjectStore } from '../../src/ports/archive.ts'
import type { AuditStore, Position } from '../../src/ports/store.ts'
import { rowOf } from '../conformance/rows.ts'
import { manifestsIn, memoryObjects } from '../support/objects.ts'

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
  live(): Promise<readonly StoredRow[]>
  /** By id, how often it is in the archive. */
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

  const all = async (): Promise<readonly StoredRow[]> => {
    const rows: StoredRow[] = []
    let after: Position | undefined
    do {
      const page = await store.page({ order: 'oldest', limit: 1_000, after })
      rows.push(...page.rows)
      after = page.next ?? undefined
    } while (after !== undefined)
    return rows.filter(({ action }) => !action.startsWith('audit.'))
  }

  const archived = async (): Promise<readonly StoredRow[]> => {
    const ledger = await store.ledger()
    const rows: StoredRow[] = []
    for (const { manifest } of await ledger.entries({ state: 'kept', limit: 1_000 })) {
      const { place } = manifestIn(manifest)
      for await (const some of objectArchive(objects, ndjson()).read(place))
        for (const { archivedAt: _, ...row } of some) rows.push(row)
    }
    return rows
  }

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
      await store.append(rows)
      const found = await Promise.all(rows.map(({ id }) => store.get(id)))
      return found.filter((row) => row !== undefined)
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
    live: all,
    archived,
    check: async (written, isHeld = () => false) => {
      const byId = (rows: readonly StoredRow[]) => rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))
      const kept = await archived()
      const live = await all()
      // A hold that came between the archive and the live table leaves an event in both.
      const liveAlone = live.filter((row) => !kept.some(({ id }) => id === row.id) || !isHeld(row))
      expect(byId([...kept, ...liveAlone])).toEqual(byId(written))
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
