// What must not compile. `tsc -b` fails when one of these lines becomes legal.

import type { EventRow } from '../../src/event/row.ts'
import type { DeadLetter } from '../../src/ports/dead-letter.ts'
import type { AuditStore } from '../../src/ports/store.ts'

declare const store: AuditStore
declare const deadLetter: DeadLetter
declare const redacted: EventRow

/** Everything an event row has, but for the mark that only `redact()` can set. */
declare const captured: { readonly [Key in Exclude<keyof EventRow, symbol>]: EventRow[Key] }

// @ts-expect-error an event that was not redacted cannot reach the store
export const stored = store.append([captured])

// @ts-expect-error nor can it be dead-lettered
export const lettered = deadLetter.put([captured])

// @ts-expect-error a redacted event is not changed afterwards
redacted.record = '{}'
