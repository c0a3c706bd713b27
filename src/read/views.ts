/**
 * Shows one thing as all its events make it: a process, an issue, an export.
 * @module
 */
import type { Columns } from '../event/row.ts'
import type { AuditEvent } from '../event/schema.ts'
import { type ExportView, exportOf } from './fold/export.ts'
import { type IssueView, issueOf } from './fold/issue.ts'
import { type ProcessView, processOf } from './fold/process.ts'
import { eventOf, type StoredEvent } from './event.ts'
import type { Reading } from './reading.ts'
import type { Position } from '../ports/store.ts'
import {
  checkParameters,
  isText,
  refuse,
  textOrNull,
  type Wanted,
  wholeFrom,
} from './parameters.ts'

export type { ProcessState } from '../event/process.ts'
export type { Download, ExportView } from './fold/export.ts'
export type { Decision, IssueState, IssueView } from './fold/issue.ts'
export type { ProcessView, Registration, StepView } from './fold/process.ts'

export interface ViewOptions {
  /**
   * Whose thing it is; null for no tenant. Name it: ids of two tenants may be the same, and the index
   * begins with it. @default any tenant
   */
  readonly tenant?: string | null | undefined
  /** Most events that are read, the newest, from 1 to 100,000. @default 10000 */
  readonly limit?: number | undefined
}

/** There when the thing has more events than `limit`: what is shown is made of the newest. */
export type Partly<View> = View & { readonly partial?: true }

const parameters: Readonly<Record<keyof ViewOptions, Wanted>> = {
  tenant: textOrNull,
  limit: wholeFrom(1, 100_000),
}

const mostOfPage = 1_000

const viewOf = async <View extends object>(
  audit: Reading,
  target: {
    readonly kind: Columns['kind']
    readonly targetType: string
    readonly targetId: string
  },
  fold: (events: readonly AuditEvent[]) => View | undefined,
  options: ViewOptions,
  env: unknown,
): Promise<Partly<View> | undefined> => {
  // One that is left out would ask for all things of the kind, as one.
  if (!isText(target.targetId)) return refuse('id', 'a text')
  checkParameters(options, parameters)
  const { tenant, limit: most = 10_000 } = options
  const source = audit.store(env)
  const found: StoredEvent[] = []
  let after: Position | undefined
  do {
    const limit = Math.min(mostOfPage, most - found.length)
    const { rows, next } = await source.page({ ...target, tenant, limit, after })
    found.push(...rows.map(eventOf))
    after = next ?? undefined
  } while (after !== undefined && found.length < most)
  const view = fold(found)
  return view && (after === undefined ? view : { ...view, partial: true })
}

/**
 * Shows a process: its state, its steps with all that was registered, who had a part in it and in
 * which requests; undefined when there is none.
 * @throws {AuditError} AUDIT_QUERY_INVALID, naming the parameter; else what the store rejects with.
 * @example
 * import { processView } from 'edge-audit/views'
 * const view = await processView(audit, 'import-7', { tenant: 'acme' })
 * const failed = view?.steps.filter(({ state }) => state === 'failed')
 */
export const processView = (
  audit: Reading,
  id: string,
  options: ViewOptions = {},
  env?: unknown,
): Promise<Partly<ProcessView> | undefined> =>
  viewOf(audit, { kind: 'process', targetType: 'process', targetId: id }, processOf, options, env)

/**
 * Shows an issue: whether it is open, how often and since when it occurred, and who resolved it;
 * undefined when there is none.
 * @throws {AuditError} AUDIT_QUERY_INVALID, naming the parameter; else what the store rejects with.
 * @example
 * import { issueView } from 'edge-audit/views'
 * const view = await issueView(audit, 'a1b2c3', { tenant: null })
 * const again = view?.regressed
 */
export const issueView = (
  audit: Reading,
  id: string,
  options: ViewOptions = {},
  env?: unknown,
): Promise<Partly<IssueView> | undefined> =>
  viewOf(audit, { kind: 'system', targetType: 'issue', targetId: id }, issueOf, options, env)

/**
 * Shows an export: what was taken out, by whom and what for, and how often it was downloaded;
 * undefined when there is none.
 * @throws {AuditError} AUDIT_QUERY_INVALID, naming the parameter; else what the store rejects with.
 * @example
 * import { exportView } from 'edge-audit/views'
 * const view = await exportView(audit, 'export-7', { tenant: 'acme' })
 * const { size, downloads, lastDownload } = view ?? {}
 */
export const exportView = (
  audit: Reading,
  id: string,
  options: ViewOptions = {},
  env?: unknown,
): Promise<Partly<ExportView> | undefined> =>
  viewOf(audit, { kind: 'export', targetType: 'export', targetId: id }, exportOf, options, env)
