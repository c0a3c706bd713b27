import { AuditError } from '../../src/errors.ts'
import type { Actor } from '../../src/event/schema.ts'

/**
 * Which claims of a token name the actor. A claim is looked up by its whole name first
 * (`https://example.com/roles`), then as a path into nested claims (`realm_access.roles`).
 */
export interface ActorClaims {
  /** A text or a number; a token without it names no actor. @default 'sub' */
  readonly id?: string | undefined
  /** What to show beside the id; `false` to leave it out. @default 'name' */
  readonly name?: string | false | undefined
  /** A text, or a list of texts that is joined with `,`; `false` to leave it out. @default 'role' */
  readonly role?: string | false | undefined
}

/** Makes the function that reads an actor from verified claims. */
export const claimsReader = ({
  id = 'sub',
  name = 'name',
  role = 'role',
}: ActorClaims): ((claims: unknown) => Actor | undefined) => {
  checkClaim('id', id)
  if (name !== false) checkClaim('name', name)
  if (role !== false) checkClaim('role', role)

  return (claims) => {
    const actorId = textOf(claimAt(claims, id))
    if (actorId === undefined) return undefined
    const actorName = name === false ? undefined : textOf(claimAt(claims, name))
    const actorRole = role === false ? undefined : rolesOf(claimAt(claims, role))
    return {
      id: actorId,
      ...(actorName !== undefined && { name: actorName }),
      ...(actorRole !== undefined && { role: actorRole }),
      type: 'user',
      via: 'jwt',
    }
  }
}

const checkClaim = (option: string, claim: unknown): void => {
  if (typeof claim === 'string' && claim !== '') return
  throw new AuditError('AUDIT_OPTION_INVALID', `${option}: the name of a claim`)
}

const claimAt = (claims: unknown, claim: string): unknown => {
  const whole = ownValue(claims, claim)
  if (whole !== undefined) return whole
  return claim.split('.').reduce(ownValue, claims)
}

const ownValue = (value: unknown, name: string): unknown => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return Object.getOwnPropertyDescriptor(value, name)?.value
}

/** Nothing is made of what is neither a text nor a number: an actor is stated, never guessed. */
const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

const rolesOf = (value: unknown): string | undefined => {
  if (!Array.isArray(value)) return textOf(value)
  const roles = value.flatMap((role: unknown) => textOf(role) ?? [])
  return roles.length === 0 ? undefined : roles.join(',')
}
