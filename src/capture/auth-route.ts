import type {
  ActorInput,
  AnyContext,
  Attempt,
  AttemptWatch,
  AuthRoute,
  EventInput,
} from '../options.ts'
import type { Actor } from '../event/schema.ts'
import { property } from '../runtime/ambient.ts'
import { within } from '../runtime/within.ts'
import { actorOf, anonymous, textOf } from './actor.ts'
import type { AuthPolicy } from './kinds/auth.ts'
import { pathTest } from './rules.ts'

// Logins are seen from outside: what was sent, and what was answered. A copy of a small body is set
// aside before the handler reads it; the handler's own is the same as ever.

/** Who may have acted. */
export interface Known {
  /** Whom the handler named. */
  readonly told: Actor | undefined
  /** Whom the scope knows, which may be the user of an old session. */
  readonly actor: Actor
}

/** A request on a route of `auth`. */
export interface Visit {
  readonly action: string
  /** Whether a function of the app's looks at the response. */
  readonly reads: boolean
  /** Before the handler: an answer in its place. */
  readonly before: (() => Promise<Response | undefined>) | undefined
  /** The event, once it is known how it ended. */
  readonly end: (failed: boolean, response: Response | undefined, who: Known) => Promise<EventInput>
  /** What is done when a failed login is stored. */
  readonly after: (() => Promise<void>) | undefined
}

export interface Visiting {
  readonly routes: readonly AuthRoute[]
  readonly policy: AuthPolicy
  readonly attempts: AttemptWatch | undefined
  /** Ms that a function of the app's may take. */
  readonly patience: number
  readonly onError: (where: string, error: unknown) => void
}

/** Larger bodies hold no login. */
const BYTES = 16_384
const NAMES = ['username', 'email', 'login', 'user', 'identifier', 'name']

const bare = (path: string): string => (path.length > 1 ? path.replace(/\/+$/, '') || '/' : path)

const basicName = (authorization: string | null): string | undefined => {
  const [, encoded] = /^basic ([\w+/=-]{1,2048})$/i.exec(authorization ?? '') ?? []
  if (encoded === undefined) return undefined
  try {
    const bytes = Uint8Array.from(atob(encoded), (unit) => unit.charCodeAt(0))
    const [name] = new TextDecoder().decode(bytes).split(':', 1)
    return name === '' ? undefined : name
  } catch {
    // Not Base64: nobody was named.
    return undefined
  }
}

const textAt = (value: unknown, path: string): string | undefined => {
  const found = path.split('.').reduce<unknown>(property, value)
  return typeof found === 'string' || typeof found === 'number' ? textOf(found) : undefined
}

/** A copy of the body that may hold a name, taken before anybody reads it. */
const copyOf = (raw: Request): Request | undefined => {
  const size = Number(raw.headers.get('content-length') ?? Number.NaN)
  const type = raw.headers.get('content-type') ?? ''
  if (!(size > 0 && size <= BYTES) || raw.bodyUsed) return undefined
  return /json|x-www-form-urlencoded|form-data/i.test(type) ? raw.clone() : undefined
}

const parsed = async (copy: Request): Promise<unknown> => {
  if (/json/i.test(copy.headers.get('content-type') ?? '')) return copy.json()
  return Object.fromEntries(await copy.formData())
}

/** The attempted name: of the header or the body, and of nothing else. */
const nameOf = async (
  { name }: AuthRoute,
  c: AnyContext,
  basic: string | undefined,
  copy: Request | undefined,
): Promise<string | undefined> => {
  if (typeof name === 'function') return textOf(name(c))
  if (basic !== undefined || name === 'basic' || copy === undefined) return basic
  const body = await parsed(copy)
  const paths = name === undefined ? NAMES : [name].flat()
  return paths.map((path) => textAt(body, path)).find((found) => found !== undefined)
}

export const visiting = ({
  routes,
  policy,
  attempts,
  patience,
  onError,
}: Visiting): ((c: AnyContext, attempt: () => Omit<Attempt, 'name'>) => Visit | undefined) => {
  const compiled = routes.map((route) => {
    const {
      path,
      action,
      methods = action === 'logout' ? ['POST', 'GET', 'DELETE'] : ['POST'],
    } = route
    const matches = pathTest(typeof path === 'string' ? bare(path) : path)
    const names = new Set(methods.map((method) => method.toUpperCase()))
    return { route, test: (c: AnyContext) => names.has(c.req.method) && matches(bare(c.req.path)) }
  })

  /** What the app says, or nothing where it throws or takes too long. */
  const ask = async <Answer>(
    where: string,
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
  ): Promise<boolean> => {
    if (typeof failed !== 'function') return (failed ?? []).includes(response.status)
    return (await ask('auth.failed', () => failed(response, c))) ?? response.status >= 400
  }

  const visit = (route: AuthRoute, c: AnyContext, about: () => Omit<Attempt, 'name'>): Visit => {
    const { raw } = c.req
    const basic = basicName(raw.headers.get('authorization'))
    const copy =
      route.name === 'basic' || typeof route.name === 'function' ? undefined : copyOf(raw)
    let kept: Promise<string | undefined> | undefined
    const name = (): Promise<string | undefined> =>
      (kept ??= ask('auth.name', async () => {
        const tried = await nameOf(route, c, basic, copy)
        return tried === undefined ? undefined : policy.attempted(tried)
      }))
    const comesIn = route.action === 'login' || route.action === 'signup'
    const watched = route.action === 'login' ? attempts : undefined
    const attempt = async (): Promise<Attempt> => ({ ...about(), name: await name() })
    let hasFailed = false
    let isBlocked = false
    const before = watched?.before

    return {
      action: route.action,
      reads: route.user !== undefined || typeof route.failed === 'function',
      before:
        before &&
        (async () => {
          const answer = await ask('attempts', async () => before(await attempt(), c))
          isBlocked = answer !== undefined
          return answer
        }),
      end: async (failed, response, who) => {
        const fails =
          isBlocked ||
          failed ||
          response === undefined ||
          // A list says which statuses are failures; a redirect is none of them, nor is a 200.
          (route.failed === undefined ? response.status >= 400 : await failedBy(route, response, c))
        hasFailed = fails && !isBlocked
        const tried = await name()
        const { user } = route
        const answered = response
        const found =
          fails || user === undefined || answered === undefined
            ? undefined
            : actorOf(await ask('auth.user', (): ReturnType<typeof user> => user(c, answered)))
        const input: EventInput = {
          kind: 'auth',
          action: route.action,
          outcome: isBlocked ? 'denied' : fails ? 'failure' : 'success',
          actor: found ?? (comesIn ? comer(fails, who.told, user === undefined, tried) : who.actor),
          target: tried === undefined ? undefined : { type: 'account', id: tried },
          data: { method: route.method, name: tried, status: response?.status },
        }
        return input
      },
      after:
        watched &&
        (async () => {
          if (hasFailed) await ask('attempts', async () => watched.after(await attempt()))
        }),
    }
  }

  return (c, about) => {
    const found = compiled.find(({ test }) => test(c))
    return found && visit(found.route, c, about)
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
