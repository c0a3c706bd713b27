// A stage cannot be left out: what was not redacted is not a row, and no literal makes one.

import type { Captured, Redactor } from '../../src/event/redact.ts'
import type { Columns, EventRow, StoredRow } from '../../src/event/row.ts'
import type { AuditStore } from '../../src/ports/store.ts'

declare const store: AuditStore
declare const redactor: Redactor
declare const captured: Captured
declare const columns: Columns
declare const stored: StoredRow
declare const row: EventRow

export const good: Promise<void> = store.append([redactor.redact(captured)])

// @ts-expect-error what was captured is not redacted
export const raw = store.append([captured])

// @ts-expect-error an object literal cannot be made a row
export const literal: EventRow = { ...columns, record: '{}' }

// @ts-expect-error a row that was read is not one that may be written
export const again = store.append([stored])

// @ts-expect-error one row is not a list of rows
export const single = store.append(row)

export const copied: EventRow = { ...row }

// @ts-expect-error a row that lost its record is none
export const { record: _, ...withoutRecord }: { record: string } & EventRow = { ...columns }

// @ts-expect-error a row is not captured again
export const twice = redactor.redact(row)

// @ts-expect-error a kind is one of the known words
export const kind: Captured = { ...captured, kind: 'login' }

// @ts-expect-error an outcome is one of the known words
export const outcome: Captured = { ...captured, outcome: 'ok' }
