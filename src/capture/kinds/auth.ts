import type { EventInput } from '../../input.ts'
import { anonymous, textOf } from '../actor.ts'
import type { Telling, Told } from './told.ts'

/** Known actions of `auth` events; an app may have more. */
export type AuthAction =
  | 'login'
  | 'logout'
  | 'token.refresh'
  | 'token.revoke'
  | 'mfa.challenge'
  | 'mfa.verify'
  | 'password.change'
  | 'password.reset'
  | 'signup'
  | 'impersonation.start'
  | 'impersonation.end'

/** What is told of a login and its kin. Never a password, never a token. */
export interface AuthInput extends Told {
  /** The user name that was tried; `auth.attempted` says how it is kept. */
  readonly name?: string | null | undefined
  /** How: `password`, `oauth`, `passkey`, `saml` … */
  readonly method?: string | undefined
  /** Why it failed, as a code: `wrong-password`, `locked` … */
  readonly failure?: string | undefined
  /** The id of the session: kept as what `redact.hash` makes of it, and not at all without that. */
  readonly session?: string | undefined
}

export interface AuthPolicy {
  /** How the attempted user name is kept; undefined leaves it out. */
  readonly attempted: (name: string) => string | undefined
  readonly hash: ((text: string) => string) | undefined
}

export interface AuthKinds {
  /** Records an `auth` event: `audit.auth('password.reset', { actor })`. */
  auth(action: AuthAction | (string & {}), input?: AuthInput): string
  /** Someone is in. Name who: `audit.login({ actor: user, method: 'password' })`. */
  login(input?: AuthInput): string
  /** Someone was not let in. The actor is `anonymous` unless you know better. */
  loginFailed(input?: AuthInput): string
  logout(input?: AuthInput): string
}

/** What a function of the app's makes of a text; one that throws makes nothing. */
const made = (
  text: string | undefined,
  make: ((text: string) => string | undefined) | undefined,
): string | undefined => {
  try {
    return text === undefined ? undefined : make?.(text)
  } catch {
    // Left out rather than kept in the clear.
    return undefined
  }
}

export const authKinds = (tell: Telling, { attempted, hash }: AuthPolicy): AuthKinds => {
  const authAs = (
    action: string,
    input: AuthInput | undefined,
    otherwise: Pick<EventInput, 'actor' | 'outcome'>,
  ): string => {
    const make = (): Partial<EventInput> => {
      const { name, method, failure, session, target, actor, outcome, ...told } = input ?? {}
      const kept = made(textOf(name), attempted)
      return {
        ...told,
        // Undefined is no actor: a login that failed is not the doing of whose session is still there.
        actor: actor ?? otherwise.actor,
        outcome: outcome ?? otherwise.outcome,
        target: target ?? (kept === undefined ? undefined : { type: 'account', id: kept }),
        data: {
          failure,
          method,
          name: kept,
          sessionHash: made(textOf(session), hash),
        },
      }
    }
    return tell({ kind: 'auth', action }, make, () => otherwise)
  }
  const auth: AuthKinds['auth'] = (action, input) => authAs(action, input, {})
  return {
    auth,
    login: (input) => auth('login', input),
    loginFailed: (input) => authAs('login', input, { actor: anonymous, outcome: 'failure' }),
    logout: (input) => auth('logout', input),
  }
}
