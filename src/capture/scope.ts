import type { Prepared } from '../event/redact.ts'
import type { Actor, Fault, Kind, Outcome, RequestFacts, Target } from '../event/schema.ts'
import type { Delivery } from '../options.ts'
import type { ActorInput, AnyContext, EventInput, TargetInput } from '../input.ts'
import type { BodyCapture, BodyWatch, Visit } from '../seams.ts'
import type { Facts } from './request.ts'
import type { Plan } from './rules.ts'

/** What a route or a handler says of its own request event. */
export interface Override {
  readonly action?: string | undefined
  readonly target?: TargetInput | ((c: AnyContext) => TargetInput | undefined) | undefined
  readonly targets?: readonly TargetInput[] | undefined
  readonly outcome?: Outcome | undefined
  readonly reason?: string | undefined
  readonly actor?: ActorInput | undefined
  readonly tenant?: string | null | undefined
  /** Leave the request event out. */
  readonly skip?: boolean | undefined
  /** What `body()` of `edge-audit/body` makes. */
  readonly body?: BodyCapture | false | undefined
  readonly delivery?: Delivery | undefined
}

/** An event that waits for its actor: all that the app handed over is redacted already. */
export interface Draft {
  readonly id: string
  readonly occurredAt: number
  readonly kind: Kind
  readonly action: string
  readonly outcome: Outcome
  readonly targets: readonly Target[]
  readonly reason: string | undefined
  readonly error: Fault | undefined
  readonly prepared: Prepared
  readonly actor: Actor | undefined
  readonly tenant: string | null | undefined
  readonly request: Partial<RequestFacts> | undefined
}

/** What a handler does with its scope: `audit.scope()`, or `c.var.audit` where there is no async context. */
export interface ScopeHandle {
  /** The id of the request; undefined in a job. */
  readonly requestId: () => string | undefined
  /** Records an event of this scope. Gives back its id. */
  readonly record: Recorder
  /** Adds to the metadata of the request event; kept also when the handler throws. */
  readonly set: (metadata: Readonly<{ [name: string]: unknown }>) => void
  /** Adds to the metadata of every event of this scope from now on; the event's own keys win. */
  readonly extra: (metadata: Readonly<{ [name: string]: unknown }>) => void
  /** Says what the request event could not know: its target, actor, tenant, outcome … */
  readonly override: (override: Override) => void
  /** Who acts, as events of this scope will tell, and from where; resolvers are asked anew. */
  readonly identify: () => Promise<Identity>
  /** Keeps the runtime, where something does, until this has settled; nobody waits for it here. */
  readonly keepAlive: (work: Promise<unknown>) => void
}

export interface Identity {
  readonly actor: Actor
  /** Undefined in a job, and where the address is not known. */
  readonly ip: string | undefined
}

/** An event whose action may have a schema: its metadata is what that schema takes. */
export type EventOf<Schemas, Action extends string> = Action extends keyof Schemas
  ? Omit<EventInput, 'action' | 'metadata'> & {
      readonly action: Action
      readonly metadata: InputOf<Schemas[Action]>
    }
  : EventInput & { readonly action: Action }

/** https://standardschema.dev */
type InputOf<Schema> = Schema extends {
  readonly '~standard': { readonly types?: { readonly input: infer Input } | undefined }
}
  ? Input
  : never

export interface Recorder {
  (event: EventInput): string
  (event: EventInput, options: RecordOptions): Promise<string>
}

/** The same of an app whose actions have schemas. */
export interface TypedRecorder<Schemas> {
  <Action extends string>(event: EventOf<Schemas, Action>): string
  <Action extends string>(event: EventOf<Schemas, Action>, options: RecordOptions): Promise<string>
}

export interface RecordOptions {
  /** Resolves when the event is stored; rejects when it is not and `onFailure` is `closed`. */
  readonly delivery: 'await'
}

/** One request, or one job. It is mutable, belongs to one of them, and is never shared. */
export interface Scope {
  /** Which audit opened it: two in one app do not take each other's scope for theirs. */
  readonly owner: object
  readonly c: AnyContext | undefined
  readonly env: unknown
  readonly plan: Plan
  readonly startedAt: number
  readonly startedElapsed: number
  requestId: string | undefined
  /** Read when it was opened; undefined where there will be no request event. */
  facts: Facts | undefined
  override: Override
  metadata: { [name: string]: unknown } | undefined
  /** Why, by the request's own word; read where a rule asks for it. */
  reason: string | undefined
  /** Of every event of this scope. */
  extra: { readonly [name: string]: unknown } | undefined
  drafts: Draft[]
  /** Actions of kind `auth` that were told in so many words: their route says no more. */
  told: string[] | undefined
  /** The request is on a route of `auth`. */
  readonly visit: Visit | undefined
  /** Inside of `without()`: how much was left out, and the scope that it was called in. */
  readonly muted: { count: number; readonly outer: Scope | undefined } | undefined
  watch: BodyWatch | undefined
  /** What handlers hold; made when it is first asked for. */
  handle: ScopeHandle | undefined
  /** No more than this is delivered with the scope; what comes later goes on its own. */
  ended: boolean
  /** Deliveries under way, while something keeps the runtime alive for them. */
  readonly work: Promise<unknown>[]
  /** Lets the runtime go; undefined where nothing keeps it. */
  readonly release: (() => void) | undefined
}

/** Waits for all of it, and for what joins it meanwhile. Never rejects. */
export const allDone = async (work: readonly Promise<unknown>[]): Promise<void> => {
  let known = -1
  while (known < work.length) {
    known = work.length
    await Promise.allSettled(work)
  }
}

/** Lets the runtime go when all that is under way has come to its end. */
export const letGo = ({ release, work }: Pick<Scope, 'release' | 'work'>): void => {
  if (release !== undefined) allDone(work).then(release, release)
}

/** Lays one override over another; a missing value covers nothing. */
export const overlay = (under: Override, over: Override): Override => {
  const merged: { [name: string]: unknown } = { ...under }
  for (const [name, value] of Object.entries(over)) if (value !== undefined) merged[name] = value
  return merged
}
