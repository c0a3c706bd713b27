import type { BetterAuthPlugin } from 'better-auth'
import { createAuthMiddleware } from 'better-auth/api'
import type { AuthInput, AuthKinds } from '../../src/capture/kinds/auth.ts'
import type { ActorInput, TargetInput } from '../../src/input.ts'
import { AuditError } from '../../src/errors.ts'
import { at, textAt } from './read.ts'

/** What is told of a call of an endpoint. */
interface Call {
  readonly path: string
  readonly body: unknown
  /** better-auth's own context, the same object from the first hook of a call to the last. */
  readonly context: object
  readonly failed: boolean
  readonly failure: string | undefined
  /** The session that came of it: `{ session, user }`. */
  readonly entered: unknown
  /** The session that was there before. */
  readonly held: unknown
  /** Whose session, or whose right to reset a password, was taken away by it. */
  readonly gone: string | undefined
  readonly audit: AuthKinds
}

type Teller = (call: Call) => void

const userOf = (held: unknown): ActorInput | undefined => {
  const id = textAt(held, 'user', 'id')
  return id === undefined ? undefined : { id, name: textAt(held, 'user', 'name') }
}

const byId = (id: string | undefined): ActorInput | undefined =>
  id === undefined ? undefined : { id }

const target = (id: string | undefined): TargetInput | undefined =>
  id === undefined ? undefined : { type: 'user', id }

/** The user name that was tried. */
const nameIn = (body: unknown): string | undefined =>
  textAt(body, 'email') ?? textAt(body, 'username') ?? textAt(body, 'phoneNumber')

const sessionIn = (held: unknown): string | undefined => textAt(held, 'session', 'id')

const outcomeOf = ({ failed, failure }: Call): Pick<AuthInput, 'outcome' | 'failure'> =>
  failed ? { outcome: 'failure', failure } : { outcome: 'success' }

/** Somebody is in when there is a new session; without one and without an error, a step comes before it. */
const login =
  (method: string, isAttempt = true): Teller =>
  (call) => {
    const { audit, body, entered, failed, failure } = call
    const name = nameIn(body) ?? textAt(entered, 'user', 'email')
    if (entered !== null && entered !== undefined)
      audit.login({ actor: userOf(entered), method, name, session: sessionIn(entered) })
    else if (failed && isAttempt) audit.loginFailed({ failure, method, name })
  }

const password: Teller = (call) => {
  if (call.entered || call.failed) return login('password')(call)
  // A right password of somebody who has a second factor: nobody is in yet.
  call.audit.auth('mfa.challenge', {
    actor: byId(call.gone) ?? { id: 'anonymous', type: 'anonymous' },
    name: nameIn(call.body),
    outcome: 'unknown',
  })
}

const secondFactor =
  (method: string): Teller =>
  (call) => {
    const { audit, entered, held } = call
    const actor = userOf(entered) ?? userOf(held)
    audit.auth('mfa.verify', {
      ...outcomeOf(call),
      actor: actor ?? { id: 'anonymous', type: 'anonymous' },
      method,
    })
    // Whoever had a session already has only proved who it is.
    if (entered && !held)
      audit.login({
        actor: userOf(entered),
        method,
        name: textAt(entered, 'user', 'email'),
        session: sessionIn(entered),
      })
  }

/** What a user does with an account or a session of his own, or of somebody else's. */
const done =
  (action: string, of: (call: Call) => AuthInput = () => ({})): Teller =>
  (call) => {
    call.audit.auth(action, { ...outcomeOf(call), actor: userOf(call.held), ...of(call) })
  }

const named = ({ body }: Call): AuthInput => ({
  actor: { id: 'anonymous', type: 'anonymous' },
  name: nameIn(body),
})

