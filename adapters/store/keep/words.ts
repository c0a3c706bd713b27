import type { SQL } from 'drizzle-orm'
import type { Condition } from '../../../src/event/condition.ts'
import type { ArchivedRow } from '../../../src/ports/archive.ts'

export type ColumnType = 'text' | 'integer' | 'time'

/** Members of an object that become columns, and of which type. */
export type Columns<Row extends object> = readonly (readonly [
  member: keyof Row & string,
  type: ColumnType,
])[]

/** `select terms from from`. */
export interface Rows {
  readonly terms: SQL
  readonly from: SQL
}

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
  /** Whether a term has one of the values, of which there are some. */
  oneOf(term: SQL, values: readonly string[]): SQL
  /** Whether nobody else writes while a statement of this database does. */
  readonly oneWriter: boolean
  /** After it nobody places a hold until the transaction ends. */
  readonly stopHolds: readonly SQL[]
  /** Objects as rows, handed over as one parameter. */
  rows<Row extends object>(rows: readonly Row[], columns: Columns<Row>): Rows
  /** The condition on events, by the name `audit_events`. */
  condition(where: Condition): SQL
}

/** What a store does for its ledger. */
export interface LedgerRunner {
  readonly words: LedgerWords
  /** Reads some values; their names are those of the statement. */
  values(statement: SQL, names: readonly string[]): Promise<readonly (readonly unknown[])[]>
  /**
   * Runs all statements or none, in one transaction, and reads the values that they give, one's behind the
   * other's: over HTTP in one request.
   */
  returning(
    statements: readonly SQL[],
    names: readonly string[],
  ): Promise<readonly (readonly unknown[])[]>
  /** Reads whole rows of the second table; `rest` follows its name. */
  archived(rest: SQL): Promise<readonly ArchivedRow[]>
}

/** What the parts of a ledger are made with. */
export interface LedgerMeans extends LedgerRunner {
  /** Runs all statements or none, in one transaction. */
  write(statements: readonly SQL[]): Promise<void>
}
