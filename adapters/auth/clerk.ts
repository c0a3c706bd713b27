import type { Context } from 'hono'
import type { AuthKinds } from '../../src/capture/kinds/auth.ts'
import type { ActorInput } from '../../src/input.ts'
import { AuditError } from '../../src/errors.ts'
import { at, textAt } from './read.ts'

export interface ClerkActorOptions {
  /** The variable in which Clerk's middleware leaves what it has verified. @default 'clerkAuth' */
  readonly variable?: string | undefined
}

const via = 'clerk'

/** Who is behind a user: an admin of the app who acts in his place. */
const behind = (user: ActorInput, actor: unknown): ActorInput => {
  const impersonator = textAt(actor, 'sub')
  return impersonator === undefined
    ? user
    : { id: impersonator, type: 'user', via, onBehalfOf: [user] }
}

const actorOf = (auth: unknown): ActorInput | undefined => {
  if (at(auth, 'isAuthenticated') === false) return undefined
  const id = textAt(auth, 'userId')
  if (id !== undefined) {
    const role = textAt(auth, 'orgRole')
    return behind({ id, type: 'user', via, ...(role !== undefined && { role }) }, at(auth, 'actor'))
  }
  // A machine, or a key of an organisation.
  const subject = textAt(auth, 'machineId') ?? textAt(auth, 'subject')
  return subject === undefined ? undefined : { id: subject, type: 'service', via }
}

/**
 * Names whom Clerk's middleware has verified: `@clerk/hono`, `@hono/clerk-auth`, or what
 * `authenticateRequest(…).toAuth()` of `@clerk/backend` gave and you put into the variable. A request
 * that is signed out names nobody. Somebody who acts for a user is the actor, on behalf of the user.
 * @throws {AuditError} `AUDIT_OPTION_INVALID` at once, when the name of the variable is empty.
 * @example
 * import { clerkActor } from 'edge-audit/clerk'
 * const audit = createAudit({ store, actor: clerkActor() })
 */
export const clerkActor = ({ variable = 'clerkAuth' }: ClerkActorOptions = {}): ((
  c: Context,
) => ActorInput | undefined) => {
  if (typeof variable !== 'string' || variable === '')
    throw new AuditError('AUDIT_OPTION_INVALID', 'variable: the name of a context variable')
  return (c) => {
    const held: unknown = c.get(variable)
    // Machines and keys too: whether they may is for the app to say.
    return actorOf(typeof held === 'function' ? held({ acceptsToken: 'any' }) : held)
  }
}

const ACTIONS: Readonly<Record<string, string>> = {
  'session.created': 'login',
  'session.ended': 'logout',
  'session.removed': 'logout',
  'session.revoked': 'token.revoke',
  'user.created': 'signup',
}

/**
 * Records what a webhook of Clerk tells, after `verifyWebhook()` of `@clerk/backend` has verified it:
 * sessions that begin, end or are revoked, and new users; gives back the event's id, or undefined for
 * what is none of these. Clerk keeps failed logins to itself. What it delivers twice is two events: the
 * request's own event has the address of Clerk, the user's is in the metadata.
 * @see https://clerk.com/docs/guides/development/webhooks/overview
 * @example
 * import { verifyWebhook } from '@clerk/backend/webhooks'
 * import { clerkWebhook } from 'edge-audit/clerk'
 * app.post('/clerk', async (c) => {
 *   clerkWebhook(audit, await verifyWebhook(c.req.raw, { signingSecret }))
 *   return c.body(null, 204)
 * })
 */
export const clerkWebhook = (audit: AuthKinds, event: unknown): string | undefined => {
  const type = textAt(event, 'type') ?? ''
  const action = Object.hasOwn(ACTIONS, type) ? ACTIONS[type] : undefined
  if (action === undefined) return undefined
  const isUser = type.startsWith('user.')
  const id = textAt(event, 'data', isUser ? 'id' : 'user_id')
  const timestamp = at(event, 'timestamp')
  return audit.auth(action, {
    actor:
      id === undefined
        ? { id: 'anonymous', type: 'anonymous' }
        : behind({ id, type: 'user', via }, at(event, 'data', 'actor')),
    session: isUser ? undefined : textAt(event, 'data', 'id'),
    occurredAt: typeof timestamp === 'number' ? timestamp : undefined,
    metadata: {
      clientIp: textAt(event, 'event_attributes', 'http_request', 'client_ip'),
      userAgent: textAt(event, 'event_attributes', 'http_request', 'user_agent'),
    },
  })
}
