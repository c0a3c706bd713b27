/** What each code means and what to do about it. The text is constant: no value of an event gets in. */
const messages = {
  AUDIT_OPTION_INVALID:
    'An option of createAudit() is wrong; `detail` names it and says what is allowed.',
  AUDIT_NO_SCOPE:
    'There is no audit scope here. Mount app.use(audit.middleware()) above this route, or wrap the job in audit.runAs(). On a runtime without AsyncLocalStorage use c.var.audit.',
  AUDIT_STORE_UNAVAILABLE:
    'The audit store did not answer, or not in time. It is tried again; if this goes on, check its address, token and load.',
  AUDIT_STORE_REFUSED:
    'The audit store refused the statement and would refuse it again; `detail` holds its error code.',
  AUDIT_STORE_NOT_MIGRATED:
    'The audit tables are missing or old. Run `npx edge-audit migrate`, or call audit.migrate() once at deploy time.',
  AUDIT_QUEUE_FULL:
    'More events wait than `queue` allows. The store is slower than the app: raise `queue.events`, or look at the store.',
  AUDIT_DEADLINE:
    'The delivery deadline passed before the store took the event. See `deadline` and the latency of the store.',
  AUDIT_CLOSED: 'The event came after audit.close(). Close the audit after the server has stopped.',
  AUDIT_QUERY_INVALID:
    'A parameter of the query is wrong; `detail` names it and says what is allowed.',
  AUDIT_EVENT_INVALID:
    'An event was recorded with a wrong value; it is kept, under the action `unnamed` if it had none. `detail` names the field.',
  AUDIT_MIGRATION_CHANGED:
    'A migration that was applied differs from the one in this version. `detail` names it. Never edit applied migrations.',
  AUDIT_DEAD_LETTER_FAILED: 'The dead letter did not take the events, or did not give them back.',
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
