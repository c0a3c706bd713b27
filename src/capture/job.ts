import type { ActorInput } from '../input.ts'
import type { AsyncContext } from '../runtime/ambient.ts'
import { takeDrafts } from './finish.ts'
import { handleOf, openScope, type Recording } from './open.ts'
import { jobPlan } from './rules.ts'
import { allDone, type Scope, type ScopeHandle } from './scope.ts'

/** Who and what a job is. */
export interface Job {
  /** @default the system */
  readonly actor?: ActorInput | undefined
  readonly tenant?: string | null | undefined
  /** What runs: `cron`, `queue`, `script` … It becomes the actor's `via`. */
  readonly source?: string | undefined
  /** The bindings, where `store` is a function of them. @default those of the platform */
  readonly env?: unknown
}

/** Runs a job in a scope of its own; what it recorded is stored when it resolves. */
export const runJob = async <Result>(
  job: Job,
  fn: (scope: ScopeHandle) => Result,
  recording: Recording,
  scopes: AsyncContext<Scope> | undefined,
  started: (scope: Scope) => void,
): Promise<Awaited<Result>> => {
  const via = job.source
  const actor = {
    ...(job.actor ?? { id: 'system', type: 'system' as const }),
    ...(via !== undefined && { via }),
  }
  const release = recording.hold(undefined)
  const override = { actor, tenant: job.tenant }
  const opened = openScope(
    { c: undefined, env: job.env, plan: jobPlan, override, release },
    recording,
  )
  // A job of a function that is not to be recorded is a part of it.
  const muted = scopes?.getStore()?.muted
  const scope: Scope = muted === undefined ? opened : { ...opened, muted }
  started(scope)
  const run = async (): Promise<Awaited<Result>> => await fn(handleOf(scope, recording))
  try {
    return await (scopes === undefined ? run() : scopes.run(scope, run))
  } finally {
    scope.ended = true
    await recording.deliver(await takeDrafts(scope, recording), scope, 'await')
    await allDone(scope.work)
    release?.()
  }
}
