import { AuditError } from '../../errors.ts'
import type { Outcome } from '../../event/schema.ts'
import type { EventInput, TargetInput } from '../../options.ts'
import { property } from '../../runtime/ambient.ts'
import { textOf } from '../actor.ts'
import { settle } from '../settle.ts'
import type { Tell } from './told.ts'

/** A value, or how it is made of the arguments. */
type Of<Args extends readonly unknown[], Value> = Value | ((...args: Args) => Value)

export interface Deed<Args extends readonly unknown[], Result> extends Omit<
  EventInput,
  'target' | 'reason' | 'outcome' | 'error' | 'occurredAt'
> {
  readonly target?: Of<Args, TargetInput | undefined>
  /** Where `require.reason` names the action, the function does not run without one. */
  readonly reason?: Of<Args, string | undefined>
  /** Keep the arguments, redacted like everything else. @default false */
  readonly args?: boolean | undefined
  /** Keep what it gave. @default false */
  readonly result?: boolean | undefined
  /** How it came out. @default failure when it throws, `denied` when that has status 401 or 403 */
  readonly outcome?:
    | ((end: { readonly thrown?: unknown; readonly result?: Awaited<Result> }) => Outcome)
    | undefined
}

export interface DeedKinds {
  /**
   * Makes a function that records each of its calls: success, failure or denied, by how it ends.
   * @throws {AuditError} AUDIT_REASON_REQUIRED from the call, before the function runs, when
   * `require.reason` names the action and there is no reason.
   * @example
   * const refund = audit.audited(
   *   { action: 'invoice.refund', target: (id: string) => ({ type: 'invoice', id }) },
   *   async (id: string) => payments.refund(id),
   * )
   */
  audited<Args extends readonly unknown[], Result>(
    deed: Deed<Args, Result>,
    fn: (...args: Args) => Result,
  ): (...args: Args) => Result
}

export interface Judging {
  readonly elapsed: () => number
  readonly needsReason: (action: string) => boolean
  readonly onError: (where: string, error: unknown) => void
}

/** What an error of HTTP, or one that is made like it, says. */
const outcomeOf = (thrown: unknown): Outcome => {
  const status = property(thrown, 'status') ?? property(thrown, 'statusCode')
  return status === 401 || status === 403 ? 'denied' : 'failure'
}

export const deedKinds = (record: Tell, { elapsed, needsReason, onError }: Judging): DeedKinds => ({
  audited: ({ target, reason, args: keepArgs, result: keepResult, outcome, ...told }, fn) => {
    const made = <Value>(from: unknown, args: readonly unknown[]): Value | undefined => {
      if (typeof from !== 'function') return from as Value | undefined
      try {
        return Reflect.apply(from, undefined, args)
      } catch (error) {
        onError('audited', error)
        return undefined
      }
    }
    return (...args) => {
      const start = elapsed()
      const why = textOf(made<string>(reason, args))
      const tell = (ended: Outcome, more: Partial<EventInput>, data: object): void => {
        const durationMs = Math.round((elapsed() - start) * 1_000) / 1_000
        record({
          ...told,
          ...more,
          outcome: ended,
          reason: why,
          target: made<TargetInput>(target, args),
          data: { ...told.data, ...data, ...(keepArgs === true && { args }), durationMs },
        })
      }
      if ((why === undefined || why.trim() === '') && needsReason(told.action)) {
        tell('denied', {}, { refused: 'reason' })
        throw new AuditError('AUDIT_REASON_REQUIRED', told.action)
      }
      return settle(
        () => fn(...args),
        (failed, value) => {
          const end = failed ? { thrown: value } : { result: value as never }
          const judged = outcome === undefined ? undefined : made<Outcome>(outcome, [end])
          if (failed) tell(judged ?? outcomeOf(value), { error: value }, {})
          else tell(judged ?? 'success', {}, keepResult === true ? { result: value } : {})
        },
      )
    }
  },
})
