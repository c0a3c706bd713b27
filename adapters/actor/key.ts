import { createLocalJWKSet, createRemoteJWKSet, errors, importJWK, importSPKI } from 'jose'
import type { CryptoKey, JSONWebKeySet, JWK, JWTVerifyGetKey } from 'jose'
import { AuditError } from '../../src/errors.ts'

/** One key: a secret or a PEM (SPKI) as text, a secret as bytes, a `CryptoKey`, or a JWK. */
export type BearerKey = string | Uint8Array | CryptoKey | JWK

export interface KeySource {
  readonly getKey: JWTVerifyGetKey
  /** What a token may be signed with; never a secret's algorithm beside a public key's. */
  readonly algorithms: readonly string[]
  /** What to tell when the key does not come. */
  readonly problem: 'jwks-unavailable' | 'key-unusable'
}

const secretAlgorithms = ['HS256', 'HS384', 'HS512']
const publicAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]
/** Only where they are asked for by name: few runtimes have them, and Node warns when they are tried. */
const newAlgorithms = ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87']

export const invalid = (detail: string, cause?: unknown): AuditError =>
  new AuditError('AUDIT_OPTION_INVALID', detail, { cause })

/** Whether a token is to blame that no key was found for it, and not who configured the keys. */
export const isFaultOfToken = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey ||
  error instanceof errors.JWKSMultipleMatchingKeys ||
  error instanceof errors.JOSENotSupported

export const keySetSource = (
  jwks: string | URL | JSONWebKeySet,
  asked: readonly string[] | undefined,
  timeout: number,
): KeySource => {
  const algorithms = chosen(asked, publicAlgorithms)
  if (typeof jwks !== 'string' && !(jwks instanceof URL)) {
    return { getKey: localKeySet(jwks), algorithms, problem: 'key-unusable' }
  }
  const url = addressOf(jwks)
  // Keys are kept for all requests; a fetch under way is not: jose starts its own for each request
  // where a promise of another one cannot be awaited (Workers, Vercel Edge). panva/jose#509
  const getKey = createRemoteJWKSet(url, { timeoutDuration: timeout })
  return { getKey, algorithms, problem: 'jwks-unavailable' }
}

const addressOf = (address: string | URL): URL => {
  if (URL.canParse(address) && /^https?:/i.test(String(address))) return new URL(address)
  throw invalid('jwks: an http(s) address or a key set')
}

export const keySource = (key: BearerKey, asked: readonly string[] | undefined): KeySource => {
  if (key instanceof Uint8Array) return secretSource(key, asked)
  if (typeof key === 'string') return textSource(key, asked)
  if (isCryptoKey(key)) return cryptoKeySource(key, asked)
  return jwkSource(key, asked)
}

const secretSource = (secret: Uint8Array, asked: readonly string[] | undefined): KeySource => {
  if (secret.byteLength === 0) throw invalid('key: the secret is empty')
  const copy = secret.slice()
  const algorithms = chosen(asked, secretAlgorithms)
  return { getKey: async () => copy, algorithms, problem: 'key-unusable' }
}

const textSource = (text: string, asked: readonly string[] | undefined): KeySource => {
  const trimmed = text.trim()
  if (trimmed.startsWith('-----BEGIN PUBLIC KEY-----')) {
    return importedSource((alg) => importSPKI(trimmed, alg), chosen(asked, publicAlgorithms))
  }
  // Taken for a secret, a public key that everybody knows would verify whatever they sign with it.
  if (/^(?:-----BEGIN|\{|\[|https?:)/.test(trimmed)) {
    throw invalid(
      'key: a text is a secret or a PEM "PUBLIC KEY"; parse a JWK, give a key set as jwks',
    )
  }
  return secretSource(new TextEncoder().encode(text), asked)
}

const cryptoKeySource = (key: CryptoKey, asked: readonly string[] | undefined): KeySource => {
  if (!key.usages.includes('verify')) throw invalid('key: a CryptoKey that may verify')
  const algorithms = chosen(asked, key.type === 'secret' ? secretAlgorithms : publicAlgorithms)
  return { getKey: async () => key, algorithms, problem: 'key-unusable' }
}

const jwkSource = (jwk: JWK, asked: readonly string[] | undefined): KeySource => {
  if (typeof jwk !== 'object' || jwk === null || typeof jwk.kty !== 'string') {
    throw invalid('key: a secret, a PEM "PUBLIC KEY", a CryptoKey or a JWK')
  }
  if (jwk.kty === 'oct' && !jwk.k) throw invalid('key: the secret is empty')
  if (jwk.d !== undefined || jwk.priv !== undefined)
    throw invalid('key: the public key, not the private')
  const copy = { ...jwk }
  const family = jwk.kty === 'oct' ? secretAlgorithms : publicAlgorithms
  const algorithms = chosen(asked, family).filter((alg) => jwk.alg === undefined || alg === jwk.alg)
  if (algorithms.length === 0) throw invalid('algorithms: must include the `alg` of the JWK')
  return importedSource((alg) => importJWK(copy, alg), algorithms)
}

/** A key whose kind shows only when it is imported: kept for the algorithms that it turns out to fit. */
const importedSource = (
  load: (alg: string) => Promise<CryptoKey | Uint8Array>,
  algorithms: readonly string[],
): KeySource => {
  // The keys are kept, never the promise of them: that belongs to one request.
  let loaded: ReadonlyMap<string, CryptoKey | Uint8Array> | undefined
  const getKey: JWTVerifyGetKey = async ({ alg }) => {
    loaded ??= await loadAll(load, algorithms)
    if (loaded.size === 0) throw invalid('key: fits none of the algorithms')
    const key = loaded.get(alg)
    if (key === undefined) throw new errors.JWKSNoMatchingKey()
    return key
  }
  return { getKey, algorithms, problem: 'key-unusable' }
}

const loadAll = async (
  load: (alg: string) => Promise<CryptoKey | Uint8Array>,
  algorithms: readonly string[],
): Promise<ReadonlyMap<string, CryptoKey | Uint8Array>> => {
  const tried = await Promise.allSettled(algorithms.map(load))
  const found = tried.flatMap((result, index): readonly [string, CryptoKey | Uint8Array][] => {
    const alg = algorithms[index]
    return result.status === 'fulfilled' && alg !== undefined ? [[alg, result.value]] : []
  })
  return new Map(found)
}

const localKeySet = (jwks: JSONWebKeySet): JWTVerifyGetKey => {
  try {
    return createLocalJWKSet(jwks)
  } catch (cause) {
    throw invalid('jwks: an http(s) address or a key set', cause)
  }
}

const chosen = (
  asked: readonly string[] | undefined,
  family: readonly string[],
): readonly string[] => {
  if (asked === undefined) return family
  const allowed = family === publicAlgorithms ? [...family, ...newAlgorithms] : family
  if (Array.isArray(asked) && asked.length > 0 && asked.every((alg) => allowed.includes(alg))) {
    return [...asked]
  }
  throw invalid(`algorithms: for this key some of ${allowed.join(', ')}`)
}

const isCryptoKey = (key: BearerKey): key is CryptoKey =>
  Object.prototype.toString.call(key) === '[object CryptoKey]'
