import type { ActorResolver, AnyContext, TargetInput } from './input.ts'
import type { AuthCapture, BodyCapture, Lifecycle, Registry } from './seams.ts'
import type { Limits, Truncation } from './event/limits.ts'
import type { AuditEvent, Kind, Outcome } from './event/schema.ts'
import type { RedactOptions } from './event/secrets.ts'
import type { AuditError } from './errors.ts'
import type { DeadLetter } from './ports/dead-letter.ts'
import type { AuditStore } from './ports/store.ts'
import type { Ambient, AsyncContext } from './runtime/ambient.ts'
import type { Address } from './runtime/client.ts'

// Every option, its doc and its default. They are checked once, by createAudit(), in check.ts.

/**
 * Which requests: a glob (`*` within a segment, `**` across), a RegExp on the path, a RegExp's
 * source, a predicate, or one of these for some methods.
 */
export type Matcher =
  | string
  | RegExp
  | ((c: AnyContext) => boolean)
  | {
      readonly path?: string | RegExp | undefined
      readonly regexp?: string | undefined
      readonly methods?: readonly string[] | undefined
      readonly when?: ((c: AnyContext) => boolean) | undefined
    }

export type Delivery = 'defer' | 'await'

/** What holds for some requests. Later rules win, option by option. */
export interface Rule {
  readonly match: Matcher
  /** False leaves the request event out; what the handler records is kept. @default true */
  readonly audit?: boolean | undefined
  /** Share of successful requests kept, 0 to 1; failures and denials always are. @default 1 */
  readonly sample?: number | undefined
  readonly delivery?: Delivery | undefined
  /** What `body()` of `edge-audit/body` makes; it takes the place of an earlier one as a whole. @default false */
  readonly body?: BodyCapture | false | undefined
  readonly action?: string | undefined
  /** What the request reads: an `access` event names it, whatever came of it. */
  readonly viewed?:
    | ((c: AnyContext) => TargetInput | readonly TargetInput[] | null | undefined)
    | undefined
  /** `required`: without a reason the request is answered 400 before the handler runs. @default not asked for */
  readonly reason?: 'optional' | 'required' | undefined
}

/** Names in which a `*` at the end stands for the rest: `invoice.*`. */
export type NamePattern = string

/** Told of an event that is kept although something of it is wrong. */
export interface Invalid {
  readonly id: string
  readonly action: string
  /** Paths such as `metadata.amount`, or `target`, `reason`. Never values. */
  readonly problems: readonly string[]
}

/** Reads the client's address; a text is normalised, and marked as the app's own word. */
export type AddressReader = (c: AnyContext) => string | Address | null | undefined

