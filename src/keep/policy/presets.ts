import { type Check, object, that } from '../../shape.ts'
import { outspoken } from '../checks.ts'
import { type CalendarDuration, type Duration, durations, spanOf } from './duration.ts'
import type { Policy } from './policy.ts'

// Each is a place to begin, and no advice of a lawyer. A least time is no leave to delete: a preset
// that knows one says `never` until somebody says after how long, and then it holds them to it.

const months = (value: unknown): number => {
  const span = spanOf(value)
  return span !== undefined && 'months' in span ? span.months : 0
}

/** Days are refused: whether 365 of them are 12 months depends on where in the calendar they lie. */
const monthsFrom = (least: number): Check =>
  that(`${least} months or more, such as '${least}mo' or '10y'`, (value) => months(value) >= least)

const neverOr =
  (check: Check): Check =>
  (value, path) => {
    if (value !== 'never') check(value, path)
  }

const duration = that(`a duration ${durations}`, (value) => spanOf(value) !== undefined)

export interface PciDssOptions {
  /** 3 months or more, in months or years. @default '3mo' */
  readonly archiveAfter?: CalendarDuration
  /** 12 months or more, in months or years. @default 'never' */
  readonly deleteAfter?: CalendarDuration | 'never'
}

const pciDssOptions = outspoken(
  object({ archiveAfter: monthsFrom(3), deleteAfter: neverOr(monthsFrom(12)) }),
)

/**
 * PCI DSS: at least 12 months, of which the last three are there for analysis at once: these stay
 * live. Deletes nothing unless told after how long.
 * @throws {AuditError} AUDIT_OPTION_INVALID when less is asked for than the standard does.
 * @example
 * import { pciDss } from 'edge-audit/keep'
 * const policies = [pciDss({ deleteAfter: '12mo' })]
 */
export const pciDss = (options: PciDssOptions = {}): Policy => {
  pciDssOptions(options, 'pciDss')
  return {
    archiveAfter: '3mo',
    deleteAfter: 'never',
    ...options,
    source:
      'PCI DSS v4.0.1, 10.5.1: audit log history for at least 12 months, at least the most recent three months immediately available for analysis',
  }
}

export interface HipaaOptions {
  /** The rule says nothing about it. @default they stay */
  readonly archiveAfter?: Duration
  /** 6 years or more, in months or years. @default 'never' */
  readonly deleteAfter?: CalendarDuration | 'never'
}

const hipaaOptions = outspoken(
  object({ archiveAfter: duration, deleteAfter: neverOr(monthsFrom(72)) }),
)

/**
 * HIPAA: 6 years for the documentation that its Security Rule demands. Whether each entry of an audit
 * log is such documentation the rule leaves open; many keep them so long to be on the safe side.
 * Deletes nothing unless told after how long.
 * @throws {AuditError} AUDIT_OPTION_INVALID when less is asked for than the rule does.
 * @example
 * import { hipaa } from 'edge-audit/keep'
 * const policies = [hipaa({ archiveAfter: '90d', deleteAfter: '6y' })]
 */
export const hipaa = (options: HipaaOptions = {}): Policy => {
  hipaaOptions(options, 'hipaa')
  return {
    deleteAfter: 'never',
    ...options,
    source:
      '45 CFR 164.316(b)(2)(i) (HIPAA Security Rule): documentation required by (b)(1) for 6 years from its creation or when it last was in effect, whichever is later',
  }
}

export interface Soc2Options {
  /** @default '1y' */
  readonly archiveAfter?: Duration
  /** Whatever your own retention policy says. @default 'never' */
  readonly deleteAfter?: Duration | 'never'
}

const soc2Options = outspoken(object({ archiveAfter: duration, deleteAfter: neverOr(duration) }))

/**
 * SOC 2: no criterion names a time; an auditor asks whether you keep to the one that you wrote down. A
 * year live is custom: a Type 2 report looks at 12 months as a rule. Deletes nothing unless told after
 * how long.
 * @throws {AuditError} AUDIT_OPTION_INVALID
 * @example
 * import { soc2 } from 'edge-audit/keep'
 * const policies = [soc2({ deleteAfter: '2y' })]
 */
export const soc2 = (options: Soc2Options = {}): Policy => {
  soc2Options(options, 'soc2')
  return {
    archiveAfter: '1y',
    deleteAfter: 'never',
    ...options,
    source:
      'SOC 2 (AICPA TSP section 100, 2017, points of focus revised 2022) sets no period; CC7.2 and CC7.3 need events to look back at, and a year is custom',
  }
}

export interface GdprOptions {
  /** @default '6mo' */
  readonly deleteAfter?: Duration
}

const gdprOptions = outspoken(object({ deleteAfter: duration }))

/**
 * GDPR, as little as can be: personal data is kept for no longer than it is needed, and the regulation
 * names no time. **This one deletes**, after six months unless told otherwise: the least that the
 * French authority recommends for logs (six months to a year). A policy that keeps longer wins, so
 * beside `hipaa()` it deletes nothing.
 * @throws {AuditError} AUDIT_OPTION_INVALID
 * @example
 * import { gdprMinimal } from 'edge-audit/keep'
 * const policies = [gdprMinimal({ deleteAfter: '1y' })]
 */
export const gdprMinimal = (options: GdprOptions = {}): Policy => {
  gdprOptions(options, 'gdprMinimal')
  return {
    deleteAfter: '6mo',
    ...options,
    source:
      'Regulation (EU) 2016/679 (GDPR), Art. 5(1)(e): no longer than is necessary; CNIL, deliberation 2021-122 of 14 October 2021: logs for six months to a year',
  }
}
