import { decisive, OCCURRENCES, REOPEN, RESOLVE } from '../../event/issue.ts'
import { issueOf, type IssueState, type IssueView } from '../fold/issue.ts'
import { checkParameters, oneOf, refuse, someOf, type Wanted } from '../parameters.ts'
import type { Reading } from '../reading.ts'
import { type Choice, type ListOptions, listOf, listParameters, type Listing } from './list.ts'
import type { Partly, Recipe } from './thing.ts'

export type IssueType = 'error' | 'warning' | 'info' | 'security' | 'performance' | 'maintenance'
export type IssueSeverity = 'low' | 'medium' | 'high' | 'critical'

export interface IssuesOptions extends ListOptions {
  /** Those that were in this state at `to`. @default any */
  readonly state?: IssueState | undefined
  /** Those that were of this type when they last occurred, or of one of these. @default any */
  readonly type?: IssueType | readonly IssueType[] | undefined
  /** The same, of how severe they were. @default any */
  readonly severity?: IssueSeverity | readonly IssueSeverity[] | undefined
}

export interface IssueList extends Listing {
  readonly issues: readonly Partly<IssueView>[]
}

export const issue: Recipe<IssueView> = {
  kind: 'system',
  targetType: 'issue',
  fold: issueOf,
  needs: [],
}

const states: Readonly<Record<IssueState, true>> = { open: true, resolved: true, noted: true }
const severities: Readonly<Record<IssueSeverity, true>> = {
  low: true,
  medium: true,
  high: true,
  critical: true,
}
const types: Readonly<Record<IssueType, true>> = {
  error: true,
  warning: true,
  info: true,
  security: true,
  performance: true,
  maintenance: true,
}

const parameters: Readonly<Record<keyof IssuesOptions, Wanted>> = {
  ...listParameters,
  state: oneOf(states),
  type: someOf(types),
  severity: someOf(severities),
}

/** What opens an issue that is of one of the types when it last occurs: that, or who opened it again. */
const openers = (wanted: readonly IssueType[] | undefined): readonly string[] => {
  // One that was noted since is of that type now, whatever opened it.
  const any = wanted?.some((type) => type === 'info' || type === 'maintenance') ?? true
  const names = wanted?.map((type) => `system.${type}`) ?? []
  return [...OCCURRENCES.filter((action) => any || names.includes(action)), REOPEN]
}

/** The last event that decides has the word: one look tells what is open, without folding anything. */
const found = (
  state: IssueState | undefined,
  wanted: readonly IssueType[] | undefined,
): Choice<IssueView> => {
  if (state === 'open') return { actions: openers(wanted), among: decisive }
  if (state === 'resolved') return { actions: [RESOLVE], among: decisive }
  return state === 'noted' ? { where: { not: decisive } } : {}
}

/**
 * Lists issues, the latest first, each as all its events before `to` make it. Those that are open, or
 * resolved, are found by the last event that decided so, and that is what is in the span and in order;
 * others by their last event. `type` and `severity`, and the state `noted`, are told by folding alone:
 * with these a page may come out short, or empty, and yet have a `next`. Pages show each issue once;
 * what reaches the store late, having happened before `to`, may move its issue to a page that was read
 * already.
 * @throws {AuditError} AUDIT_QUERY_INVALID, naming the parameter; else what the store rejects with.
 * @example
 * import { issues } from 'edge-audit/views'
 * const { issues: open, next } = await issues(audit, { tenant: 'acme', state: 'open', severity: ['high', 'critical'] })
 * const again = open.filter(({ regressed }) => regressed)
 */
export const issues = async (
  audit: Reading,
  options: IssuesOptions = {},
  env?: unknown,
): Promise<IssueList> => {
  checkParameters(options, parameters)
  const { state, type, severity } = options
  if (severity !== undefined && audit.shows?.('data.severity') === false)
    return refuse('severity', 'left out: this reader is not shown data.severity')
  const wanted = type === undefined ? undefined : [type].flat()
  const severe = severity === undefined ? undefined : [severity].flat()
  const isOf = (list: readonly string[] | undefined, value: string | undefined): boolean =>
    list === undefined || (value !== undefined && list.includes(value))
  const choice: Choice<IssueView> = {
    ...found(state, wanted),
    asked: [state, wanted, severe],
    keep: (view) =>
      (state === undefined || view.state === state) &&
      isOf(wanted, view.type) &&
      isOf(severe, view.severity),
  }
  const { views, ...page } = await listOf(audit, issue, options, choice, env)
  return { issues: views, ...page }
}
