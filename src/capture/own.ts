import { AuditError } from '../errors.ts'
import type { AnyContext, EventInput } from '../input.ts'
import type { Outcome } from '../event/schema.ts'
import { targetsIn } from './kinds/access.ts'
import { systemKinds } from './kinds/system.ts'
import { telling } from './kinds/told.ts'
import { draftOf } from './record.ts'
import type { Describing, Ending } from './request-event.ts'
import type { Scope } from './scope.ts'

// Events that a request leaves besides its own: nobody recorded them, a rule or an option asks for them.

const push = (scope: Scope, event: EventInput, describing: Describing): string => {
  const draft = draftOf(event, scope.extra, describing)
  scope.drafts.push(draft)
  return draft.id
}

/** What the request read, by the rule that says so. */
const tellViewed = (
  scope: Scope,
  c: AnyContext,
  outcome: Outcome,
  describing: Describing,
): void => {
  const { viewed } = scope.plan
  if (viewed === undefined) return
  try {
    const found = viewed(c)
    if (found === undefined || found === null) return
    if (Array.isArray(found) && found.length === 0) return
    // Types do not bind JavaScript callers: an async function would name nothing, and may yet reject.
    if (found instanceof Promise) found.catch(() => undefined)
    const event: EventInput = { kind: 'access', action: 'view', outcome, ...targetsIn(found) }
    const draft = draftOf(event, scope.extra, describing)
    if (draft.targets.length === 0)
      throw new AuditError('AUDIT_EVENT_INVALID', 'viewed names no thing')
    scope.drafts.push(draft)
  } catch (failure) {
    describing.onError('viewed', failure)
  }
}

/** An error that was answered with less than 500 is the app's answer, and none of the system. */
const isUncaught = ({ failed, status }: Ending, error: unknown): boolean =>
  failed || (error !== undefined && (status ?? 500) >= 500)

const tellError = (scope: Scope, error: unknown, describing: Describing): void => {
  const tell = telling((event) => push(scope, event, describing), describing.onError)
  // Undefined can be thrown too, and would say here that there is no error.
  systemKinds(tell).system('error', { error: error === undefined ? 'undefined' : error })
}

/** Adds what the request leaves besides its own event to what its handler recorded. */
export const tellOwn = (
  scope: Scope,
  c: AnyContext,
  ending: Ending,
  outcome: Outcome,
  describing: Describing,
): void => {
  const error = ending.failed ? ending.thrown : c.error
  tellViewed(scope, c, outcome, describing)
  if (describing.options.systemErrors !== true) return
  if (isUncaught(ending, error)) tellError(scope, error, describing)
}
