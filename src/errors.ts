/** What each code means and what to do about it. The text is constant: no value of an event gets in. */
const messages = {
  AUDIT_OPTION_INVALID: 'An option is wrong: mend it',
  AUDIT_NO_SCOPE:
    'No audit scope: mount app.use(audit.middleware()) above, or use audit.runAs() or c.var.audit',
  AUDIT_STORE_UNAVAILABLE: 'The store did not answer: check its address, token and load',
  AUDIT_STORE_REFUSED: 'The store refused and would again: look up the code',
  AUDIT_STORE_NOT_MIGRATED:
    'The audit tables are missing or old: run `npx edge-audit migrate` or audit.migrate()',
  AUDIT_REASON_REQUIRED: 'This needs a reason, and there was none: give one',
  AUDIT_QUEUE_FULL: 'More events wait than `queue` allows: raise it, or look at the store',
  AUDIT_DEADLINE: 'The `deadline` passed before the store answered: raise it, or look at the store',
  AUDIT_CLOSED: 'The event came after audit.close(): stop the server first',
  AUDIT_QUERY_INVALID: 'A parameter of the query is wrong: mend it',
  AUDIT_REPORT_TOO_LARGE: 'The report has too many events: narrow it, or export them',
  AUDIT_EVENT_INVALID: 'An event has a wrong value; it is kept: mend the call of record()',
  AUDIT_MIGRATION_CHANGED: 'An applied migration was edited: restore it',
  AUDIT_DEAD_LETTER_FAILED: 'The dead letter failed: look at its backend',
  AUDIT_ARCHIVE_UNAVAILABLE: 'The archive did not answer: check its address, keys and load',
  AUDIT_ARCHIVE_REFUSED: 'The archive refused and would again: look up the code',
  AUDIT_ARCHIVE_DAMAGED:
    'The archive holds something else than was written: nothing was deleted for it, look at the object',
} as const

export type AuditErrorCode = keyof typeof messages

/**
 * The only error this library throws. Switch on `code`; `message` is constant for a code, and
 * `detail` names an option, a limit or a backend's error code, never an audited value.
 * @example
 * try { createAudit({ store }) } catch (error) {
 *   if (isAuditError(error)) console.error(error.code, error.detail)
 * }
 */
export class AuditError extends Error {
  override readonly name = 'AuditError'
  readonly code: AuditErrorCode
  readonly detail: string | undefined

  constructor(code: AuditErrorCode, detail?: string, options?: ErrorOptions) {
    super(detail === undefined ? messages[code] : `${messages[code]} (${detail})`, options)
    this.code = code
    this.detail = detail
  }
}

/** Tells an AuditError also when two copies of the package are loaded. */
export const isAuditError = (error: unknown): error is AuditError =>
  error instanceof Error && error.name === 'AuditError' && 'code' in error
