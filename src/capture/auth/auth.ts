/**
 * Logins and logouts, by the routes they happen on.
 * @module
 */
import type { ActorInput, AnyContext } from '../../input.ts'
import type { Attempt, AuthCapture, Surroundings, Visit } from '../../seams.ts'
import type { Actor } from '../../event/schema.ts'
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
} from '../../shape.ts'
import { actorOf, anonymous } from '../actor.ts'
import { ask } from './ask.ts'
import { bare, sentBy } from './attempted-name.ts'
import { type AttemptWatch, countingWith } from './counting.ts'
import { pathTest } from '../rules.ts'

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
  /**
   * Which answers are failures besides those from 400 on; or a function, which alone decides, and whose
   * text is the reason, as a code. What is thrown is a failure in any case. @default none
   */
  readonly failed?:
    | readonly number[]
    | ((response: Response, c: AnyContext) => boolean | string | Promise<boolean | string>)
    | undefined
  /**
   * Where the attempted user name is: a field of the JSON or form (`user.email` of an object in it),
   * `basic` for the Authorization header, or a function. Say it: who sends other fields besides the
   * one that the app reads could name somebody else.
   * @default username, email, login, user, identifier, name, then basic
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
  /** The id of the session, asked on success: kept as what `redact.hash` makes of it. */
  readonly session?:
    | ((
        c: AnyContext,
        response: Response,
      ) => string | null | undefined | Promise<string | null | undefined>)
    | undefined
  /** How they get in: `password`, `oauth` … */
  readonly method?: string | undefined
}

export type { AttemptWatch }

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
        session: callable,
        method: text,
      },
      ['path', 'action'],
    ),
  ),
  attempted: oneOf('plain', 'hash', 'off'),
  attempts: that('attempts() of edge-audit/attempts', has('after')),
})

/** Asks of a copy of the answer: each function may read it, and none has to. */
const askOf = async <Answer>(
  where: string,
  surroundings: Surroundings,
  response: Response,
  question: (copy: Response) => Answer | Promise<Answer>,
): Promise<Answer | undefined> => {
  let copy: Response | undefined
  const answer = await ask(where, surroundings, () => question((copy = response.clone())))
  // What nobody read may stop being filled.
  copy?.body?.cancel().catch(() => undefined)
  return answer
}

/** Whether it failed; a text says why. */
const failedBy = async (
  { failed }: AuthRoute,
  response: Response,
  c: AnyContext,
  surroundings: Surroundings,
): Promise<boolean | string> => {
  const usual = response.status >= 400
  if (failed === undefined) return usual
  if (typeof failed !== 'function') return usual || failed.includes(response.status)
  const said = await askOf('auth.failed', surroundings, response, (copy) => failed(copy, c))
  return said ?? usual
}

const visitOf = (
  route: AuthRoute,
  attempts: AttemptWatch | undefined,
  c: AnyContext,
  surroundings: Surroundings,
): Visit => {
  const { action, method, session, user } = route
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
    action: surroundings.normaliseAction('login'),
    name: await name(),
  })
  const before = watched?.before
  let isBlocked = false

  const end: Visit['end'] = async (thrown, response, who) => {
    const why =
      isBlocked || thrown || response === undefined
        ? true
        : await failedBy(route, response, c, surroundings)
    const fails = why !== false && why !== ''
    const tried = await name()
    const isIn = !fails && response !== undefined
    const found =
      isIn && user !== undefined
        ? actorOf(await askOf('auth.user', surroundings, response, (copy) => user(c, copy)))
        : undefined
    const entered =
      isIn && session !== undefined
        ? await askOf('auth.session', surroundings, response, (copy) => session(c, copy))
        : undefined
    return {
      kind: 'auth',
      action,
      outcome: isBlocked ? 'denied' : fails ? 'failure' : 'success',
      actor: found ?? (comesIn ? comer(fails, who.told, user === undefined, tried) : who.actor),
      target: tried === undefined ? undefined : { type: 'account', id: tried },
      data: {
        failure: isBlocked ? 'blocked' : why === true ? undefined : why || undefined,
        method,
        name: tried,
        sessionHash:
          typeof entered === 'string' && entered !== '' && surroundings.hash !== undefined
            ? await ask('redact.hash', surroundings, () => surroundings.hash?.(entered))
            : undefined,
        status: response?.status,
      },
    }
  }

  const spelled = surroundings.normaliseAction(action)

  return {
    // A login that asks for a second factor has let nobody in yet.
    isTold: (actions) =>
      actions.includes(spelled) ||
      (action === 'login' && actions.includes(surroundings.normaliseAction('mfa.challenge'))),
    reads: user !== undefined || session !== undefined || typeof route.failed === 'function',
    before:
      before &&
      (async () => {
        const answer = await ask('attempts', surroundings, async () => before(await attempt(), c))
        isBlocked = answer !== undefined
        return answer
      }),
    end,
    drop: sent.drop,
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
    counting: attempts && countingWith(attempts),
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
