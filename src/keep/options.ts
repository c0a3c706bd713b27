import type { Archive, ArchiveFormat, ObjectStore } from '../ports/archive.ts'
import { type Ambient, ambient } from '../runtime/ambient.ts'
import { callable, has, integer, invalid, isRecord, object, type Check, that } from '../shape.ts'
import { type Duration, durations, type Span, spanOf } from './policy/duration.ts'
import { type CheckedPolicy, checkPolicies, type Policy } from './policy/policy.ts'

/** Where events are archived: objects in a bucket or a directory, or the second table. */
export type ArchiveTarget = ObjectStore | Archive | 'table'

export interface KeepOptions<Env = unknown> {
  /** Where events go that may be archived; a function of the bindings where these come late. */
  readonly to?: ArchiveTarget | ((env: Env) => ArchiveTarget) | undefined
  /** How objects are written. @default ndjson() */
  readonly format?: ArchiveFormat | undefined
  /** For all events, as a policy by itself: live events of this age move into the archive. */
  readonly archiveAfter?: Duration | undefined
  /** For all events: of this age they are deleted, live or archived. @default never */
  readonly deleteAfter?: Duration | 'never' | undefined
  /** What holds for some events; of all that apply to one the longest wins. */
  readonly policies?: readonly Policy[] | undefined
  /** Brings dead letters back, first of all: `(env) => redeliver(audit, letters, { env })`. */
  readonly redeliver?: ((env: Env) => unknown) | undefined
  /** Ms after which the run stops; the next one goes on. @default 25_000 */
  readonly budgetMs?: number | undefined
  /** Events after whose moving and deleting the run stops. @default without end */
  readonly budgetRows?: number | undefined
  /** Most events of one object, from 1 to 100,000. @default 10_000 */
  readonly segmentRows?: number | undefined
  /** UTF-16 units of records after which an object is full: a run holds up to three in memory. @default 8_388_608 */
  readonly segmentBytes?: number | undefined
  /**
   * How long objects are locked against removal, where their store can (`objectLock` of `s3()`).
   * @default until the policies let all of their events be deleted; not at all where they never do
   */
  readonly lockFor?: Duration | undefined
  /** The bindings, where `store` and `to` are functions of them. @default those of the platform */
  readonly env?: Env | undefined
  /** Ends the run as its budget does. */
  readonly signal?: AbortSignal | undefined
  /** Time and randomness. */
  readonly ambient?: Partial<Ambient> | undefined
}

export interface KeepSettings<Env> extends Ambient {
  readonly to: KeepOptions<Env>['to']
  readonly format: ArchiveFormat | undefined
  readonly policies: readonly CheckedPolicy[]
  readonly redeliver: KeepOptions<Env>['redeliver']
  readonly budget: { readonly ms: number; readonly rows: number }
  readonly segment: { readonly rows: number; readonly bytes: number }
  readonly lockFor: Span | undefined
}

const isObjects = has('put', 'get', 'remove', 'list')
const isArchive = has('placeOf', 'write', 'read', 'remove', 'publish')

export const isTarget = (value: unknown): value is ArchiveTarget =>
  value === 'table' || isObjects(value) || isArchive(value)

/** The member of a policy: `checkPolicies` says what is wrong with it. */
const anything: Check = () => undefined

const shape = object({
  to: that(
    `an object store, 'table', or a function that gives one`,
    (value) => isTarget(value) || typeof value === 'function',
  ),
  format: that('a format, such as ndjson()', has('encode', 'decode')),
  archiveAfter: anything,
  deleteAfter: anything,
  policies: anything,
  redeliver: callable,
  budgetMs: integer(1, 86_400_000),
  budgetRows: integer(1),
  segmentRows: integer(1, 100_000),
  segmentBytes: integer(1, 268_435_456),
  lockFor: that(`a duration ${durations}`, (value) => spanOf(value) !== undefined),
  env: anything,
  signal: that(
    'an AbortSignal',
    (value) => isRecord(value) && typeof value['aborted'] === 'boolean',
  ),
  ambient: object({ now: callable, elapsed: callable, random: callable }),
})

/**
 * Holds the options of a run to what they may be.
 * @throws {AuditError} AUDIT_OPTION_INVALID, naming the first that is wrong.
 */
export const settingsOf = <Env>(options: KeepOptions<Env>): KeepSettings<Env> => {
  shape(options, '')
  const { archiveAfter, deleteAfter, policies = [] } = options
  const {
    now = ambient.now,
    elapsed = ambient.elapsed,
    random = ambient.random,
  } = options.ambient ?? {}
  const general = {
    ...(archiveAfter !== undefined && { archiveAfter }),
    ...(deleteAfter !== undefined && { deleteAfter }),
  }
  const isGeneral = archiveAfter !== undefined || deleteAfter !== undefined
  const checked = checkPolicies(policies, isGeneral ? general : undefined)
  if (options.to === undefined && checked.some((one) => one.archiveAfter !== undefined))
    invalid('to must be given, for a policy archives')
  return {
    to: options.to,
    format: options.format,
    policies: checked,
    redeliver: options.redeliver,
    budget: { ms: options.budgetMs ?? 25_000, rows: options.budgetRows ?? Infinity },
    lockFor: spanOf(options.lockFor),
    segment: { rows: options.segmentRows ?? 10_000, bytes: options.segmentBytes ?? 8_388_608 },
    now,
    elapsed,
    random,
  }
}
