export { type Audit, createAudit } from './audit.ts'
export type { Job } from './capture/job.ts'
export type { Kinds } from './capture/kinds/kinds.ts'
export type { AuthAction, AuthInput } from './capture/kinds/auth.ts'
export type { ExportHandle } from './capture/kinds/export.ts'
export type { ProcessHandle, StepHandle } from './capture/kinds/process.ts'
export type { Severity, SystemInput, SystemType } from './capture/kinds/system.ts'
export type { Why } from './capture/switches.ts'
export { AuditError, type AuditErrorCode, isAuditError } from './errors.ts'
export type { Identity, Override, Recorder, ScopeHandle } from './capture/scope.ts'
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
  type AddressReader,
  type AuditOptions,
  type Delivery,
  type Invalid,
  type Matcher,
  type Rule,
  staticAssets,
} from './options.ts'
export type { ActorInput, ActorResolver, EventInput, TargetInput } from './input.ts'
export type { AuthCapture, BodyCapture, Lifecycle } from './seams.ts'
export type { DeadLetter, DrainOptions, DrainOutcome } from './ports/dead-letter.ts'
export type {
  Condition,
  FilterColumn,
  MemberPath,
  Scalar,
  PartyCondition,
} from './event/condition.ts'
export type {
  AppendOptions,
  AuditStore,
  Count,
  CountQuery,
  EventSelection,
  MigrateOptions,
  Page,
  PageFilter,
  PageQuery,
  Position,
  ReadingStore,
  SummaryQuery,
  SummaryRow,
} from './ports/store.ts'
