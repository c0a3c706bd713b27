import type { EventRow, StoredRow } from '../../src/event/row.ts'
import type { AuditStore } from '../../src/ports/store.ts'

let minted = 0

/** A UUIDv7 that no other call gets: the time, then a counter where the random bits would be. */
export const idAt = (ms: number): string => {
  minted += 1
  const time = Math.max(0, ms).toString(16).padStart(12, '0').slice(-12)
  const count = minted.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${count}`
}

/** A tenant, or another name, that no other test uses. */
export const unique = (prefix: string): string => {
  minted += 1
  return `${prefix}-${minted.toString(36)}`
}

/** A row as `redact()` would make it, with the columns that a test cares about. */
export const rowOf = (columns: Partial<Omit<EventRow, symbol>> = {}): EventRow => {
  const occurredAt = columns.occurredAt ?? 1_767_225_600_000
  const id = columns.id ?? idAt(occurredAt)
  const row = {
    id,
    tenant: null,
    occurredAt,
    kind: 'custom',
    action: 'invoice.refund',
    outcome: 'success',
    actorType: 'user',
    actorId: 'u1',
    targetType: null,
    targetId: null,
    requestId: null,
    method: null,
    route: null,
    status: null,
    ip: null,
    record: JSON.stringify({ id, v: 1 }),
    ...columns,
  }
  // The brand says that redact() made it. These rows are made to be stored, so they say so too.
  return row as EventRow
}

/** As many rows as asked for. */
export const rowsOf = (
  count: number,
  columnsAt: (index: number) => Partial<Omit<EventRow, symbol>>,
): readonly EventRow[] => Array.from({ length: count }, (_, index) => rowOf(columnsAt(index)))

export const idsOf = (rows: readonly { readonly id: string }[]): readonly string[] =>
  rows.map(({ id }) => id)

/** Appends rows, and gives them back as they were stored. */
export const appended = async (
  store: AuditStore,
  rows: readonly EventRow[],
): Promise<readonly StoredRow[]> => {
  await store.append(rows)
  const found = await Promise.all(rows.map(({ id }) => store.get(id)))
  return found.filter((row) => row !== undefined)
}
