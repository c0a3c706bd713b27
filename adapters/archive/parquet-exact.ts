import { AuditError } from '../../src/errors.ts'
import { type Cells, checkRow } from '../../src/keep/archive/format/cells.ts'
import { numberText } from '../../src/keep/archive/format/numbers.ts'
import type { ArchivedRow } from '../../src/ports/archive.ts'
import { isRecord } from '../../src/shape.ts'
import { readersOf, type Shape, type Value } from '../export/columns.ts'

/** The columns of an archive. */
export const shape: Shape = { required: true, archived: true }

const readers = /* @__PURE__ */ readersOf(shape)

/** What a reader makes of what a column holds. */
const read = (value: Value | null): unknown => {
  // No Unicode encoding can hold half a character.
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value === 'bigint') return Number(value)
  // Whole numbers have no -0.
  return value === null ? null : value + 0
}

type Odd = readonly [row: number, cells: Cells]

/** Values that their columns cannot hold, by the numbers of their rows. */
export interface Exact {
  add(row: ArchivedRow): void
  /** JSON; undefined when there are none. */
  text(): string | undefined
}

/**
 * Gathers what does not fit: a status of more than 32 bits or with a fraction, a time that Date does not
 * know, half a character.
 */
export const exactOf = (): Exact => {
  const odd: Odd[] = []
  let count = 0
  return {
    add: (row) => {
      checkRow(row)
      const cells: Record<string, unknown> = {}
      for (const { name, column, read: of } of readers) {
        const value = row[column]
        if (Object.is(read(of(row)), value)) continue
        cells[name] = typeof value === 'number' ? numberText(value) : value
      }
      if (!row.record.isWellFormed()) cells['record'] = row.record
      if (Object.keys(cells).length > 0) odd.push([count, cells])
      count += 1
    },
    text: () => (odd.length === 0 ? undefined : JSON.stringify(odd)),
  }
}

const isOdd = (value: unknown): value is Odd =>
  Array.isArray(value) && typeof value[0] === 'number' && isRecord(value[1])

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    // Its message quotes the text. What is no list is told without it.
    return undefined
  }
}

/**
 * Reads what {@link exactOf} gathered, by the numbers of the rows.
 * @throws {AuditError} AUDIT_ARCHIVE_DAMAGED
 */
export const exactIn = (text: string | undefined): ReadonlyMap<number, Cells> => {
  if (text === undefined) return new Map()
  const list = parsed(text)
  if (Array.isArray(list) && list.every(isOdd)) return new Map(list)
  throw new AuditError('AUDIT_ARCHIVE_DAMAGED', 'no exact values')
}
