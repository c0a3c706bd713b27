import type { Hold } from '../../ports/ledger.ts'
import { type Check, invalid, isRecord, object, oneOf, that } from '../../shape.ts'
import { time } from '../hold/check-hold.ts'
import { said, saidOrNull } from '../checks.ts'
import { isTarget } from '../options.ts'
import { fieldLimits } from '../../event/limits.ts'

const anything: Check = () => undefined

const shape = object(
  {
    from: time,
    to: time,
    tenant: saidOrNull(fieldLimits.tenant),
    archive: that(
      `an object store, 'table', or a function that gives one`,
      (value) => isTarget(value) || typeof value === 'function',
    ),
    format: anything,
    into: oneOf('live', 'table'),
    reason: said(1_000),
    by: said(200),
    hold: that('the id of a hold', (value) => typeof value === 'string' && value !== ''),
    env: anything,
    signal: that('an AbortSignal', isRecord),
  },
  ['from', 'to', 'archive', 'into', 'reason', 'by'],
)

/** What is put back: the events of this time, of one tenant or of all. */
export interface Span {
  /** In ms; included. */
  readonly from: number
  /** In ms; not included. */
  readonly to: number
  readonly tenant: string | null | undefined
}

/**
 * Holds the options of a restore to what they may be.
 * @throws {AuditError} AUDIT_OPTION_INVALID, naming the first that is wrong.
 */
export const checkRestore = (options: {
  readonly from: number | Date
  readonly to: number | Date
  readonly tenant?: string | null | undefined
}): Span => {
  shape(options, '')
  const [from, to] = [Number(options.from), Number(options.to)]
  if (from >= to) invalid('to must be after from')
  return { from, to, tenant: options.tenant }
}

/** Whether a hold keeps all of it live. */
export const keepsAll = (hold: Hold, { from, to, tenant }: Span): boolean =>
  hold.released === undefined &&
  hold.actor === undefined &&
  hold.target === undefined &&
  (hold.tenant === undefined || hold.tenant === tenant) &&
  (hold.from ?? -Infinity) <= from &&
  (hold.to ?? Infinity) >= to
