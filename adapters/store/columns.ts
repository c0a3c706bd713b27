import type { StoredRow } from '../../src/event/row.ts'

/** What the table of either dialect must hold: `satisfies` turns a missing column into a compile error. */
export type TableColumns = Readonly<Record<keyof StoredRow, unknown>>
