import { amountOf, textOf } from '../../event/data.ts'
import { decides, REOPEN, RESOLVE } from '../../event/issue.ts'
import { byTime } from '../../event/order.ts'
import type { Actor, AuditEvent, Fault } from '../../event/schema.ts'
import { requestIdsOf } from './people.ts'

/** `noted` is what asks for nothing: `system.info` and `system.maintenance`. */
export type IssueState = 'open' | 'resolved' | 'noted'

/** What a person did about an issue. */
export interface Decision {
  readonly by: Actor
  readonly at: number
  readonly note: string | undefined
}

export interface IssueView {
  readonly id: string
  readonly tenant: string | null
  readonly state: IssueState
  /** It is open because it occurred after it had been resolved. */
  readonly regressed: boolean
  /** `error`, `warning`, `security`, `performance`, `info` or `maintenance`, as it last occurred. */
  readonly type: string | undefined
  readonly title: string | undefined
  readonly description: string | undefined
  readonly severity: string | undefined
  readonly code: string | undefined
  readonly module: string | undefined
  readonly function: string | undefined
  readonly line: number | undefined
  readonly fingerprint: string | undefined
  readonly error: Fault | undefined
  /** How often it occurred. */
  readonly count: number
  readonly firstAt: number | undefined
  readonly lastAt: number | undefined
  /** The last one, also when it is open again. */
  readonly resolution: Decision | undefined
  /** The last time that somebody opened it again. */
  readonly reopening: Decision | undefined
  readonly requestIds: readonly string[]
}

const occurrence = /^system\.(error|warning|info|security|performance|maintenance)$/

const countOf = ({ data }: AuditEvent): number => Math.max(1, amountOf(data?.['count']) ?? 1)

const decisionOf = (event: AuditEvent | undefined): Decision | undefined =>
  event && { by: event.actor, at: event.occurredAt, note: textOf(event.data?.['note']) }

const stateOf = (last: AuditEvent | undefined): IssueState => {
  if (last === undefined) return 'noted'
  return last.action === RESOLVE ? 'resolved' : 'open'
}

/** What the events of one issue tell of it, in whatever order they come; undefined without any. */
export const issueOf = (events: readonly AuditEvent[]): IssueView | undefined => {
  const ordered = events.toSorted(byTime)
  const [first] = ordered
  if (first === undefined) return undefined
  const occurrences = ordered.filter(({ action }) => occurrence.test(action))
  const latest = occurrences.at(-1)
  const decisive = ordered.filter(decides)
  const resolution = decisive.findLast(({ action }) => action === RESOLVE)
  const afterwards = resolution && decisive[decisive.indexOf(resolution) + 1]
  const { data, action } = latest ?? first
  return {
    id: first.targets[0]?.id ?? '',
    tenant: first.tenant,
    state: stateOf(decisive.at(-1)),
    regressed: afterwards !== undefined && afterwards.action !== REOPEN,
    type: occurrence.exec(action)?.[1],
    title: textOf(data?.['title']) ?? (latest ?? first).targets[0]?.name,
    description: textOf(data?.['description']),
    severity: textOf(data?.['severity']),
    code: textOf(data?.['code']),
    module: textOf(data?.['module']),
    function: textOf(data?.['function']),
    line: amountOf(data?.['line']),
    fingerprint: textOf(data?.['fingerprint']),
    error: latest?.error,
    count: occurrences.reduce((sum, event) => sum + countOf(event), 0),
    firstAt: occurrences[0]?.occurredAt,
    lastAt: latest?.occurredAt,
    resolution: decisionOf(resolution),
    reopening: decisionOf(decisive.findLast(({ action }) => action === REOPEN)),
    requestIds: requestIdsOf(occurrences),
  }
}
