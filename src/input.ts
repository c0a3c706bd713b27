import type { Context } from 'hono'
import type { Actor, Kind, Outcome, RequestFacts, Target } from './event/schema.ts'

// What an app hands over.

/** What an app may hand over as an actor: `type` is `user` unless said otherwise, a number is a fine id. */
export type ActorInput = Omit<Actor, 'id' | 'type' | 'onBehalfOf' | 'name' | 'role'> & {
  readonly id: string | number
  readonly type?: Actor['type'] | undefined
  readonly name?: string | null | undefined
  readonly role?: string | null | undefined
  readonly onBehalfOf?: readonly Omit<ActorInput, 'onBehalfOf'>[] | undefined
}
export type TargetInput = Omit<Target, 'id'> & { readonly id: string | number }

/** An event of the app's own. */
export interface EventInput {
  /** `noun.verb`, such as `invoice.refund`. */
  readonly action: string
  /** @default 'custom' */
  readonly kind?: Kind | undefined
  readonly target?: TargetInput | undefined
  readonly targets?: readonly TargetInput[] | undefined
  /** @default 'success', or 'failure' with an error */
  readonly outcome?: Outcome | undefined
  /** Why, in the person's words. */
  readonly reason?: string | undefined
  /** `{ field: { old, new } }` */
  readonly changes?:
    | Readonly<Record<string, { readonly old?: unknown; readonly new?: unknown }>>
    | undefined
  /** What the kind adds, as the kind's own functions write it. What the app adds is `metadata`. */
  readonly data?: Readonly<Record<string, unknown>> | undefined
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
  /** Anything that was thrown. */
  readonly error?: unknown
  /** @default the scope's, then the resolver's, then `anonymous` in a request and `system` outside */
  readonly actor?: ActorInput | undefined
  /** @default the scope's */
  readonly tenant?: string | null | undefined
  /** What is told of its request besides the id; an id takes the place of the scope's. @default the id alone */
  readonly request?: Partial<RequestFacts> | undefined
  /** When it happened, in ms since 1970 UTC. @default now */
  readonly occurredAt?: number | Date | undefined
}

/** Names the actor of a request, or nobody. Runs after the handler, when auth middleware has done its work. */
export type ActorResolver = (
  c: AnyContext,
) => ActorInput | null | undefined | Promise<ActorInput | null | undefined>

/** Any Hono context: its Env belongs to the app. */
export type AnyContext = Context<AnyEnv>
/** What is asked of a context of the app's own: its Env fits no other. */
export interface OwnContext {
  readonly req: { readonly raw: Request }
  readonly get: (...names: never[]) => unknown
}
type AnyEnv = { Bindings: AnyRecord; Variables: AnyRecord }
type AnyRecord = Record<string, never>
