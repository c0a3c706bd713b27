import { fieldLimits } from '../../event/limits.ts'
import type { NewHold } from '../../ports/ledger.ts'
import { type Check, invalid, object, that } from '../../shape.ts'
import { said, saidOrNull } from '../checks.ts'
import { latest } from '../policy/duration.ts'

/**
 * Which events to hold: those that are all of this. Held events are neither moved nor deleted, live or
 * archived, whatever a policy says. At least one of `tenant`, `actor` and `target` is there, or
 * `everything`.
 * @example
 * import type { HoldTerms } from 'edge-audit/keep'
 * const terms: HoldTerms = {
 *   tenant: 'acme',
 *   target: { type: 'invoice', id: '2044' },
 *   reason: 'Case 26-117, letter of 3 March',
 *   by: 'legal@example.com',
 * }
 */
export interface HoldTerms {
  /** Null for events without a tenant. @default those of all tenants, and of none */
  readonly tenant?: string | null | undefined
  /** The id of who acted. */
  readonly actor?: string | undefined
  /** Any target of an event, not only its first; all of the type without an id. */
  readonly target?: { readonly type: string; readonly id?: string | undefined } | undefined
  /** Earliest `occurredAt`, included; ms since 1970 UTC, or a Date. */
  readonly from?: number | Date | undefined
  /** Latest `occurredAt`, not included; after `from`. */
  readonly to?: number | Date | undefined
  /** Events of all tenants, actors and targets; alone, or with `from` and `to`. */
  readonly everything?: true | undefined
  /** At most 1,000 characters. */
  readonly reason: string
  /** Who places it, at most 200 characters. */
  readonly by: string
}

export const time: Check = that(
  'whole milliseconds since 1970, or a Date',
  (value) =>
    (typeof value === 'number' || value instanceof Date) &&
    Number.isInteger(Number(value)) &&
    Number(value) >= 0 &&
    Number(value) <= latest,
)

const shape = object(
  {
    tenant: saidOrNull(fieldLimits.tenant),
    actor: said(fieldLimits.id),
    target: object({ type: said(fieldLimits.type), id: said(fieldLimits.id) }, ['type']),
    from: time,
    to: time,
    everything: that('true, or left out', (value) => value === true),
    reason: said(1_000),
    by: said(200),
  },
  ['reason', 'by'],
)

const msOf = (time: number | Date | undefined): number | undefined =>
  time === undefined ? undefined : Number(time)

/**
 * Holds the terms of a hold to what they may be.
 * @throws {AuditError} AUDIT_OPTION_INVALID, naming the first member that is wrong.
 */
export const checkHold = (terms: HoldTerms): Omit<NewHold, 'id'> => {
  shape(terms, 'hold')
  const { tenant, actor, target, everything, reason, by } = terms
  const [from, to] = [msOf(terms.from), msOf(terms.to)]
  const isNarrow = tenant !== undefined || actor !== undefined || target !== undefined
  if (isNarrow === (everything === true))
    invalid('hold must name a tenant, an actor or a target, or say everything: true')
  if (from !== undefined && to !== undefined && from >= to)
    invalid('hold.to must be after hold.from')
  return {
    tenant,
    actor,
    target: target && { type: target.type, id: target.id },
    from,
    to,
    reason,
    by,
  }
}
