export { type Audit, createAudit, type Job } from './audit.ts'
export { AuditError, type AuditErrorCode, isAuditError } from './errors.ts'
export type { EventInput, Override, Recorder, ScopeHandle } from './capture/scope.ts'
export type { Address } from './runtime/client.ts'
export type { Stats } from './deliver/stats.ts'
export type { Limits, Truncation } from './event/limits.ts'
export type { Mask } from './event/mask.ts'
export type { Columns, EventRow, StoredRow } from './event/row.ts'
export type {
  Actor,
  AuditEvent,
  Fault,
  Geo,
  Kind,
  Outcome,
  RequestFacts,
  Target,
} from './event/schema.ts'
export type { Detector, KeyRule, PathRule, RedactOptions } from './event/secrets.ts'
export {
  type ActorInput,
  type ActorResolver,
  type AddressReader,
  type AuditOptions,
  type BodyCapture,
  type Delivery,
  type Matcher,
  type Rule,
  staticAssets,
  type TargetInput,
} from './options.ts'
export type { DeadLetter, DrainOptions, DrainOutcome } from './ports/dead-letter.ts'
export type {
  AppendOptions,
  AuditStore,
  Page,
  PageFilter,
  PageQuery,
  Position,
  SummaryQuery,
  SummaryRow,
} from './ports/store.ts'
