import type { SQL } from 'drizzle-orm'
import type { StoredRow } from '../../../src/event/row.ts'
import type { ArchivedRow } from '../../../src/ports/archive.ts'

/** What each dialect says in words of its own. */
export interface LedgerWords {
  /** The clock of the database, as a column of times holds it. */
  readonly clock: SQL
  /** So many ms from now. */
  later(ms: number): SQL
  timeOf(ms: number): SQL
  /** A column of times as a number of ms. */
  msOf(column: SQL): SQL
  flag(yes: boolean): SQL
  /** The values, as rows of one column; never empty. */
  list(values: readonly string[]): SQL
  /** After it nobody places a hold until the transaction ends. */
  readonly stopHolds: readonly SQL[]
  /** Adds rows to the second table, as part of a segment. */
  archive(rows: readonly ArchivedRow[], segment: string): SQL
  /** Adds rows to the live table, with the times at which it took them before. */
  restore(rows: readonly StoredRow[]): SQL
}

/** What a store does for its ledger. */
export interface LedgerRunner {
  readonly words: LedgerWords
  /** Reads some values; their names are those of the statement. */
  values(statement: SQL, names: readonly string[]): Promise<readonly (readonly unknown[])[]>
  /** Runs all statements or none, in one transaction. */
  write(statements: readonly SQL[]): Promise<void>
  /** Reads whole rows of the second table; `rest` follows its name. */
  archived(rest: SQL): Promise<readonly ArchivedRow[]>
}
