import * as fc from 'fast-check'
import { memory } from '../../../../adapters/store/memory.ts'
import { createAudit } from '../../../../src/audit.ts'
import type { EventRow } from '../../../../src/event/row.ts'
import { memoryObjects } from '../../../support/objects.ts'

export const now = Date.UTC(2026, 5, 30, 12)
export const day = 86_400_000
export const ambient = { now: () => now }

/** What any event of these tests has, `age` in days. */
export const anyMoment = {
  age: fc.integer({ min: 0, max: 200 }),
  ms: fc.integer({ min: 0, max: 3 }),
  tenant: fc.constantFrom('a', 'b', null),
  outcome: fc.constantFrom('success', 'failure'),
}

export const anySpan = {
  from: fc.integer({ min: 0, max: 200 }).map((age) => now - age * day),
  to: fc.integer({ min: 0, max: 200 }).map((age) => now - age * day + 2),
}

/** The same events twice: in a store that keeps them all, and in one that is to be archived. */
export const twins = async (rows: readonly EventRow[]) => {
  const [all, live] = [memory(ambient), memory(ambient)]
  await all.append(rows)
  await live.append(rows)
  const auditOf = (store: typeof all) => createAudit({ store, ambient, enabled: false })
  return { all, live, objects: memoryObjects(), kept: auditOf(all), audit: auditOf(live) }
}
