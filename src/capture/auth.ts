/**
 * Logins and logouts, by the routes they happen on.
 * @module
 */
import type { ActorInput, AnyContext } from '../input.ts'
import type { Attempt, AuthCapture, Surroundings, Visit } from '../seams.ts'
import type { Actor } from '../event/schema.ts'
import { within } from '../runtime/within.ts'
import {
  callable,
  filled,
  has,
  integer,
  isFunction,
  isFilled,
  list,
  object,
  oneOf,
  orList,
  that,
  text,
} from '../shape.ts'
import { actorOf, anonymous } from './actor.ts'
import { bare, sentBy } from './attempted-name.ts'
import { pathTest } from './rules.ts'

// Logins are seen from outside: what was sent, and what was answered. A copy of a small body is set
// aside before the handler reads it; the handler's own is the same as ever.

/** A route by which people get in or out. */
export interface AuthRoute {
  /** The whole path, or a glob; a slash at its end makes no difference. */
  readonly path: string | RegExp
  /** `login`, `logout`, `token.refresh` … */
  readonly action: string
  /** @default ['POST'], and of `logout` GET and DELETE too */
  readonly methods?: readonly string[] | undefined
  /** Which answers are failures: their status, or what a function says of them. @default from 400 on */
  readonly failed?:
    | readonly number[]
    | ((response: Response, c: AnyContext) => boolean | Promise<boolean>)
    | undefined
  /**
   * Where the attempted user name is: a field of the JSON or form (`user.email` of an object in it),
   * `basic` for the Authorization header, or a function.
   * @default basic, then username, email, login, user, identifier, name
   */
  readonly name?:
    | string
    | readonly string[]
    | ((c: AnyContext) => string | null | undefined)
    | undefined
  /**
   * Who got in, asked on success: of the answer's token, of a session, of the context. An error names
   * nobody. @default whom the handler named with `override({ actor })`, else the attempted name
   */
  readonly user?:
    | ((
        c: AnyContext,
        response: Response,
      ) => ActorInput | null | undefined | Promise<ActorInput | null | undefined>)
    | undefined
  /** How they get in: `password`, `oauth` … */
  readonly method?: string | undefined
}

/** What watches over attempts: `attempts()` of `edge-audit/attempts`. */
export interface AttemptWatch {
  /** Before the handler of a login: an answer to give in its place. */
  readonly before?: ((attempt: Attempt, c: AnyContext) => Promise<Response | undefined>) | undefined
  /** When a failed login is stored. */
  readonly after: (attempt: Attempt) => Promise<void>
}

export interface AuthOptions {
  /** @default [] */
  readonly routes?: readonly AuthRoute[] | undefined
  /** How attempted user names are kept; `hash` is what `redact.hash` makes of them. @default 'plain' */
  readonly attempted?: 'plain' | 'hash' | 'off' | undefined
  /** @default nobody counts */
  readonly attempts?: AttemptWatch | undefined
}

const check = object({
  routes: list(
    object(
      {
        path: that(
          'a path, a glob or a RegExp',
          (value) => value instanceof RegExp || isFilled(value),
        ),
        action: filled,
        methods: list(text),
        failed: orList(that('a function', isFunction), integer(100, 599)),
        name: orList(
          that('a name or a function', (value) => isFunction(value) || isFilled(value)),
          filled,
        ),
        user: callable,
        method: text,
      },
      ['path', 'action'],
    ),
  ),
  attempted: oneOf('plain', 'hash', 'off'),
  attempts: that('attempts() of edge-audit/attempts', has('after')),
})

/** What the app says, or nothing where it throws or takes too long. */
const ask = async <Answer>(
  where: string,
  { onError, patience }: Surroundings,
  question: () => Answer | Promise<Answer>,
): Promise<Answer | undefined> => {
  try {
    return await within(Promise.resolve(question()), patience)
  } catch (error) {
    onError(where, error)
    return undefined
  }
}

const failedBy = async (
  { failed }: AuthRoute,
  response: Response,
  c: AnyContext,
  surroundings: Surroundings,
): Promise<boolean> => {
  const usual = response.status >= 400
  if (failed === undefined) return usual
  // A list says which statuses are failures; no other one is.
  if (typeof failed !== 'function') return failed.includes(response.status)
  return (await ask('auth.failed', surroundings, () => failed(response, c))) ?? usual
}