const tellers: Readonly<Record<string, Teller>> = {
  '/sign-in/email': password,
  '/sign-in/username': password,
  '/sign-in/phone-number': password,
  '/sign-in/email-otp': login('otp'),
  '/sign-in/anonymous': login('anonymous'),
  '/sign-in/social': login('oauth'),
  '/sign-in/oauth2': login('oauth'),
  '/callback/:id': login('oauth'),
  '/oauth2/callback/:providerId': login('oauth'),
  '/one-tap/callback': login('oauth'),
  '/magic-link/verify': login('magic-link'),
  '/siwe/verify': login('siwe'),
  '/passkey/verify-authentication': login('passkey'),
  '/one-time-token/verify': login('one-time-token'),
  '/phone-number/verify': login('otp', false),
  '/verify-email': login('email', false),
  '/sign-up/email': (call) => {
    const { audit, body, entered } = call
    // With an address that is taken, better-auth may answer as if it was not: then there is no user.
    audit.auth('signup', {
      ...outcomeOf(call),
      actor: userOf(entered) ?? { id: 'anonymous', type: 'anonymous' },
      method: 'password',
      name: nameIn(body),
      session: sessionIn(entered),
    })
  },
  '/sign-out': done('logout', ({ gone, held }) => ({ actor: userOf(held) ?? byId(gone) })),
  '/change-password': done('password.change'),
  '/set-password': done('password.change'),
  '/admin/set-user-password': done('password.change', ({ body }) => ({
    target: target(textAt(body, 'userId')),
  })),
  '/reset-password': done('password.reset', ({ gone }) => ({
    actor: byId(gone) ?? { id: 'anonymous', type: 'anonymous' },
  })),
  '/email-otp/reset-password': done('password.reset', named),
  '/phone-number/reset-password': done('password.reset', named),
  '/revoke-session': done('token.revoke'),
  '/revoke-sessions': done('token.revoke'),
  '/revoke-other-sessions': done('token.revoke'),
  '/multi-session/revoke': done('token.revoke'),
  '/admin/revoke-user-session': done('token.revoke', ({ gone }) => ({ target: target(gone) })),
  '/admin/revoke-user-sessions': done('token.revoke', ({ body }) => ({
    target: target(textAt(body, 'userId')),
  })),
  '/two-factor/verify-totp': secondFactor('totp'),
  '/two-factor/verify-otp': secondFactor('otp'),
  '/two-factor/verify-backup-code': secondFactor('backup-code'),
  '/admin/impersonate-user': done('impersonation.start', ({ body }) => ({
    target: target(textAt(body, 'userId')),
  })),
  '/admin/stop-impersonating': done('impersonation.end', ({ entered, held }) => ({
    actor: userOf(entered) ?? byId(textAt(held, 'session', 'impersonatedBy')),
    target: target(textAt(held, 'user', 'id')),
  })),
}

/** An error of better-auth; a redirect is thrown too, and fails only when it leads to an error. */
const failureOf = (returned: unknown): { readonly failed: boolean; readonly failure?: string } => {
  if (!(returned instanceof Error)) return { failed: false }
  const status = Number(at(returned, 'statusCode'))
  if (status < 400) {
    const headers = at(returned, 'headers')
    const location =
      headers instanceof Headers ? headers.get('location') : textAt(headers, 'location')
    const [, code] = /[?&]error=([\w-]+)/.exec(location ?? '') ?? []
    return code === undefined ? { failed: false } : { failed: true, failure: code }
  }
  const failure = textAt(returned, 'body', 'code') ?? textAt(returned, 'status')
  return { failed: true, ...(failure !== undefined && { failure }) }
}

/**
 * A plugin of better-auth that records logins, failed ones, sign-ups, logouts, passwords, sessions that
 * are revoked, second factors and impersonation: one event each, also where a route of `auth()` covers
 * the same path. Calls of `auth.api` count like requests. Put it behind `twoFactor()` in the list.
 *
 * What better-auth answers before its endpoints run (too many requests, a wrong origin) passes no plugin:
 * a route of `auth()` sees it.
 * @throws {AuditError} `AUDIT_OPTION_INVALID` when better-auth starts and `twoFactor()` comes behind it.
 * @see https://www.better-auth.com/docs/concepts/plugins
 * @example
 * import { betterAuth } from 'better-auth'
 * import { betterAuthAudit } from 'edge-audit/better-auth'
 * const auth = betterAuth({ emailAndPassword: { enabled: true }, plugins: [betterAuthAudit(audit)] })
 */
export const betterAuthAudit = (audit: AuthKinds): BetterAuthPlugin => {
  const gone = new WeakMap<object, string>()
  const note = (entity: unknown, field: string, context: unknown): void => {
    const of = at(context, 'context')
    const user = textAt(entity, field)
    if (typeof of === 'object' && of !== null && user !== undefined) gone.set(of, user)
  }
  return {
    id: 'edge-audit',
    init: ({ options }) => {
      const ids = (options.plugins ?? []).map(({ id }) => id)
      if (ids.indexOf('two-factor') > ids.indexOf('edge-audit'))
        throw new AuditError(
          'AUDIT_OPTION_INVALID',
          'plugins: betterAuthAudit() behind twoFactor()',
        )
      return {
        options: {
          databaseHooks: {
            session: {
              delete: { after: async (session, context) => note(session, 'userId', context) },
            },
            verification: {
              delete: {
                after: async (verification, context) => note(verification, 'value', context),
              },
            },
          },
        },
      }
    },
    hooks: {
      after: [
        {
          matcher: ({ path }) => path !== undefined && Object.hasOwn(tellers, path),
          handler: createAuthMiddleware(async (ctx) => {
            const { context } = ctx
            // The path by which better-auth knows the endpoint, not the one that was asked for.
            tellers[ctx.path]?.({
              ...failureOf(context.returned),
              failure: failureOf(context.returned).failure,
              audit,
              body: ctx.body,
              context,
              entered: context.newSession,
              gone: gone.get(context),
              held: context.session,
              path: ctx.path,
            })
          }),
        },
      ],
    },
  }
}
