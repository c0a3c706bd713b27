import type { AuthConfig } from '@auth/core'
import type { Provider } from '@auth/core/providers'
import type { AuthRoute } from '../../src/capture/auth/auth.ts'
import type { AuthKinds } from '../../src/capture/kinds/auth.ts'
import type { ActorInput } from '../../src/input.ts'
import { at, textAt } from './read.ts'

const METHODS: Readonly<Record<string, string>> = {
  credentials: 'password',
  email: 'magic-link',
  oauth: 'oauth',
  oidc: 'oauth',
  webauthn: 'passkey',
}

const NAMES = ['username', 'email', 'login', 'user', 'identifier', 'name']

const userOf = (user: unknown, provider?: string): ActorInput | undefined => {
  const id = textAt(user, 'id') ?? textAt(user, 'sub') ?? textAt(user, 'userId')
  return id === undefined ? undefined : { id, name: textAt(user, 'name'), via: provider }
}

const nameIn = (credentials: unknown): string | undefined =>
  NAMES.map((field) => textAt(credentials, field)).find((found) => found !== undefined)

/** Runs what the app has for an event, or answers for it. */
const call = async (given: unknown, args: readonly unknown[]): Promise<unknown> =>
  typeof given === 'function' ? Reflect.apply(given, undefined, args) : undefined

/**
 * A configuration of Auth.js that records logins, failed ones, sign-ups and logouts, and otherwise does
 * what the given one does. What fails at somebody else's (OAuth, a link that is too old) has no event in
 * Auth.js: `authJsCallback()` is a route of `auth()` for it.
 * @see https://authjs.dev/reference/core#events
 * @example
 * import { Auth } from '@auth/core'
 * import { auth } from 'edge-audit/auth'
 * import { authJsAudit, authJsCallback } from 'edge-audit/auth-js'
 * const audit = createAudit({ store, auth: auth([authJsCallback()]) })
 * const config = authJsAudit(audit, { basePath: '/auth', providers, secret })
 * app.all('/auth/*', (c) => Auth(c.req.raw, config))
 */
export const authJsAudit = (audit: AuthKinds, config: AuthConfig): AuthConfig => {
  /** The name with which a user came in: Auth.js hands on the very object that `authorize` gave. */
  const names = new WeakMap<object, string>()

  const authorizing =
    (authorize: (...args: never[]) => unknown) =>
    async (credentials: unknown, request: unknown): Promise<unknown> => {
      const name = nameIn(credentials)
      const told = { method: 'password', name }
      let user: unknown
      try {
        user = await call(authorize, [credentials, request])
      } catch (error) {
        audit.loginFailed({ ...told, failure: textAt(error, 'code') ?? 'error' })
        throw error
      }
      if (typeof user !== 'object' || user === null)
        audit.loginFailed({ ...told, failure: 'credentials' })
      else if (name !== undefined) names.set(user, name)
      return user
    }

  const watch = (provider: Provider): Provider => {
    // A provider may be the function that makes it.
    const made = typeof provider === 'function' ? provider() : provider
    const authorize = at(made, 'options', 'authorize') ?? at(made, 'authorize')
    if (at(made, 'type') !== 'credentials' || typeof authorize !== 'function') return provider
    const own = (...args: never[]): unknown => Reflect.apply(authorize, made, args)
    const options = Object.assign({}, at(made, 'options'), { authorize: authorizing(own) })
    return Object.assign({}, made, { options })
  }

  const { callbacks = {}, events = {} } = config
  const { signIn } = callbacks
  return {
    ...config,
    providers: config.providers.map(watch),
    callbacks: {
      ...callbacks,
      ...(signIn !== undefined && {
        signIn: async (params) => {
          const { account, user } = params
          const refused = (failure: string): void => {
            const name = names.get(user) ?? textAt(user, 'email')
            audit.loginFailed({ failure, method: METHODS[account?.type ?? ''], name })
          }
          try {
            const answer = await signIn(params)
            // A text is where to go instead.
            if (answer !== true) refused('AccessDenied')
            return answer
          } catch (error) {
            refused('error')
            throw error
          }
        },
      }),
    },
    events: {
      ...events,
      signIn: async (message) => {
        const { account, user } = message
        audit.login({
          actor: userOf(user, account?.provider),
          method: METHODS[account?.type ?? ''],
          name: names.get(user) ?? textAt(user, 'email'),
        })
        await events.signIn?.(message)
      },
      signOut: async (message) => {
        audit.logout({ actor: userOf(at(message, 'token') ?? at(message, 'session')) })
        await events.signOut?.(message)
      },
      createUser: async (message) => {
        const name = textAt(message, 'user', 'email')
        audit.auth('signup', { actor: userOf(message.user), name })
        await events.createUser?.(message)
      },
    },
  }
}

const errorIn = (url: string | null | undefined): string | undefined =>
  /[?&]error=([\w-]+)/.exec(url ?? '')?.[1]

/** The route on which logins of Auth.js fail without an event of Auth.js. */
export const authJsCallback = (basePath = '/auth'): AuthRoute => ({
  path: `${basePath.replace(/\/+$/, '')}/callback/*`,
  action: 'login',
  methods: ['GET', 'POST'],
  // Only for whoever tells nothing else: a login that succeeds is told by Auth.js.
  failed: async (response) => {
    const location = response.headers.get('location')
    const isJson = /json/i.test(response.headers.get('content-type') ?? '')
    const url = location ?? (isJson ? textAt(await response.json(), 'url') : undefined)
    return errorIn(url) ?? response.status >= 400
  },
})