const visitOf = (
  route: AuthRoute,
  attempts: AttemptWatch | undefined,
  c: AnyContext,
  surroundings: Surroundings,
): Visit => {
  const { action, method, user } = route
  const sent = sentBy(c, route.name)
  let kept: Promise<string | undefined> | undefined
  const name = (): Promise<string | undefined> =>
    (kept ??= ask('auth.name', surroundings, async () => {
      const tried = await sent.name()
      return tried === undefined ? undefined : surroundings.attempted(tried)
    }))
  const comesIn = action === 'login' || action === 'signup'
  const watched = action === 'login' ? attempts : undefined
  const attempt = async (): Promise<Attempt> => ({
    ...surroundings.attempt(),
    name: await name(),
  })
  const before = watched?.before
  let hasFailed = false
  let isBlocked = false

  const end: Visit['end'] = async (failed, response, who) => {
    const fails =
      isBlocked ||
      failed ||
      response === undefined ||
      (await failedBy(route, response, c, surroundings))
    hasFailed = fails && !isBlocked
    const tried = await name()
    const found =
      fails || user === undefined
        ? undefined
        : actorOf(await ask('auth.user', surroundings, () => user(c, response)))
    return {
      kind: 'auth',
      action,
      outcome: isBlocked ? 'denied' : fails ? 'failure' : 'success',
      actor: found ?? (comesIn ? comer(fails, who.told, user === undefined, tried) : who.actor),
      target: tried === undefined ? undefined : { type: 'account', id: tried },
      data: { method, name: tried, status: response?.status },
    }
  }

  return {
    action,
    reads: user !== undefined || typeof route.failed === 'function',
    before:
      before &&
      (async () => {
        const answer = await ask('attempts', surroundings, async () => before(await attempt(), c))
        isBlocked = answer !== undefined
        return answer
      }),
    end,
    drop: sent.drop,
    after:
      watched &&
      (async () => {
        if (hasFailed)
          await ask('attempts', surroundings, async () => watched.after(await attempt()))
      }),
  }
}

/**
 * Records logins and logouts by the routes they happen on: one event each, and none where the handler
 * records the same with `audit.login()` and its kin. A login that fails is nobody's but the attempted
 * name's, whatever session is still there. A path that only begins like a route's is none of it.
 * @throws {AuditError} AUDIT_OPTION_INVALID, naming the first option that is wrong.
 * @example
 * import { createAudit } from 'edge-audit'
 * import { auth } from 'edge-audit/auth'
 * import { memory } from 'edge-audit/memory'
 * const audit = createAudit({
 *   store: memory(),
 *   auth: auth([
 *     { path: '/api/token', action: 'login' },
 *     { path: '/logout', action: 'logout' },
 *   ]),
 * })
 */
export const auth = (written: readonly AuthRoute[] | AuthOptions): AuthCapture => {
  const options: AuthOptions = 'length' in written ? { routes: written } : written
  check(options, 'auth')
  const { routes = [], attempted = 'plain', attempts } = options
  const compiled = routes.map((route) => {
    const { path, action } = route
    const { methods = action === 'logout' ? ['POST', 'GET', 'DELETE'] : ['POST'] } = route
    const matches = pathTest(typeof path === 'string' ? bare(path) : path)
    const names = new Set(methods.map((method) => method.toUpperCase()))
    return { route, test: (c: AnyContext) => names.has(c.req.method) && matches(bare(c.req.path)) }
  })
  return {
    attempted,
    visit: (c, surroundings) => {
      const found = compiled.find(({ test }) => test(c))
      return found && visitOf(found.route, attempts, c, surroundings)
    },
  }
}

/**
 * Who came in, never the user of a session that was there before. The app took the attempted name, so
 * it is the user's; where it was asked and named nobody, nobody is named.
 */
const comer = (
  fails: boolean,
  told: Actor | undefined,
  isFallback: boolean,
  tried: string | undefined,
): ActorInput => {
  if (fails) return anonymous
  return told ?? (isFallback && tried !== undefined ? { id: tried, type: 'user' } : anonymous)
}
