import { actionIn } from '../../event/alternatives.ts'
import type { Condition } from '../../event/condition.ts'
import { KINDS } from '../../event/kind.ts'
import { fieldLimits } from '../../event/limits.ts'
import type { Kind, Outcome } from '../../event/schema.ts'
import { type Check, invalid, object, oneOf, orList, that } from '../../shape.ts'
import { isSaid, outspoken, said, saidOrNull } from '../checks.ts'
import { type Duration, durations, isShorter, type Span, spanOf } from './duration.ts'

/**
 * How long events are kept. It applies to those that have all that it names, any one of the values
 * where there are several; without any of `tenant`, `kind`, `action` and `outcome` to every event.
 *
 * Of all policies that apply to an event the longest wins: the longest `archiveAfter` says when it
 * may move into the archive, the longest `deleteAfter` when it may be deleted, live or archived. A
 * policy that has none of the two says nothing about it. What none speaks of stays where it is, for
 * good.
 * @example
 * import type { Policy } from 'edge-audit/keep'
 * const policies: Policy[] = [
 *   { archiveAfter: '90d', deleteAfter: '7y' },
 *   { kind: 'request', outcome: 'success', deleteAfter: '30d' },
 *   { action: ['invoice.*', 'payment.*'], deleteAfter: '10y' },
 * ]
 */
export interface Policy {
  /** Null for events without one. */
  readonly tenant?: string | null | readonly (string | null)[]
  readonly kind?: Kind | readonly Kind[]
  /** As it is stored, `invoice.refund`; or `invoice.*` for all that begin so. */
  readonly action?: string | readonly string[]
  readonly outcome?: Outcome | readonly Outcome[]
  /** Live events of this age may move into the archive. @default they stay */
  readonly archiveAfter?: Duration
  /**
   * Events of this age may be deleted; `never` those that the policy applies to, whatever others say.
   * No shorter than `archiveAfter`, or that would be for nothing. @default nothing is said
   */
  readonly deleteAfter?: Duration | 'never'
  /** Where the rule stands, for those who read it: at most 500 characters. */
  readonly source?: string
}

/** A policy as it is decided by. */
export interface CheckedPolicy {
  /** What an event meets, all of it, that the policy applies to. */
  readonly match: readonly Condition[]
  readonly archiveAfter: Span | undefined
  readonly deleteAfter: Span | 'never' | undefined
  readonly source: string | undefined
}

const MOST_POLICIES = 100
const MOST_VALUES = 1_000
/** Of all policies together. A question has each twice, and at 800 SQLite on D1 has no memory left. */
const MOST_CONDITIONS = 200

const outcomes = ['success', 'failure', 'denied', 'unknown'] as const satisfies readonly Outcome[]

/** One, or several of them; of none it would apply to nothing. */
const some =
  (item: Check): Check =>
  (value, path) => {
    if (!Array.isArray(value)) return item(value, path)
    if (value.length === 0 || value.length > MOST_VALUES)
      invalid(`${path} must have from 1 to ${MOST_VALUES} values`)
    // A list may have holes, which `forEach` passes over.
    orList(item, item)([...value], path)
  }

const action = that(
  `an action of 1 to ${fieldLimits.action} characters, or how it begins with * behind it`,
  (value) => isSaid(value, fieldLimits.action) && /^[^*]+\*?$/.test(value),
)

const duration = that(`a duration ${durations}`, (value) => spanOf(value) !== undefined)

const shape = outspoken(
  object({
    tenant: some(saidOrNull(fieldLimits.tenant)),
    kind: some(oneOf(...KINDS)),
    action: some(action),
    outcome: some(oneOf(...outcomes)),
    archiveAfter: duration,
    deleteAfter: that(
      `'never', or a duration ${durations}`,
      (value) => value === 'never' || spanOf(value) !== undefined,
    ),
    source: said(500),
  }),
)

const several = <Value extends string | null>(value: Value | readonly Value[]): readonly Value[] =>
  typeof value === 'object' && value !== null ? value : [value]

/** Each once and in order, so that what means the same is written the same. */
const listOf = <Value extends string | null>(value: Value | readonly Value[]): readonly Value[] =>
  [...new Set(several(value))].toSorted((a, b) => ((a ?? '') < (b ?? '') ? -1 : 1))

const matchOf = ({ tenant, kind, action, outcome }: Policy): readonly Condition[] => [
  ...(tenant === undefined ? [] : [{ column: 'tenant', in: listOf(tenant) } as const]),
  ...(kind === undefined ? [] : [{ column: 'kind', in: listOf(kind) } as const]),
  ...(action === undefined ? [] : [actionIn(listOf(action))]),
  ...(outcome === undefined ? [] : [{ column: 'outcome', in: listOf(outcome) } as const]),
]

const checked = (policy: Policy, path: string): CheckedPolicy => {
  shape(policy, path)
  const { source } = policy
  const archiveAfter = spanOf(policy.archiveAfter)
  const deleteAfter = policy.deleteAfter === 'never' ? 'never' : spanOf(policy.deleteAfter)
  const at = path && `${path}.`
  if (archiveAfter === undefined && deleteAfter === undefined)
    invalid(`${path} must have archiveAfter or deleteAfter`)
  if (archiveAfter && deleteAfter && deleteAfter !== 'never')
    if (isShorter(deleteAfter, archiveAfter))
      invalid(`${at}deleteAfter must be no shorter than archiveAfter`)
  return { match: matchOf(policy), archiveAfter, deleteAfter, source }
}

const sizeOf = (condition: Condition): number => ('or' in condition ? condition.or.length : 1)

/**
 * Holds policies to what they may be: 100 of them, each with no more than 1,000 values a member. All
 * together have no more than 200 members that say to what they apply, each action with `*` counted.
 * @param general One more, which is written as options and not in the list.
 * @throws {AuditError} AUDIT_OPTION_INVALID, naming the first place that is wrong.
 */
export const checkPolicies = (
  written: readonly Policy[],
  general?: Policy,
): readonly CheckedPolicy[] => {
  if (!Array.isArray(written)) return invalid('policies must be a list')
  if (written.length > MOST_POLICIES) invalid(`policies must be no more than ${MOST_POLICIES}`)
  const policies = [
    ...[...written].map((policy, at) => checked(policy, `policies[${at}]`)),
    ...(general === undefined ? [] : [checked(general, '')]),
  ]
  const size = policies.flatMap(({ match }) => match).reduce((sum, one) => sum + sizeOf(one), 0)
  if (size > MOST_CONDITIONS)
    invalid(
      `policies must say to what they apply by no more than ${MOST_CONDITIONS} members and actions with *`,
    )
  return policies
}
