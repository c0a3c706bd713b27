import { AuditError } from '../errors.ts'
import { peek, property } from '../runtime/ambient.ts'
import type { AuditStore } from '../ports/store.ts'
import type { Delivery } from '../options.ts'
import type { AnyContext, EventInput } from '../input.ts'
import type { Deliver, Holder, Surroundings, Visit } from '../seams.ts'
import type { AuthPolicy } from './kinds/auth.ts'
import { actorIn, draftRow, type Finishing, requestIdOf, takeDrafts, tenantIn } from './finish.ts'
import { watchBodies } from './middleware.ts'
import { draftOf } from './record.ts'
import { requestFacts } from './request.ts'
import type { Plan } from './rules.ts'
import {
  type Draft,
  letGo,
  type Override,
  overlay,
  type Recorder,
  type RecordOptions,
  type Scope,
  type ScopeHandle,
} from './scope.ts'

export interface Opening {
  readonly c: AnyContext | undefined
  readonly env: unknown
  readonly plan: Plan
  readonly override: Override
  /** Lets the runtime go; undefined where nothing keeps it. */
  readonly release: (() => void) | undefined
  readonly visit?: Visit | undefined
}

export interface Recording extends Finishing {
  readonly owner: object
  readonly elapsed: () => number
  readonly failOpen: boolean
  /** While it is off, by the kill switch or a pause, an id is all that is made of an event. */
  readonly state: { off: boolean; started: boolean }
  readonly authPolicy: AuthPolicy
  readonly needsReason: (action: string) => boolean
  readonly awake: boolean
  /** Asks the runtime to stay; gives back how to let it go. */
  readonly hold: (c: AnyContext | undefined) => (() => void) | undefined
  /** Remembers a delivery that nobody waits for, so that flush() does. */
  readonly track: (sent: Promise<unknown>) => void
  readonly deliver: Deliver
}

/** Explicit events that wait for the end of their scope; beyond this they go before it. */
const DRAFTS = 100

/** Takes an event as it is now; one that cannot be read at all is kept as `unnamed`, and told. */
const draftSafely = (event: EventInput, extra: Scope['extra'], recording: Recording): Draft => {
  try {
    return draftOf(event, extra, recording)
  } catch (error) {
    recording.onError('record', error)
    return draftOf({ action: 'unnamed' }, undefined, recording)
  }
}

const send = async (
  draft: Draft,
  scope: Scope | undefined,
  delivery: Delivery,
  recording: Recording,
): Promise<boolean> => {
  const open = scope?.ended === false ? scope : undefined
  // Outside of an open scope nothing keeps the runtime for this event: it asks for itself.
  const holder = open ?? { env: scope?.env, work: [], release: recording.hold(scope?.c) }
  try {
    const rows = await draftRow(draft, scope, recording)
    return (await recording.deliver(rows, holder, delivery)) ?? true
  } finally {
    if (open === undefined) letGo(holder)
  }
}

const sendNow = async (
  draft: Draft,
  scope: Scope | undefined,
  recording: Recording,
): Promise<string> => {
  const sent = send(draft, scope, 'await', recording)
  scope?.work.push(sent)
  const stored = await sent
  if (!stored && !recording.failOpen) throw new AuditError('AUDIT_STORE_UNAVAILABLE')
  return draft.id
}

/** While nothing is recorded an id is all that is made of an event. */
const unrecorded = (scope: Scope | undefined, recording: Recording): string | undefined => {
  if (!recording.state.off && scope?.muted === undefined) return undefined
  if (scope?.muted !== undefined) scope.muted.count++
  return recording.mint(recording.now())
}

const draftIn = (event: EventInput, scope: Scope | undefined, recording: Recording): Draft => {
  const draft = draftSafely(event, scope?.extra, recording)
  if (scope !== undefined && draft.kind === 'auth') (scope.told ??= []).push(draft.action)
  return draft
}

/**
 * Records an event in a scope, or in none. Those of an open scope wait for its end, when its actor is
 * known; later ones go at once.
 */
export const record = (
  event: EventInput,
  scope: Scope | undefined,
  recording: Recording,
): string => {
  const unmade = unrecorded(scope, recording)
  if (unmade !== undefined) return unmade
  const draft = draftIn(event, scope, recording)
  if (scope === undefined || scope.ended) {
    recording.track(send(draft, scope, 'defer', recording))
    return draft.id
  }
  scope.drafts.push(draft)
  if (scope.drafts.length >= DRAFTS) flushDrafts(scope, recording)
  return draft.id
}

/** The same, and waits until the event is stored. */
export const recordNow = async (
  event: EventInput,
  scope: Scope | undefined,
  recording: Recording,
): Promise<string> => {
  const unmade = unrecorded(scope, recording)
  return unmade ?? sendNow(draftIn(event, scope, recording), scope, recording)
}