export interface AuditOptions {
  /** Where events are stored: a store, or a function of the bindings that makes one. */
  readonly store: AuditStore | ((env: never) => AuditStore)
  /** The kill switch: false leaves the app as if the library was not there. @default true */
  readonly enabled?: boolean | undefined
  /** Capture and redact, and store nothing: events go to the function, or to the console. @default false */
  readonly dryRun?: boolean | ((event: AuditEvent) => void) | undefined
  /** Requests to audit. @default everything */
  readonly include?: readonly Matcher[] | undefined
  /** Requests to leave out. @default staticAssets */
  readonly exclude?: readonly Matcher[] | undefined
  /** @default [] */
  readonly rules?: readonly Rule[] | undefined
  /** The first that names an actor wins. @default nobody: `anonymous` */
  readonly actor?: ActorResolver | readonly ActorResolver[] | undefined
  /** @default none */
  readonly tenant?: ((c: AnyContext) => string | null | undefined) | undefined
  /** Overrides what the status says. @default 2xx and 3xx success, 401 and 403 denied, else failure */
  readonly outcome?: ((c: AnyContext, status: number | null) => Outcome | undefined) | undefined
  /** Logins and logouts by their routes: `auth()` of `edge-audit/auth`. @default none */
  readonly auth?: AuthCapture | undefined
  /** What is left out, once it is known. @default nothing */
  readonly skip?:
    | {
        readonly actions?: readonly NamePattern[] | undefined
        /** Ids of actors. */
        readonly actors?: readonly string[] | undefined
        readonly tenants?: readonly string[] | undefined
        readonly kinds?: readonly Kind[] | undefined
      }
    | undefined
  /** Actions that need a target or a reason; `audited()` refuses without a reason, `record()` marks. @default none */
  readonly require?:
    | {
        readonly target?: readonly NamePattern[] | undefined
        readonly reason?: readonly NamePattern[] | undefined
      }
    | undefined
  /** Where a request says why. Asked where a rule has `reason`. @default its header `x-audit-reason`, percent-decoded */
  readonly reason?: ((c: AnyContext) => string | null | undefined) | undefined
  /** What `defineActions()` of `edge-audit/actions` makes. @default none */
  readonly actions?: Registry | undefined
  /** Told of events that are kept and marked. @default nobody */
  readonly onInvalid?: ((invalid: Invalid) => void) | undefined
  /** An error that a handler did not catch, and that was not answered with less than 500, becomes a `system.error` too. @default false */
  readonly systemErrors?: boolean | undefined
  /** Records that auditing starts, stops, or has other settings: `lifecycle()` of `edge-audit/lifecycle`. @default none */
  readonly lifecycle?: Lifecycle | undefined
  /** Gives actions their one spelling. @default trimmed, lower case, spaces to `_` */
  readonly normaliseAction?: ((action: string) => string) | undefined
  /** Request headers to keep, by name. Those that carry credentials are always masked. @default [] */
  readonly headers?: readonly string[] | undefined
  /** Keep the query, as a redacted multi-map. @default true */
  readonly query?: boolean | undefined
  /**
   * Reads the client's address. `edge-audit/address` has readers for apps behind proxies, and for
   * addresses that are truncated or hashed. @default what the platform vouches for
   */
  readonly address?: AddressReader | undefined
  readonly requestId?:
    | {
        /** Where a well-formed id is taken from, and echoed. @default 'x-request-id' */
        readonly header?: string | undefined
        /** Take the id that came in. @default true */
        readonly accept?: boolean | undefined
        /** Set the header on the response. @default false */
        readonly echo?: boolean | undefined
      }
    | undefined
  /** Keep the stack of errors. @default true */
  readonly stack?: boolean | undefined
  /** @default everything known to be secret is masked */
  readonly redact?: RedactOptions | undefined
  readonly limits?: Limits | undefined
  /** Told of every value that was cut. @default nobody */
  readonly onTruncate?: ((truncation: Truncation) => void) | undefined
  /** `defer`: after the response. `await`: before it. @default 'defer' */
  readonly delivery?: Delivery | undefined
  /** With `await`, when the event could not be stored: let the response go, or answer 503. @default 'open' */
  readonly onFailure?: 'open' | 'closed' | undefined
  /** Keeps the runtime alive. @default found on the platform */
  readonly waitUntil?: ((promise: Promise<unknown>, c: AnyContext | undefined) => void) | undefined
  /** Ms that storing may take with all its retries; keep it under the platform's 30 s. @default 20_000 */
  readonly deadline?: number | undefined
  readonly retry?:
    | {
        /** Attempts in all. @default 5 */
        readonly attempts?: number | undefined
        /** First pause in ms; it doubles each time, and a random share of it is waited. @default 100 */
        readonly base?: number | undefined
        /** Longest pause in ms. @default 2_000 */
        readonly max?: number | undefined
      }
    | undefined
  readonly batch?:
    | {
        /** Most events of one write. @default 500 */
        readonly events?: number | undefined
        /** Most bytes of records of one write. @default 1_048_576 */
        readonly bytes?: number | undefined
      }
    | undefined
  readonly queue?:
    | {
        /** Most events that wait; beyond it they are dead-lettered. @default 10_000 */
        readonly events?: number | undefined
        /** Most bytes of records that wait. @default 33_554_432 */
        readonly bytes?: number | undefined
      }
    | undefined
  /** Takes what the store would not. @default none */
  readonly deadLetter?:
    | Pick<DeadLetter, 'put'>
    | ((env: never) => Pick<DeadLetter, 'put'>)
    | undefined
  /** Told of events that nothing would take. @default one line on the console, without bodies */
  readonly onLoss?: ((events: readonly AuditEvent[], error: AuditError) => void) | undefined
  /** Told when a function of yours, such as `actor`, throws. @default one line on the console, once */
  readonly onError?: ((where: string, error: unknown) => void) | undefined
  /** An AsyncLocalStorage, where none can be found: Workers with `nodejs_als` alone. @default found */
  readonly asyncContext?: AsyncContext<unknown> | undefined
  /** Time and randomness, for tests. @default the platform's */
  readonly ambient?: Partial<Ambient> | undefined
}

export const defaults = {
  deadline: 20_000,
  retry: { attempts: 5, base: 100, max: 2_000 },
  batch: { events: 500, bytes: 1_048_576 },
  queue: { events: 10_000, bytes: 33_554_432 },
  requestIdHeader: 'x-request-id',
}

/** Files that browsers fetch beside a page, by GET or HEAD: what `exclude` holds unless you say otherwise. */
export const staticAssets: Matcher = {
  methods: ['GET', 'HEAD'],
  path: /\.(?:avif|bmp|css|eot|gif|ico|jpe?g|js|map|mjs|mp4|otf|png|svg|ttf|txt|wasm|webm|webmanifest|webp|woff2?)$/i,
}
