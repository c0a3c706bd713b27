import { memory } from '../../../adapters/store/memory.ts'
import type { AuditStore } from '../../../src/ports/store.ts'
import { rowOf } from '../../conformance/rows.ts'

/** A store with one event that is due, whenever a run starts. */
export const dueStore = async (): Promise<AuditStore> => {
  const store = memory()
  await store.append([rowOf({ occurredAt: 0 })])
  return store
}