const flushDrafts = (scope: Scope, recording: Recording): void => {
  const rows = takeDrafts(scope, recording)
  const handed =
    rows instanceof Promise
      ? rows.then((resolved) => recording.deliver(resolved, scope, 'defer'))
      : recording.deliver(rows, scope, 'defer')
  // What has to be awaited here is awaited with the scope.
  if (handed === undefined) return
  scope.work.push(handed)
  if (scope.release === undefined) recording.track(handed)
}

/** Opens the scope of a request or a job. */
export const openScope = (opening: Opening, recording: Recording): Scope => {
  const { c } = opening
  return {
    owner: recording.owner,
    c,
    env: opening.env,
    plan: opening.plan,
    override: opening.override,
    release: opening.release,
    startedAt: recording.now(),
    startedElapsed: recording.elapsed(),
    requestId: undefined,
    facts: undefined,
    metadata: undefined,
    reason: undefined,
    extra: undefined,
    drafts: [],
    told: undefined,
    visit: opening.visit,
    muted: undefined,
    watch: undefined,
    handle: undefined,
    ended: false,
    work: [],
  }
}

const addressIn = ({ c, facts }: Scope, recording: Recording): string | undefined =>
  (facts?.request ?? (c && requestFacts(c, recording).request))?.ip

/** What `auth()` is told of the request that it watches. */
export const surroundingsOf = (
  scope: () => Scope,
  store: (env: unknown) => AuditStore,
  recording: Recording,
): Surroundings => ({
  ...recording.authPolicy,
  normaliseAction: recording.normaliseAction,
  onError: recording.onError,
  patience: recording.patience,
  attempt: () => {
    const here = scope()
    return {
      ip: addressIn(here, recording),
      tenant: tenantIn(here, recording),
      now: recording.now(),
      store: store(here.env),
    }
  },
})

/** What late events are delivered with is none. */
const isScope = (holder: Holder): holder is Scope => 'drafts' in holder

/** The same, where failed logins are counted: what is delivered passes who counts them. */
export const counted = <Given extends Recording>(
  recording: Given,
  store: (env: unknown) => AuditStore,
): Given => {
  const counting = recording.options.auth?.counting
  if (counting === undefined) return recording
  const deliver = counting({
    ...recording,
    store,
    record: (event, holder) => recordNow(event, isScope(holder) ? holder : undefined, recording),
  })
  return { ...recording, deliver }
}

/** What handlers see of a scope. */
export const handleOf = (scope: Scope, recording: Recording): ScopeHandle =>
  (scope.handle ??= {
    // A method: each object literal with a getter makes a hidden class of its own, which keeps all that
    // the getter sees, the request among it, until the next full collection (V8).
    requestId: () => requestIdOf(scope, recording),
    record: recorder(() => scope, recording),
    set: (metadata) => {
      try {
        scope.metadata = { ...scope.metadata, ...metadata }
      } catch (error) {
        // A getter of the app's that throws: its handler goes on, and what was set before is kept.
        recording.onError('set', error)
      }
    },
    extra: (metadata) => {
      try {
        scope.extra = { ...scope.extra, ...metadata }
      } catch (error) {
        recording.onError('extra', error)
      }
    },
    override: (override) => {
      try {
        scope.override = overlay(scope.override, override)
        if (scope.c !== undefined && !recording.state.off) watchBodies(scope, scope.c)
      } catch (error) {
        recording.onError('override', error)
      }
    },
    identify: async () => ({
      actor: await actorIn(scope, recording),
      ip: addressIn(scope, recording),
    }),
    keepAlive: (work) => {
      scope.work.push(work)
    },
  })

const isRecorder = (value: unknown): value is Recorder => typeof value === 'function'

/** `record` of the scope that a handle or a context holds; undefined where no middleware is mounted. */
export const recorderIn = (where: unknown): Recorder | undefined => {
  try {
    const get = property(where, 'get')
    const handle = typeof get === 'function' ? Reflect.apply(get, where, ['audit']) : where
    const record = property(handle, 'record')
    return isRecorder(record) ? record : undefined
  } catch {
    // Neither of the two: the event is one of no scope, and no handler fails.
    return undefined
  }
}

/** `record` for the scope that there is when it is called. */
export const recorder = (scope: () => Scope | undefined, recording: Recording): Recorder => {
  function recordHere(event: EventInput): string
  function recordHere(event: EventInput, options: RecordOptions): Promise<string>
  function recordHere(event: EventInput, options?: RecordOptions): string | Promise<string> {
    const here = scope()
    return peek(options, 'delivery') === 'await'
      ? recordNow(event, here, recording)
      : record(event, here, recording)
  }
  return recordHere
}
