import type { SQL } from 'drizzle-orm'
import type { MemberPath } from '../../../src/event/condition.ts'
import type { ReadingStore } from '../../../src/ports/store.ts'
import type { SummaryWords } from '../summary/words.ts'

/** Some events by what an index finds: each of the values in the columns, for each of the tenants. */
export interface Seek {
  /** A tenant, null for none; undefined where the index does not begin with it. */
  readonly tenant: string | null | undefined
  readonly values: readonly string[]
}

/** A column or value of a seek, in a statement for one or for many of them. */
export interface SeekTerms {
  /** Null where there is no tenant, and undefined where it is not asked for. */
  readonly tenant: SQL | null | undefined
  readonly values: readonly SQL[]
}

export type Direction = 'asc' | 'desc'

/** What each dialect says in words of its own. `of` is the name that `audit_events` has in the statement. */
export interface QueryWords {
  /** The column that finds a row fastest. */
  readonly key: 'rowid' | 'id'
  timeOf(ms: number): SQL
  /** A column of times as a number of ms. */
  msOf(column: SQL): SQL
  /** A time that no event is before, or after. */
  readonly first: SQL
  readonly last: SQL
  /** Whether a term has one of the values, of which there are some. */
  oneOf(term: SQL, values: readonly (string | number)[]): SQL
  /** A member of the record if it is a text, or a number, else null. */
  text(of: string, path: MemberPath): SQL
  number(of: string, path: MemberPath): SQL
  /** Whether a member is true, false or null. */
  is(of: string, path: MemberPath, value: boolean | null): SQL
  has(of: string, path: MemberPath, name: string): SQL
  onBehalfOf(of: string, type: string | undefined, ids: readonly string[] | undefined): SQL
  /** Whether a text contains one that is in lower case. */
  contains(text: SQL, part: string): SQL
  startsWith(text: SQL, prefix: string): SQL
  /** The condition, of which is said that few events meet it, so that an index is worth it. */
  rare(condition: SQL): SQL
  /** The column, in a way that no index can be read by. */
  unindexed(column: SQL): SQL
  /** Whether a key is one of a few, which are found first. */
  among(key: SQL, keys: SQL): SQL
  /** The keys that an arm selects, for each of the seeks: all of a tenant, of none, or of any. */
  each(seeks: readonly Seek[], key: 'rowid' | 'id', arm: (terms: SeekTerms) => SQL): SQL
}

/** An index for free text, where there is one. */
export interface TextIndex {
  /** Whether somebody has asked for it. */
  exists(): Promise<boolean>
  /** The ids of events whose records may contain all of the texts; undefined when it cannot look for these. */
  ids(texts: readonly string[]): SQL | undefined
}

/** What a store reads by questions. */
export type QueryingStore = Omit<ReadingStore, 'isArchived'>

export interface Found<Row> {
  readonly rows: readonly Row[]
  /** What was asked for beside them; undefined where there is no row to tell it with. */
  readonly also: unknown
}

/** What a store does for the reading of events. */
export interface QueryRunner<Row> {
  readonly words: QueryWords
  readonly summary: SummaryWords
  readonly text: TextIndex
  /** Reads whole rows; `rest` follows `audit_events`. And a value beside them, which is the same for all rows. */
  rows(rest: SQL, also?: SQL): Promise<Found<Row>>
  /** Reads some values; their names are those of the statement. */
  values(statement: SQL, names: readonly string[]): Promise<readonly (readonly unknown[])[]>
}
