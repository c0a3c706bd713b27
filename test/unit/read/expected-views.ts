import { decides } from '../../../src/event/issue.ts'
import { byTime } from '../../../src/event/order.ts'
import type { StoredRow } from '../../../src/event/row.ts'
import type { AuditEvent } from '../../../src/event/schema.ts'
import { exportOf } from '../../../src/read/fold/export.ts'
import { issueOf } from '../../../src/read/fold/issue.ts'
import { processOf } from '../../../src/read/fold/process.ts'
import type {
  ExportsOptions,
  ExportView,
  IssuesOptions,
  IssueView,
  ListOptions,
  ProcessesOptions,
  ProcessView,
} from '../../../src/read/views.ts'
import { byThing, eventsOf } from '../../support/trail.ts'

// What lists show, worked out anew: everything is folded, in memory, and then chosen from.

const listed = <View>(
  rows: readonly StoredRow[],
  [kind, type]: readonly [string, string],
  fold: (events: readonly AuditEvent[]) => View | undefined,
  { tenant, from = -Infinity, to = Infinity, order }: ListOptions,
  keep: (view: View) => boolean,
  counts: (row: StoredRow) => boolean = () => true,
): readonly View[] => {
  const asked = rows.filter(
    (row) =>
      row.kind === kind &&
      row.targetType === type &&
      (tenant === undefined || row.tenant === tenant) &&
      row.occurredAt < Number(to),
  )
  const found = byThing(asked).flatMap((all) => {
    const last = all.findLast(counts)
    const view = fold(eventsOf(all))
    if (last === undefined || last.occurredAt < Number(from) || view === undefined) return []
    return keep(view) ? [{ last, view }] : []
  })
  const ordered = found.toSorted((one, other) => byTime(one.last, other.last))
  return (order === 'oldest' ? ordered : ordered.toReversed()).map(({ view }) => view)
}

const isOf = <Value>(wanted: Value | readonly Value[] | undefined, value: unknown): boolean =>
  wanted === undefined || [wanted].flat().includes(value as never)

export const expectedProcesses = (
  rows: readonly StoredRow[],
  options: ProcessesOptions,
): readonly ProcessView[] =>
  listed(rows, ['process', 'process'], processOf, options, (view) =>
    isOf(options.state, view.state),
  )

export const expectedIssues = (
  rows: readonly StoredRow[],
  options: IssuesOptions,
): readonly IssueView[] => {
  const { state, type, severity } = options
  const byDecision = state === 'open' || state === 'resolved'
  return listed(
    rows,
    ['system', 'issue'],
    issueOf,
    options,
    (view) => isOf(state, view.state) && isOf(type, view.type) && isOf(severity, view.severity),
    (row) => !byDecision || decides(row),
  )
}

export const expectedExports = (
  rows: readonly StoredRow[],
  options: ExportsOptions,
): readonly ExportView[] => listed(rows, ['export', 'export'], exportOf, options, () => true)
