import type { Truncation } from './event/limits.ts'
import type { EventRow } from './event/row.ts'
import type { Actor } from './event/schema.ts'
import type { AnyContext, EventInput } from './input.ts'
import type { AuditStore } from './ports/store.ts'

// What the request path knows of the doors beside it: an app that does not use one does not carry it.

/** What `body()` of `edge-audit/body` makes. All that the request path knows of bodies is this. */
export interface BodyCapture {
  /**
   * Called before the handler runs, and again when more is said of the request: `before` is the watch
   * until then, to be stopped or taken over. Undefined when nothing of this request is kept.
   */
  readonly watch: (c: AnyContext, before: BodyWatch | undefined) => BodyWatch | undefined
}

export interface BodyWatch {
  /** The door's own, for the watch that takes the place of this one. */
  readonly kept: unknown
  /** Takes the watch off the request. */
  readonly stop: () => void
  /** What the handler has read. A promise only where the handler itself parsed what it had read. */
  readonly read: () => BodyFacts | Promise<BodyFacts>
  /**
   * Lets the response's body through, and tells once, and later, how it ended; false leaves it alone.
   * The client's end waits for the promise that comes back, if one does.
   */
  readonly wrap: (c: AnyContext, onEnd: (end: BodyEnd) => Promise<unknown> | undefined) => boolean
}

/** What is added to `data`, and what of it was cut. */
export interface BodyFacts {
  readonly data: Readonly<Record<string, unknown>>
  readonly cuts: readonly Omit<Truncation, 'id'>[]
}

export interface BodyEnd extends BodyFacts {
  /** Given when the body broke. */
  readonly error?: { readonly thrown: unknown } | undefined
}

/** What `auth()` of `edge-audit/auth` makes. All that the request path knows of logins is this. */
export interface AuthCapture {
  /** How an attempted user name is kept; undefined leaves it out. */
  readonly attempted: 'plain' | 'hash' | 'off'
  /** Asked of each request; undefined for those on no route of `auth`. */
  readonly visit: (c: AnyContext, surroundings: Surroundings) => Visit | undefined
  /** Takes the place of delivering, to look at what was stored; undefined when nobody counts. */
  readonly counting: ((delivering: Counting) => Deliver) | undefined
}

export interface Surroundings {
  /** What is kept of an attempted name. */
  readonly attempted: (name: string) => string | undefined
  /** What is kept of the id of a session. */
  readonly hash: ((text: string) => string) | undefined
  readonly attempt: () => Omit<Attempt, 'action' | 'name'>
  /** The one spelling of an action. */
  readonly normaliseAction: (action: string) => string
  /** Ms that a function of the app's may take. */
  readonly patience: number
  readonly onError: (where: string, error: unknown) => void
}

/** One request or job, as far as delivering goes. */
export interface Holder {
  readonly env: unknown
  /** What the runtime has to be kept alive for. */
  readonly work: Promise<unknown>[]
  readonly release: (() => void) | undefined
}

/** Hands rows over. A promise must be awaited before the response; it tells whether they were stored. */
export type Deliver = (
  rows: readonly EventRow[],
  holder: Holder,
  mode: 'defer' | 'await',
) => Promise<boolean> | undefined

/** What counting failed logins needs of the audit. */
export interface Counting {
  readonly deliver: Deliver
  readonly awake: boolean
  readonly track: (sent: Promise<unknown>) => void
  readonly now: () => number
  readonly normaliseAction: (action: string) => string
  readonly store: (env: unknown) => AuditStore
  /** A promise resolves when it has come to its end. */
  readonly record: (event: EventInput, holder: Holder) => unknown
  readonly patience: number
  readonly onError: (where: string, error: unknown) => void
}

/** A request on a route of `auth`. */
export interface Visit {
  /** Whether the handler has told of it by these actions of kind `auth`: its route says no more. */
  readonly isTold: (actions: readonly string[]) => boolean
  /** Whether a function of the app's looks at the response. */
  readonly reads: boolean
  /** Before the handler: an answer in its place. */
  readonly before: (() => Promise<Response | undefined>) | undefined
  /** The event, once it is known how it ended. */
  readonly end: (failed: boolean, response: Response | undefined, who: Known) => Promise<EventInput>
  /** Lets go of what it has set aside: the event was told already. */
  readonly drop: () => void
}

/** Who may have acted. */
export interface Known {
  /** Whom the handler named. */
  readonly told: Actor | undefined
  /** Whom the scope knows, which may be the user of an old session. */
  readonly actor: Actor
}

/** Someone who tries to get in. */
export interface Attempt {
  /** As it is kept: plain, or hashed. */
  readonly name: string | undefined
  readonly ip: string | undefined
  readonly tenant: string | null
  readonly now: number
  /** The action that logins are stored under. */
  readonly action: string
  readonly store: AuditStore
}

/** What `defineActions()` of `edge-audit/actions` makes. */
export interface Registry {
  /** Paths of what is wrong with the metadata of this action. */
  readonly check: (action: string, metadata: unknown) => readonly string[]
}

/** What `lifecycle()` of `edge-audit/lifecycle` makes. */
export interface Lifecycle {
  /** What the first scope tells. The promise is of what is told once the store has been asked. */
  readonly start: (
    options: object,
    store: () => AuditStore,
    tell: (event: EventInput) => void,
    /** When the first scope was opened. */
    startedAt: number,
  ) => Promise<void>
  readonly stop: EventInput
}
