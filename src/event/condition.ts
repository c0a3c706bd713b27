import type { Columns } from './row.ts'

/** A column that can be asked for; when it happened is asked for by a span. */
export type FilterColumn = Exclude<keyof Columns, 'id' | 'occurredAt'>

/** A member of the record, from its root: `['data', 'durationMs']`. Lists have no members. */
export type MemberPath = readonly [string, ...string[]]

export type Scalar = string | number | boolean | null

/**
 * What is asked of an event. Every store decides it alike; `test/conformance/conditions.ts` holds them
 * to that. Texts are compared by their bytes, save where it says otherwise. Of a record that is no
 * JSON, or holds another type than is asked for, nothing is true.
 */
export type Condition =
  /** All of them; of none it is true. */
  | { readonly and: readonly Condition[] }
  /** Any of them; of none it is false. */
  | { readonly or: readonly Condition[] }
  | { readonly not: Condition }
  /** The column has one of the values; null is a column without one. Of no values it is false. */
  | { readonly column: FilterColumn; readonly in: readonly (string | number | null)[] }
  | { readonly column: Exclude<FilterColumn, 'status'>; readonly prefix: string }
  /** `from` is included, `to` is not. */
  | {
      readonly column: 'status' | 'occurredAt'
      readonly from?: number | undefined
      readonly to?: number | undefined
    }
  /** `ip` is an address in the network: `10.0.0.0/8`, `2001:db8::/32`. */
  | { readonly network: string }
  | { readonly member: MemberPath; readonly in: readonly Scalar[] }
  | { readonly member: MemberPath; readonly prefix: string }
  /** A text that contains this one, whatever the case of A to Z. */
  | { readonly member: MemberPath; readonly contains: string }
  /** A number that is as large, or larger. */
  | { readonly member: MemberPath; readonly least: number }
  /** An object that has a member of this name, whatever its value. */
  | { readonly member: MemberPath; readonly has: string }
  | PartyCondition
  /** The record contains the text, as JSON writes it, whatever the case of A to Z. */
  | { readonly text: string }
  /**
   * It is the last event about its first target, of those of its tenant and kind that meet the
   * condition; false of an event without a target.
   */
  | { readonly lastOf: Condition }

/** One of the targets, or of those on whose behalf the actor acted, is of this type and has one of these ids. */
export interface PartyCondition {
  readonly some: 'targets' | 'onBehalfOf'
  readonly type?: string | undefined
  readonly ids?: readonly string[] | undefined
}
