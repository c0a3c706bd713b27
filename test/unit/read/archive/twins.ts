import * as fc from 'fast-check'
import { memory } from '../../../../adapters/store/memory.ts'
import { createAudit } from '../../../../src/audit.ts'
import type { AuditStore } from '../../../../src/ports/store.ts'
import { hold, keep, type KeepOptions, release, restore } from '../../../../src/keep/keep.ts'
import type { EventRow } from '../../../../src/event/row.ts'
import { memoryObjects } from '../../../support/objects.ts'

export const now = Date.UTC(2026, 5, 30, 12)
export const day = 86_400_000
export const ambient = { now: () => now }

/** What any event of these tests has, `age` in days. */
export const anyMoment = {
  // Of few days, so that objects of several tenants and runs reach over the same time.
  age: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.constantFrom(1, 61, 110, 125)),
  ms: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3_600_000 })),
  tenant: fc.constantFrom('a', 'b', null),
  outcome: fc.constantFrom('success', 'failure'),
}

export const anySpan = {
  from: fc.integer({ min: 0, max: 200 }).map((age) => now - age * day),
  to: fc.integer({ min: 0, max: 200 }).map((age) => now - age * day + 2),
}

/** Gives a store that is empty and migrated. */
export type Open = () => Promise<AuditStore>

const inMemory: Open = async () => memory(ambient)

/** The same events twice: in a store that keeps them all, and in one that is to be archived. */
export const twins = async (rows: readonly EventRow[], open: Open = inMemory) => {
  const [all, live] = [await open(), await open()]
  await all.append(rows)
  await live.append(rows)
  const auditOf = (store: typeof all) => createAudit({ store, ambient, enabled: false })
  return { all, live, objects: memoryObjects(), kept: auditOf(all), audit: auditOf(live) }
}

type Twins = Awaited<ReturnType<typeof twins>>

/**
 * Archives by a run that is cut off, a hold that comes in between, and another run; then puts some back:
 * these are live and archived.
 */
export const archiveMost = async (
  { audit, objects }: Pick<Twins, 'audit' | 'objects'>,
  policy: Pick<KeepOptions, 'archiveAfter' | 'policies' | 'segmentRows'>,
): Promise<void> => {
  const options = { ...policy, to: objects, ambient }
  await keep(audit, { ...options, budgetRows: 5 })
  const id = await hold(audit, { tenant: 'a', reason: 'a case', by: 'counsel' })
  await keep(audit, options)
  await release(audit, id, { reason: 'closed', by: 'counsel' })
  await restore(audit, {
    from: now - 132 * day,
    to: now - 100 * day,
    archive: objects,
    into: 'live',
    reason: 'looked into',
    by: 'ada',
  })
}
