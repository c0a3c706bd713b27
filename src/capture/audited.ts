/**
 * Functions that record each of their calls.
 * @module
 */
import type { Outcome } from '../event/schema.ts'
import type { EventInput, TargetInput } from '../input.ts'
import { ambient, peek } from '../runtime/ambient.ts'
import { textOf } from './actor.ts'
import type { Tell } from './kinds/told.ts'
import { settle } from './settle.ts'

/** A value, or how it is made of the arguments. */
type Of<Args extends readonly unknown[], Value> = Value | ((...args: Args) => Value)

/** The arguments of the function itself: what tells of it may take fewer, and they are not inferred from that. */
type AsGiven<Args extends readonly unknown[]> = Args extends readonly unknown[] ? Args : never

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

/** What is used of an audit. */
export interface Recording {
  readonly record: Tell
  demand(action: string, reason: string | undefined): void
}

/** What an error of HTTP, or one that is made like it, says. */
const outcomeOf = (thrown: unknown): Outcome => {
  const status = peek(thrown, 'status') ?? peek(thrown, 'statusCode')
  return status === 401 || status === 403 ? 'denied' : 'failure'
}

/** A value, or what a function makes of the arguments; one that throws says nothing. */
const made = <Args extends readonly unknown[], Value extends object | string>(
  from: Value | ((...args: Args) => Value | undefined) | undefined,
  args: Args,
): Value | undefined => {
  if (typeof from !== 'function') return from
  try {
    return from(...args)
  } catch {
    // The event is kept without it, and the deed is not to fail for what is told of it.
    return undefined
  }
}

/**
 * Makes a function that records each of its calls: success, failure or denied, by how it ends. What it
 * gives and throws is as ever. In a scope it is the scope's event.
 * @throws {AuditError} AUDIT_REASON_REQUIRED from the call, before the function runs, when
 * `require.reason` names the action and there is no reason.
 * @example
 * import { createAudit } from 'edge-audit'
 * import { audited } from 'edge-audit/audited'
 * import { memory } from 'edge-audit/memory'
 * const audit = createAudit({ store: memory() })
 * const refund = audited(
 *   audit,
 *   { action: 'invoice.refund', target: (id: string) => ({ type: 'invoice', id }) },
 *   async (id: string) => `refunded ${id}`,
 * )
 * await refund('7')
 */
export const audited = <Args extends readonly unknown[], Result>(
  audit: Recording,
  {
    target,
    reason,
    args: keepArgs,
    result: keepResult,
    outcome,
    ...told
  }: Deed<AsGiven<Args>, NoInfer<Result>>,
  fn: (...args: Args) => Result,
): ((...args: AsGiven<Args>) => Result) => {
  const { elapsed } = ambient
  return (...args) => {
    const start = elapsed()
    const why = textOf(made(reason, args))
    const tell = (ended: Outcome, more: Partial<EventInput>, data: object): void => {
      const durationMs = Math.round((elapsed() - start) * 1_000) / 1_000
      const kept = keepArgs === true && { args }
      audit.record({
        ...told,
        ...more,
        outcome: ended,
        reason: why,
        target: made(target, args),
        data: { ...told.data, ...data, ...kept, durationMs },
      })
    }
    try {
      audit.demand(told.action, why)
    } catch (error) {
      tell('denied', {}, { refused: 'reason' })
      throw error
    }
    return settle(
      () => fn(...args),
      (value) => {
        const judged = made(outcome, [{ result: value }])
        tell(judged ?? 'success', {}, keepResult === true ? { result: value } : {})
      },
      (thrown) => tell(made(outcome, [{ thrown }]) ?? outcomeOf(thrown), { error: thrown }, {}),
    )
  }
}
