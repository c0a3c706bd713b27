import { memory } from '../../../adapters/store/memory.ts'
import { createAudit } from '../../../src/audit.ts'
import type { EventRow, StoredRow } from '../../../src/event/row.ts'
import { type AuditEvent, eventSchema } from '../../../src/event/schema.ts'
import { keep, type KeepOptions, verifyArchive } from '../../../src/keep/keep.ts'
import type { ArchivedRow, ObjectStore } from '../../../src/ports/archive.ts'
import type { Entry } from '../../../src/ports/ledger.ts'
import type { AuditStore } from '../../../src/ports/store.ts'
import { appended, rowOf } from '../../conformance/rows.ts'
import { type MemoryObjects, memoryObjects } from '../../support/objects.ts'
import { archivedIn, isOwn, liveIn, rowsIn } from '../../support/rows.ts'

export const day = 86_400_000
export const NOW = Date.UTC(2026, 6, 1, 12)

export type Written = Partial<Omit<EventRow, symbol>>

/** A trail that is kept, whose clocks the test sets. */
export interface Desk {
  readonly store: AuditStore
  readonly objects: MemoryObjects
  readonly audit: Parameters<typeof keep>[0]
  /** In ms: of the app and of the database. */
  readonly clock: { app: number; database: number }
  /** Lets time go on, by both clocks. */
  pass(ms: number): void
  write(rows: readonly Written[]): Promise<readonly StoredRow[]>
  /** Events of that many days ago. */
  aged(days: readonly number[], more?: Written): Promise<readonly StoredRow[]>
  keep(options?: Partial<KeepOptions>): ReturnType<typeof keep>
  /** The live events, but for those of the audit itself, oldest first. */
  live(): Promise<readonly StoredRow[]>
  /** What manifests tell of and was not expired, but for those of the audit itself, as it lies there. */
  archived(): Promise<readonly ArchivedRow[]>
  entries(): Promise<readonly Entry[]>
  /** The events of the audit itself, in their order. */
  told(action?: string): Promise<readonly AuditEvent[]>
  verified(): ReturnType<typeof verifyArchive>
}

export interface DeskOptions {
  /** What runs and restores see of the store and the bucket, so that a test can break them. */
  readonly store?: (store: AuditStore) => AuditStore
  readonly objects?: (objects: ObjectStore) => ObjectStore
}

export const desk = ({ store: seen, objects: bucketOf }: DeskOptions = {}): Desk => {
  const clock = { app: NOW, database: NOW }
  const store = memory({ now: () => clock.database })
  const objects = memoryObjects()
  const shown = seen?.(store) ?? store
  const to = bucketOf?.(objects) ?? objects
  const now = (): number => clock.app
  const audit = createAudit({ store: shown, retry: { attempts: 1 }, ambient: { now } })

  const write: Desk['write'] = (written) => appended(store, written.map(rowOf))
  return {
    store,
    objects,
    audit,
    clock,
    write,
    entries: async () => (await store.ledger()).entries({ limit: 1_000 }),
    pass: (ms) => {
      clock.app += ms
      clock.database += ms
    },
    aged: (days, more) =>
      write(days.map((age) => ({ occurredAt: clock.app - age * day, ...more }))),
    keep: ({ ambient, ...options } = {}) =>
      keep(audit, {
        ...('policies' in options || 'deleteAfter' in options ? {} : { archiveAfter: '90d' }),
        to,
        ...options,
        ambient: { now, elapsed: now, ...ambient },
      }),
    live: () => liveIn(store),
    archived: async () => (await archivedIn(store, objects)).filter((row) => !isOwn(row)),
    told: async (action) =>
      (await rowsIn(store))
        .filter(isOwn)
        .map(({ record }) => eventSchema.parse(JSON.parse(record)))
        .filter((event) => action === undefined || event.action === action),
    verified: () => verifyArchive(audit, { archive: objects }),
  }
}
