import type { Condition } from '../../event/condition.ts'
import { meets } from '../../event/meets.ts'
import type { StoredRow } from '../../event/row.ts'
import { anyOf } from './any-of.ts'
import { dueBefore, dueFrom, earliest, type Span } from './duration.ts'
import type { CheckedPolicy } from './policy.ts'

/** Which live events are due: those that meet `where` and occurred before `to`. */
export interface Due {
  readonly where: Condition
  /** In ms since 1970 UTC. No event that is due occurred then or later, so a store can read by time. */
  readonly to: number
}

/** An event that meets all of `match` is due only if it occurred before; `earliest` is never. */
interface Rule {
  readonly match: readonly Condition[]
  readonly before: number
}

const allOf = (conditions: readonly Condition[]): Condition => {
  const [only, ...more] = conditions
  return only !== undefined && more.length === 0 ? only : { and: conditions }
}

/** Of those that apply to the same events the longest. */
const distinct = (rules: readonly Rule[]): readonly Rule[] => {
  const found = new Map<string, Rule>()
  for (const rule of rules) {
    const key = JSON.stringify(rule.match)
    const before = Math.min(rule.before, found.get(key)?.before ?? Infinity)
    found.set(key, { ...rule, before })
  }
  return [...found.values()]
}

const dueBy = (rules: readonly Rule[]): Due | undefined => {
  const all = distinct(rules)
  const general = all.find(({ match }) => match.length === 0)
  const to = general?.before ?? Math.max(earliest, ...all.map(({ before }) => before))
  if (to === earliest) return undefined
  const scope = general === undefined ? all.filter(({ before }) => before > earliest) : []
  // Those that keep no longer than `to` says need no word of their own.
  const longer = all.filter(({ before }) => before < to)
  const kept = longer.map(({ match, before }) =>
    allOf(before === earliest ? match : [...match, { column: 'occurredAt', from: before }]),
  )
  const where = allOf([
    ...(scope.length === 0 ? [] : [anyOf(scope.map(({ match }) => allOf(match)))]),
    ...(kept.length === 0 ? [] : [{ not: anyOf(kept) }]),
  ])
  return { where, to }
}

const rulesOf = (
  policies: readonly CheckedPolicy[],
  name: 'archiveAfter' | 'deleteAfter',
  now: number,
): readonly Rule[] =>
  policies.flatMap(({ match, [name]: after }) => {
    if (after === undefined) return []
    return [{ match, before: after === 'never' ? earliest : dueBefore(now, after) }]
  })

/** The live events that may move into the archive at a time in ms; undefined when none may. */
export const archiveCondition = (
  policies: readonly CheckedPolicy[],
  now: number,
): Due | undefined => dueBy(rulesOf(policies, 'archiveAfter', now))

/** The events that may be deleted at a time in ms; undefined when none may. */
export const deleteCondition = (policies: readonly CheckedPolicy[], now: number): Due | undefined =>
  dueBy(rulesOf(policies, 'deleteAfter', now))

const latestOf = (occurredAt: number, spans: readonly (Span | 'never')[]): number | null => {
  const times = spans.map((span) => (span === 'never' ? Infinity : dueFrom(occurredAt, span)))
  const last = Math.max(...times)
  return Number.isFinite(last) ? last : null
}

const dueAt = (
  row: StoredRow,
  policies: readonly CheckedPolicy[],
  name: 'archiveAfter' | 'deleteAfter',
): number | null =>
  latestOf(
    row.occurredAt,
    policies.flatMap(({ match, [name]: after }) =>
      after !== undefined && meets(row, { and: match }) ? [after] : [],
    ),
  )

/** The first ms at which a live event may move into the archive; null for never. */
export const archivableAt = (row: StoredRow, policies: readonly CheckedPolicy[]): number | null =>
  dueAt(row, policies, 'archiveAfter')

/** The first ms at which an event may be deleted, live or archived; null for never. */
export const deletableAt = (row: StoredRow, policies: readonly CheckedPolicy[]): number | null =>
  dueAt(row, policies, 'deleteAfter')
