import type { AnyContext, EventInput } from '../input.ts'
import type { Outcome } from '../event/schema.ts'
import { property } from '../runtime/ambient.ts'
import { systemKinds } from './kinds/system.ts'
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
    const targets = 'length' in found ? found : [found]
    if (targets.length > 0)
      push(scope, { kind: 'access', action: 'view', outcome, targets }, describing)
  } catch (failure) {
    describing.onError('viewed', failure)
  }
}

/** An HTTPException below 500 is an answer, not an error of the system. */
const isUncaught = (error: unknown): boolean => {
  const status = property(error, 'status')
  return typeof property(error, 'getResponse') !== 'function' || Number(status) >= 500
}

const tellError = (scope: Scope, error: unknown, describing: Describing): void => {
  systemKinds((event: EventInput) => push(scope, event, describing)).system('error', { error })
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
  if ((ending.failed || error !== undefined) && isUncaught(error))
    tellError(scope, error, describing)
}
