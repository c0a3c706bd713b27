import { expect } from 'vitest'
import { type AuditEvent, eventSchema } from '../../src/event/schema.ts'
import { eventsOf, type Trail } from '../support/app.ts'
import type { MemoryLetters } from '../support/faulty.ts'

export interface Ends {
  readonly stored: readonly AuditEvent[]
  readonly letters: readonly AuditEvent[]
  readonly lost: readonly AuditEvent[]
  /** Each event that came to an end, once. */
  readonly all: ReadonlyMap<string, AuditEvent>
}

const ids = (events: readonly AuditEvent[]): readonly string[] => events.map(({ id }) => id)

/**
 * Draws up the account after a flush: what was captured is stored, dead-lettered or told as lost; no
 * end is counted that did not come, and nothing is stored twice.
 */
export const account = async (
  { audit, store, losses }: Trail,
  letters?: MemoryLetters,
): Promise<Ends> => {
  await audit.flush()
  const stored = await eventsOf(store)
  const put = (letters?.records() ?? []).map((record) => eventSchema.parse(JSON.parse(record)))
  const lost = losses.flatMap(({ events }) => events)
  const all = new Map([...stored, ...put, ...lost].map((event) => [event.id, event]))

  const stats = audit.stats()
  expect(stats.pending).toBe(0)
  expect(stats.stored + stats.deadLettered + stats.lost).toBe(stats.captured)
  expect(all.size).toBe(stats.captured)
  expect(new Set(ids(stored)).size).toBe(stored.length)
  // A call that failed after it took effect leaves its events in two places, and is counted as failed.
  expect(stored.length).toBeGreaterThanOrEqual(stats.stored)
  expect(new Set(ids(put)).size).toBeGreaterThanOrEqual(stats.deadLettered)
  expect(lost).toHaveLength(stats.lost)
  expect(new Set(ids(lost)).size).toBe(lost.length)
  return { stored, letters: put, lost, all }
}
