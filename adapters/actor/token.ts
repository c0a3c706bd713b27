import { errors, jwtVerify } from 'jose'
import type { JSONWebKeySet, JWTPayload, JWTVerifyGetKey, JWTVerifyOptions } from 'jose'
import type { Actor } from '../../src/event/schema.ts'
import { claimsReader } from './claims.ts'
import type { ActorClaims } from './claims.ts'
import { invalid, isFaultOfToken, keySetSource, keySource } from './key.ts'
import type { BearerKey, KeySource } from './key.ts'

/** What keeps every token from being verified: the key set does not come, or the key is no good. */
export type BearerProblem = KeySource['problem']

export interface TokenOptions extends ActorClaims {
  /**
   * What tokens are verified with: a secret (text or bytes), a PEM "PUBLIC KEY", a `CryptoKey` or a JWK.
   * Either this or `jwks`.
   */
  readonly key?: BearerKey | undefined
  /** Address of a JSON Web Key Set, or the set. An address is asked at the first token, then cached. */
  readonly jwks?: string | URL | JSONWebKeySet | undefined
  /** Who must have issued the token. Left out, anyone with the key. */
  readonly issuer?: string | string[] | undefined
  /** For whom the token must be meant. Left out, a token made for another service counts, too. */
  readonly audience?: string | string[] | undefined
  /** Algorithms that may be used. @default all that fit the kind of key: never `none`, never HMAC with a public key */
  readonly algorithms?: readonly string[] | undefined
  /** Seconds by which clocks may differ. @default 0 */
  readonly clockTolerance?: number | undefined
  /** Longest wait for the key set, in ms. @default 5000 */
  readonly timeout?: number | undefined
  /** Told when no token can be verified, at each request; never about a bad token. */
  readonly onError?: ((problem: BearerProblem, cause: unknown) => void) | undefined
}

/** Makes the function that names the actor of a token; one that does not verify names nobody. */
export const tokenReader = (
  {
    key,
    jwks,
    issuer,
    audience,
    algorithms: asked,
    clockTolerance = 0,
    timeout = 5_000,
    onError,
    ...claims
  }: TokenOptions,
  read?: (claims: JWTPayload) => Actor | undefined,
): ((token: string) => Promise<Actor | undefined>) => {
  if ((key === undefined) === (jwks === undefined)) throw invalid('key, jwks: one of the two')
  checkNames('issuer', issuer)
  checkNames('audience', audience)
  checkNumber('clockTolerance', clockTolerance)
  checkNumber('timeout', timeout)
  const actorOf = read ?? claimsReader(claims)
  const { getKey, algorithms, problem } =
    key === undefined ? keySetSource(jwks ?? '', asked, timeout) : keySource(key, asked)

  const options: JWTVerifyOptions = {
    algorithms: [...algorithms],
    clockTolerance,
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
  }
  const tell = (cause: unknown): void => {
    try {
      onError?.(problem, cause)
    } catch {
      // What watches the audit must not fail the app's request; the problem itself is told again at the next.
    }
  }

  const getKeyOrTell: JWTVerifyGetKey = async (protectedHeader, token) => {
    try {
      return await getKey(protectedHeader, token)
    } catch (cause) {
      if (!isFaultOfToken(cause)) tell(cause)
      throw cause
    }
  }

  return async (token) => {
    try {
      const payload = await verified(token, getKeyOrTell, options)
      return payload && actorOf(payload)
    } catch {
      // By contract: a token that does not verify names nobody. It is the app that answers it.
      return undefined
    }
  }
}

const verified = async (
  token: string,
  getKey: JWTVerifyGetKey,
  options: JWTVerifyOptions,
): Promise<JWTPayload | undefined> => {
  try {
    return (await jwtVerify(token, getKey, options)).payload
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error
    // No `kid` and several keys that could be it, as while keys are rotated: the one that verifies is it.
    for await (const candidate of error) {
      const found = await jwtVerify(token, candidate, options).catch(() => undefined)
      if (found !== undefined) return found.payload
    }
    return undefined
  }
}

const checkNames = (option: string, value: string | readonly string[] | undefined): void => {
  if (value === undefined) return
  const names = Array.isArray(value) ? value : [value]
  if (names.length > 0 && names.every((name) => typeof name === 'string' && name !== '')) return
  throw invalid(`${option}: a text, or a list of texts`)
}

const checkNumber = (option: string, value: unknown): void => {
  if (Number.isSafeInteger(value) && Number(value) >= 0) return
  throw invalid(`${option}: a whole number, 0 or more`)
}
