import type { Outcome } from '../event/schema.ts'
import type { ActorInput, EventInput } from '../input.ts'
import type { AsyncContext } from '../runtime/ambient.ts'
import { aboutAudit } from './about-audit.ts'
import { requestIdOf } from './finish.ts'
import { handleOf, openScope, record, type Recording } from './open.ts'
import { jobPlan } from './rules.ts'
import type { Scope, ScopeHandle } from './scope.ts'
import { settle } from './settle.ts'

/** Who switches auditing off or on, and why. */
export interface Why {
  readonly reason?: string | undefined
  /** @default the scope's actor */
  readonly by?: ActorInput | undefined
}

export interface Switches {
  /**
   * Runs a function and records nothing of what happens in it but one event that says so. Where there
   * is no async context, only what uses the handle that the function gets is left out.
   */
  without<Result>(fn: (scope: ScopeHandle) => Result, why?: Why): Result
  /** Stops recording until `resume()`, and records that. */
  pause(why?: Why): void
  resume(why?: Why): void
}

export const switches = (
  recording: Recording,
  scopes: AsyncContext<Scope> | undefined,
  isEnabled: boolean,
): Switches => {
  const { elapsed, state } = recording
  const current = (): Scope | undefined => scopes?.getStore()

  const tell = (
    action: string,
    scope: Scope | undefined,
    { by, reason }: Why,
    more: Partial<EventInput> = {},
  ): void => {
    // Who is meant is the scope's actor, unless it is said.
    record(aboutAudit(action, { ...more, actor: by, tenant: undefined, reason }), scope, recording)
  }

  /** Types do not bind JavaScript callers; auditing is switched all the same. */
  const whyOf = (why: Why | null | undefined): Why => {
    try {
      const { by, reason } = why ?? {}
      return { by, reason }
    } catch (error) {
      recording.onError('record', error)
      return {}
    }
  }

  /** Inside of `without()` too, that auditing is switched off is not left out. */
  const here = (): Scope | undefined => {
    const scope = current()
    return scope?.muted === undefined ? scope : scope.muted.outer
  }

  return {
    without: (fn, why) => {
      const outer = current()
      // One in another leaves out what that leaves out already.
      if (outer?.muted !== undefined) return fn(handleOf(outer, recording))
      const muted = { count: 0, outer }
      // Minted now, where none came in: in there and out here the request is the same.
      if (outer !== undefined) requestIdOf(outer, recording)
      const job = { c: undefined, env: undefined, plan: jobPlan, override: {}, release: undefined }
      const inner: Scope = { ...(outer ?? openScope(job, recording)), muted, handle: undefined }
      const start = elapsed()
      const run = (): ReturnType<typeof fn> => fn(handleOf(inner, recording))
      const end = (outcome: Outcome): void => {
        const durationMs = Math.round((elapsed() - start) * 1_000) / 1_000
        tell('audit.without', outer, whyOf(why), {
          outcome,
          data: { durationMs, leftOut: muted.count },
        })
      }
      return settle(
        () => (scopes === undefined ? run() : scopes.run(inner, run)),
        () => end('success'),
        () => end('failure'),
      )
    },
    pause: (why) => {
      if (state.off) return
      tell('audit.pause', here(), whyOf(why))
      state.off = true
    },
    resume: (why) => {
      if (!state.off || !isEnabled) return
      state.off = false
      tell('audit.resume', here(), whyOf(why))
    },
  }
}
