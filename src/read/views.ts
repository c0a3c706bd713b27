/**
 * Shows things as all their events make them: a process, an issue, an export, or lists of them; who
 * logged in; and what became of a thing.
 * @module
 */
import {
  checkParameters,
  isText,
  refuse,
  textOrNull,
  type Wanted,
  wholeFrom,
} from './parameters.ts'
import type { Reading } from './reading.ts'
import type { ExportView } from './fold/export.ts'
import type { IssueView } from './fold/issue.ts'
import type { ProcessView } from './fold/process.ts'
import { exported } from './views/exports.ts'
import { issue } from './views/issues.ts'
import { processRecipe } from './views/processes.ts'
import { askForNeeds, type Partly, type Recipe, viewOf } from './views/thing.ts'

export type { ProcessState } from '../event/process.ts'
export type { Download, ExportView } from './fold/export.ts'
export type { Deed, FieldView } from './fold/history.ts'
export type { Decision, IssueState, IssueView } from './fold/issue.ts'
export type { LoginAddress, LoginView } from './fold/login.ts'
export type { ProcessView, Registration, StepView } from './fold/process.ts'
export { type ExportList, type ExportsOptions, exports } from './views/exports.ts'
export { history, type HistoryOptions, type HistoryView } from './views/history.ts'
export {
  type IssueList,
  issues,
  type IssueSeverity,
  type IssuesOptions,
  type IssueType,
} from './views/issues.ts'
export { type KeepRun, lastKeep } from './views/keep-run.ts'
export type { ListOptions } from './views/list.ts'
export { type LoginList, logins, type LoginsOptions } from './views/logins.ts'
export { processes, type ProcessesOptions, type ProcessList } from './views/processes.ts'
export type { Partly } from './views/thing.ts'

export interface ViewOptions {
  /**
   * Whose thing it is; null for no tenant. Name it: ids of two tenants may be the same, and the index
   * begins with it. @default any tenant
   */
  readonly tenant?: string | null | undefined
  /** Most events that are read, the newest, from 1 to 100,000. @default 10000 */
  readonly limit?: number | undefined
}

const parameters: Readonly<Record<keyof ViewOptions, Wanted>> = {
  tenant: textOrNull,
  limit: wholeFrom(1, 100_000),
}

const show = async <View extends object>(
  audit: Reading,
  recipe: Recipe<View>,
  id: string,
  options: ViewOptions,
  env: unknown,
): Promise<Partly<View> | undefined> => {
  // One that is left out would ask for all things of the kind, as one.
  if (!isText(id)) return refuse('id', 'a text')
  checkParameters(options, parameters)
  askForNeeds(recipe, audit)
  const { tenant, limit = 10_000 } = options
  return viewOf(audit.store(env), recipe, { tenant, targetId: id }, limit)
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
): Promise<Partly<ProcessView> | undefined> => show(audit, processRecipe, id, options, env)

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
): Promise<Partly<IssueView> | undefined> => show(audit, issue, id, options, env)

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
): Promise<Partly<ExportView> | undefined> => show(audit, exported, id, options, env)
