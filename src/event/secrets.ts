import { type Detector, detectors, maskInText } from './detect.ts'
import { type Mask, type Masker, maskWith } from './mask.ts'
import { place } from './places.ts'
import { remembering } from './remembering.ts'
import { stateless } from './stateless.ts'

export { type Detector, detectors, type Masker }

/** What is masked besides the defaults, and how. */
export interface RedactOptions {
  /**
   * More names to mask, at any depth. A string is compared without case and separators, so `apiKey`
   * finds `API-KEY` and `api_key`; a RegExp is tested on the name as it is written.
   * @default []
   */
  readonly keys?: readonly (string | RegExp | KeyRule)[] | undefined
  /** Names that stay readable though the default list would mask them. @default [] */
  readonly allow?: readonly string[] | undefined
  /**
   * Places to mask: `metadata.customer.email`, `data.body.items.*.price`, `changes.**`. `*` is one
   * segment, `**` any number. @default []
   */
  readonly paths?: readonly (string | PathRule)[] | undefined
  /** How secrets are masked where no rule says otherwise. @default 'full' */
  readonly mask?: Mask | undefined
  /** What the `hash` mask writes for a text: `hmac()` of `edge-audit/hash`. @default none */
  readonly hash?: ((text: string) => string) | undefined
  /** Mask the built-in list of names. @default true */
  readonly defaults?: boolean | undefined
  /** Find secrets by their shape, inside any text. @default all of them */
  readonly detect?: readonly Detector[] | undefined
}

export interface KeyRule {
  readonly key: string | RegExp
  readonly mask: Mask
}

export interface PathRule {
  readonly path: string
  readonly mask: Mask
}

export interface Secrets {
  /** How the value under this name is masked, or undefined when it is no secret. */
  byKey(key: string): Masker | undefined
  /** The same for a place; undefined for the function itself when there are no such rules. */
  readonly byPath: ((path: string) => Masker | undefined) | undefined
  /** Masks what looks like a secret inside a text. */
  inText(text: string): string
}

// Sources: OWASP Logging Cheat Sheet («Data to exclude»), PCI DSS 4.0 3.3, the defaults of Sentry,
// Rails' filter_parameters, pino-noir users and auditlog. Anywhere in a name:
const ANYWHERE =
  /passw|passphrase|pwd|secret|(?:api|priv|private|access|account|master|shared|signing|encryption|ssh|session)key|credential|authorization|cookie|sessionid|(?:access|refresh|id|auth|session)token|[xc]srf|clientassertion|codeverifier|cardn(?:um|o)|ccnum|(?:credit|debit)card|(?:account|routing|identity)number|socialsecurity|nationali(?:d|nsurance)|passportn|driv(?:ing|ers?)licen|taxid|(?:pass|security|verification|onetime|recovery|backup)code|connectionstring|databaseurl|seedphrase|mnemonic|biometric/
/** At the end of a name. */
const ENDING = /(?:tokens?|jwt|cvv|cvc|cvv2|ssn|iban|otp|totp|hmac|signature|assertion|sid|saml)$/
/** As a whole word at the end of a name: short words that are part of harmless ones. */
const LAST_WORD =
  /^(?:pin|pan|pass|passport|auth|session|bearer|mfa|cpf|cnpj|nino|bsn|dni|nif|curp|pesel|aadhaar|dob|salt|nonce)$/
/** Harmless in spite of the above: numbers about tokens, times of passwords, people and pages. */
const HARMLESS =
  /^(?:password(?:changed|updated|reset|expires)at|(?:max|min|input|output|prompt|completion|total|cached|reasoning|thinking|used|remaining|estimated|audio|image|context|budget|max(?:input|output|new|completion))tokens?|tokentype|tokens?count|cookie(?:consent|policy|banner)|secretar(?:y|ies|iat)(?:id|name)?)$/

const plainName = (key: string): string => key.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')

/** `user[cardPin]` → `pin` */
const lastWord = (key: string): string =>
  key
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .findLast((word) => word !== '') ?? ''

/** `token2`, `pin_1` */
const unnumbered = (name: string): string => name.replace(/\d{1,4}$/, '')

/** `user[customer_ref]`, `user.customer_ref` → `customerref` */
const lastSegment = (key: string): string =>
  plainName(key.split(/[.[\]]/).findLast((segment) => segment !== '') ?? '')

const isSecretName = (key: string): boolean => {
  const name = plainName(key)
  if (HARMLESS.test(name)) return false
  const word = lastWord(key)
  return (
    ANYWHERE.test(name) ||
    ENDING.test(name) ||
    ENDING.test(unnumbered(name)) ||
    LAST_WORD.test(word) ||
    LAST_WORD.test(unnumbered(word))
  )
}

/**
 * Compiles the rules once, at start-up.
 * @example
 * const secrets = compileSecrets({ keys: ['iban'] })
 * secrets.byKey('user[Password]')?.('hunter2') // ***REDACTED***
 */
export const compileSecrets = (options: RedactOptions): Secrets => {
  const { keys = [], allow = [], paths = [], defaults = true, detect = detectors } = options
  const mask = (style: Mask = 'full'): Masker => maskWith(style, options.hash)
  const standard = mask(options.mask)

  const names = new Map<string, Masker>()
  const patterns: { readonly test: RegExp; readonly masker: Masker }[] = []
  for (const rule of keys) {
    const isKey = typeof rule === 'string' || rule instanceof RegExp
    const key = isKey ? rule : rule.key
    const masker = isKey ? standard : mask(rule.mask)
    if (typeof key === 'string') names.set(plainName(key), masker)
    else patterns.push({ test: stateless(key), masker })
  }
  const allowed = new Set(allow.map(plainName))

  const decide = (key: string): Masker | undefined => {
    const name = plainName(key)
    if (allowed.has(name)) return undefined
    const named = names.get(name) ?? names.get(lastSegment(key)) ?? names.get(lastWord(key))
    if (named !== undefined) return named
    for (const { test, masker } of patterns) if (test.test(key)) return masker
    return defaults && isSecretName(key) ? standard : undefined
  }

  const byKey = remembering(
    (key) => decide(key.length > 512 ? `${key.slice(0, 256)} ${key.slice(-256)}` : key),
    2_000,
    64,
  )

  const places = paths.map((rule) => {
    const isPath = typeof rule === 'string'
    return {
      test: place(isPath ? rule : rule.path),
      masker: isPath ? standard : mask(rule.mask),
    }
  })
  const byPath = (path: string): Masker | undefined => places.find(({ test }) => test(path))?.masker

  return {
    byKey,
    byPath: places.length === 0 ? undefined : byPath,
    inText: (text) => maskInText(text, byKey, standard, detect),
  }
}
