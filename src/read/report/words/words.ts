import type { ProcessState } from '../../../event/process.ts'
import type { Columns } from '../../../event/row.ts'
import type { Kind, Outcome } from '../../../event/schema.ts'
import type { EventFilter } from '../../filter.ts'
import type { IssueState } from '../../fold/issue.ts'
import type { IssueSeverity, IssueType } from '../../views/issues.ts'
import type { ReportKind } from '../kind.ts'

/** Says so many of something: the number decides the form of the words, its text is what is written. */
export type Counted = (count: number, written: string) => string

export type FilterName = Exclude<keyof EventFilter, 'from' | 'to' | 'and' | 'or'>

/** Everything that a report says by itself. Another language is another of these. */
export interface ReportWords {
  /** BCP 47: `en`, `pt-BR`. Dates and numbers are written as it is used to. */
  readonly language: string
  /** How a date is written in front of its time. */
  readonly dates: Pick<Intl.DateTimeFormatOptions, 'day' | 'month' | 'year'>
  /** What is said where there is nothing: `–`. */
  readonly nothing: string
  readonly drawn: {
    readonly contents: string
    readonly continued: string
    readonly page: (page: string, of: string) => string
    readonly cut: Counted
    readonly escaped: Counted
  }
  readonly titles: Readonly<Record<ReportKind, string>>
  readonly headings: {
    readonly timeline: string
    readonly byUser: string
    readonly byAddress: string
    readonly processes: string
    readonly issues: Readonly<Record<IssueState, string>>
    readonly numbers: string
    readonly absent: string
    readonly settings: string
  }
  readonly columns: {
    readonly time: string
    readonly actor: string
    readonly action: string
    readonly targets: string
    readonly outcome: string
    readonly details: string
    readonly what: string
    readonly extent: string
    readonly user: string
    readonly address: string
    readonly field: string
    readonly before: string
    readonly after: string
    readonly step: string
    readonly expected: string
    readonly registration: string
    readonly registered: string
    readonly issue: string
    readonly type: string
    readonly place: string
    readonly occurred: string
    readonly firstAndLast: string
    readonly resolution: string
    readonly successes: string
    readonly failures: string
    readonly blocked: string
    readonly first: string
    readonly last: string
    readonly kind: string
    readonly state: string
    readonly severity: string
    readonly number: string
  }
  readonly outcomes: Readonly<Record<Outcome, string>>
  readonly kinds: Readonly<Record<Kind, string>>
  readonly actorTypes: Readonly<Record<Columns['actorType'], string>>
  readonly processStates: Readonly<Record<ProcessState, string>>
  readonly issueStates: Readonly<Record<IssueState, string>>
  readonly issueTypes: Readonly<Record<IssueType, string>>
  readonly severities: Readonly<Record<IssueSeverity, string>>
  readonly units: Readonly<Record<'ms' | 's' | 'min' | 'h' | 'd' | 'bytes', string>>
  /** What is said of one event. */
  readonly event: {
    readonly onBehalfOf: (who: string) => string
    readonly reason: (reason: string) => string
    readonly purpose: (purpose: string) => string
    readonly address: (address: string) => string
    readonly status: (status: string) => string
    readonly filter: (filter: string) => string
    readonly fields: (fields: string) => string
    readonly items: Counted
    readonly records: Counted
    readonly more: Counted
    readonly unreadable: string
  }
  readonly process: {
    readonly facts: Readonly<
      Record<
        | 'name'
        | 'id'
        | 'tenant'
        | 'createdBy'
        | 'others'
        | 'startedAt'
        | 'endedAt'
        | 'lastAt'
        | 'duration'
        | 'state'
        | 'description'
        | 'parent'
        | 'requests',
        string
      >
    >
    readonly steps: (name: string) => string
    readonly undeclared: string
    readonly unnamed: string
    readonly noDescription: string
    readonly noRegistration: string
    readonly noSteps: string
    readonly none: string
    /** Of a thing that has more events than are read of one. */
    readonly partial: string
    readonly missing: string
    readonly processes: string
    readonly registrations: string
  }
  readonly issue: {
    readonly none: Readonly<Record<IssueState, string>>
    readonly issues: string
    readonly occurrences: string
    readonly regressed: string
    readonly resolvedBy: (who: string) => string
    readonly reopenedBy: (who: string) => string
    readonly code: (code: string) => string
  }
  readonly logins: { readonly moreUsers: Counted; readonly moreAddresses: Counted }
  readonly noEvents: string
  readonly cover: {
    readonly facts: Readonly<
      Record<
        | 'report'
        | 'period'
        | 'timeZone'
        | 'tenant'
        | 'order'
        | 'author'
        | 'madeAt'
        | 'id'
        | 'events'
        | 'state',
        string
      >
    >
    /** The ends in words; without a beginning all that was before the end. */
    readonly period: (from: string | undefined, to: string) => string
    readonly exactPeriod: (from: string | undefined, to: string) => string
    readonly allTenants: string
    readonly allSeenTenants: string
    readonly noTenant: string
    readonly orders: Readonly<Record<'oldest' | 'newest', string>>
    readonly filters: Readonly<Record<FilterName | 'and' | 'or' | 'from' | 'to', string>>
    readonly not: (filter: string) => string
    readonly least: (ms: string) => string
    readonly byOutcome: string
    readonly byKind: string
    readonly byState: string
    readonly total: string
  }
  readonly charts: {
    readonly perDay: string
    readonly perWeek: string
    readonly perMonth: string
    readonly perYears: Counted
    readonly actors: Counted
    readonly actions: Counted
    readonly routes: Counted
    readonly states: string
    /** More than so many were seen, and those that came later are not counted one by one. */
    readonly bounded: Counted
  }
  readonly absent: {
    readonly limit: string
    readonly noLimit: string
    /** So many were left out behind the first ones. */
    readonly cut: Counted
    readonly cutAtLeast: Counted
    readonly cutPerhaps: string
    readonly archive: string
    readonly archived: string
    readonly notArchived: string
    readonly archivedBefore: string
    readonly capture: string
    /** What the counters of this process say, all tenants together, since its start. */
    readonly captured: (counts: readonly string[]) => string
    readonly sampledOut: Counted
    readonly skipped: Counted
    readonly deadLettered: Counted
    readonly lost: Counted
    readonly pending: Counted
    readonly captureUnknown: string
    readonly masked: string
    readonly maskedEvents: Counted
    readonly truncated: string
    readonly truncatedEvents: Counted
    readonly unreadable: string
    readonly unreadableEvents: Counted
    readonly openIssues: string
    readonly pendingProcesses: string
    readonly countedIssues: Counted
    readonly countedProcesses: Counted
    readonly notCounted: string
    readonly notShown: string
    readonly allShown: string
  }
  readonly settings: {
    readonly told: string
    readonly digest: string
    readonly none: string
    readonly unreadable: string
    readonly more: Counted
  }
}
