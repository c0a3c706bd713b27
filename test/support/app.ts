import { memory } from '../../adapters/store/memory.ts'
import { type Audit, createAudit } from '../../src/audit.ts'
import type { AuditError } from '../../src/errors.ts'
import { type AuditEvent, eventSchema } from '../../src/event/schema.ts'
import type { AuditOptions } from '../../src/options.ts'
import type { AuditStore } from '../../src/ports/store.ts'
import { rowsIn } from './rows.ts'

/** All events of a store, oldest first, each held to the published schema. */
export const eventsOf = async (store: AuditStore): Promise<readonly AuditEvent[]> => {
  const rows = await rowsIn(store)
  return rows.map(({ record }) => eventSchema.parse(JSON.parse(record)))
}

export interface Loss {
  readonly ids: readonly string[]
  readonly events: readonly AuditEvent[]
  readonly error: AuditError
}

export interface Trail {
  readonly audit: Audit
  readonly store: AuditStore
  /** What `onError` was told. */
  readonly errors: { readonly where: string; readonly error: unknown }[]
  /** What `onLoss` was told. */
  readonly losses: Loss[]
  /** Everything that is stored, after a flush. */
  events(): Promise<readonly AuditEvent[]>
  /** The only request event, after a flush. */
  request(): Promise<AuditEvent>
  /** The events that handlers recorded, after a flush. */
  recorded(): Promise<readonly AuditEvent[]>
}

/** The clock of tests: it stands still, so that events are stored in the order of their ids. */
export const NOW = 1_767_225_600_000

/** An audit on the memory store, with everything it tells written down. Retries do not pause. */
export const trail = (options: Partial<AuditOptions> = {}): Trail => {
  const store = typeof options.store === 'object' ? options.store : memory()
  const errors: { where: string; error: unknown }[] = []
  const losses: Loss[] = []
  const audit = createAudit({
    store,
    retry: { base: 0 },
    onError: (where, error) => errors.push({ where, error }),
    onLoss: (events, error) => losses.push({ ids: events.map(({ id }) => id), events, error }),
    ...options,
    ambient: { now: () => NOW, ...options.ambient },
  })
  const events = async (): Promise<readonly AuditEvent[]> => {
    await audit.flush()
    return eventsOf(store)
  }
  return {
    audit,
    store,
    errors,
    losses,
    events,
    request: async () => {
      const found = (await events()).filter(({ kind }) => kind === 'request')
      const [only] = found
      if (only === undefined || found.length > 1) {
        throw new Error(`there are ${found.length} request events, not one`)
      }
      return only
    },
    recorded: async () => (await events()).filter(({ kind }) => kind !== 'request'),
  }
}

/** An execution context that remembers what it was asked to wait for. */
export const executionContext = () => {
  const waited: Promise<unknown>[] = []
  return {
    waited,
    waitUntil(promise: Promise<unknown>): void {
      waited.push(promise)
    },
    passThroughOnException(): void {},
    props: {},
    /** Waits for all of it, as a runtime does. */
    drained: async (): Promise<void> => {
      for (let index = 0; index < waited.length; index += 1) await waited[index]
    },
  }
}
