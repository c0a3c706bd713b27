import { AuditError } from '../errors.ts'
import type { EventRow } from '../event/row.ts'
import type { AnyContext, Delivery } from '../options.ts'
import { draftRow, type Finishing, requestIdOf, takeDrafts } from './finish.ts'
import { watchRequest } from './middleware.ts'
import { draftOf } from './record.ts'
import type { Plan } from './rules.ts'
import { type Draft, type EventInput, type Override, overlay, type Recorder, type Scope, type ScopeHandle } from './scope.ts'

export interface Opening {
  readonly c: AnyContext | undefined
  readonly env: unknown
  readonly plan: Plan
  readonly override: Override
  /** Lets the runtime go; undefined where nothing keeps it. */
  readonly release: (() => void) | undefined
}

export interface Recording extends Finishing {
  readonly elapsed: () => number
  readonly failOpen: boolean
  /** Asks the runtime to stay; gives back how to let it go. */
  readonly hold: (c: AnyContext | undefined) => (() => void) | undefined
  /** Remembers a delivery that nobody waits for, so that flush() does. */
  readonly track: (sent: Promise<unknown>) => void
  readonly deliver: (
    rows: readonly EventRow[],
    scope: Pick<Scope, 'env' | 'work' | 'release'>,
    delivery: Delivery,
  ) => Promise<boolean> | undefined
}

/** Explicit events that wait for the end of their scope; beyond this they go before it. */
const DRAFTS = 100

/** A job or no scope at all: nothing to sample, skip or wrap. */
export const jobPlan: Plan = {
  audited: false,
  sample: 1,
  delivery: 'defer',
  body: undefined,
  until: 'head',
  action: undefined,
}

/** Takes an event as it is now; one that cannot be read at all is kept as `unnamed`, and told. */
const draftSafely = (event: EventInput, recording: Recording): Draft => {
  try {
    return draftOf(event, recording)
  } catch (error) {
    recording.onError('record', error)
    return draftOf({ action: 'unnamed' }, recording)
  }
}

/**
 * Makes `record` for a scope, or for none. Explicit events of an open scope wait for its end, when
 * its actor is known; later ones go at once.
 */
export const recorder = (scope: Scope | undefined, recording: Recording): Recorder => {
  const send = async (draft: Draft, delivery: Delivery): Promise<boolean> => {
    // Outside of an open scope nothing keeps the runtime for this event: it asks for itself.
    const release = scope?.ended === false ? scope.release : recording.hold(scope?.c)
    const holder = scope?.ended === false ? scope : { env: scope?.env, work: [], release }
    try {
      const rows = await draftRow(draft, scope, recording)
      return (await recording.deliver(rows, holder, delivery)) ?? true
    } finally {
      if (holder !== scope && release !== undefined) Promise.all(holder.work).then(release, release)
    }
  }

  const sendNow = async (draft: Draft): Promise<string> => {
    const sent = send(draft, 'await')
    scope?.work.push(sent)
    const stored = await sent
    if (!stored && !recording.failOpen) throw new AuditError('AUDIT_STORE_UNAVAILABLE')
    return draft.id
  }

  function record(event: EventInput): string
  function record(event: EventInput, options: { readonly delivery: 'await' }): Promise<string>
  function record(
    event: EventInput,
    options?: { readonly delivery: 'await' },
  ): string | Promise<string> {
    const draft = draftSafely(event, recording)
    if (options?.delivery === 'await') return sendNow(draft)
    if (scope === undefined || scope.ended) {
      recording.track(send(draft, 'defer'))
      return draft.id
    }
    scope.drafts.push(draft)
    if (scope.drafts.length >= DRAFTS) flushDrafts(scope, recording)
    return draft.id
  }
  return record
}

const flushDrafts = (scope: Scope, recording: Recording): void => {
  const rows = takeDrafts(scope, recording)
  const handed =
    rows instanceof Promise
      ? rows.then((resolved) => recording.deliver(resolved, scope, 'defer'))
      : recording.deliver(rows, scope, 'defer')
  // What has to be awaited here is awaited with the scope.
  if (handed !== undefined) scope.work.push(handed)
}

/** Opens the scope of a request or a job. */
export const openScope = (opening: Opening, recording: Recording): Scope => {
  const { c } = opening
  const scope: Scope = {
    c,
    env: opening.env,
    plan: opening.plan,
    override: opening.override,
    release: opening.release,
    startedAt: recording.now(),
    startedElapsed: recording.elapsed(),
    requestId: undefined,
    metadata: undefined,
    drafts: [],
    watch: undefined,
    ended: false,
    work: [],
  }
  return scope
}

/** What handlers see of a scope. */
export const handleOf = (scope: Scope, recording: Recording): ScopeHandle => ({
  get requestId() {
    return requestIdOf(scope, recording)
  },
  record: recorder(scope, recording),
  set: (metadata) => {
    scope.metadata = { ...scope.metadata, ...metadata }
  },
  override: (override) => {
    scope.override = overlay(scope.override, override)
    if (scope.c !== undefined && override.body !== undefined) watchRequest(scope, scope.c)
  },
})
