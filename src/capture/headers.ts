import { compileSecrets } from '../event/secrets.ts'

/** Credentials by another name than the redactor's list would know. */
const CREDENTIALS = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'x-amz-security-token',
  'cf-access-jwt-assertion',
  'x-forwarded-client-cert',
])

/**
 * Names as they are looked up, each with whether it is always masked: no option of the redactor can
 * make a credential's header readable.
 */
export const keptHeaderNames = (
  names: readonly string[],
): readonly (readonly [name: string, masked: boolean])[] => {
  const { byKey } = compileSecrets({})
  return [...new Set(names.map((name) => name.toLowerCase()))].map(
    (name) => [name, CREDENTIALS.has(name) || byKey(name) !== undefined] as const,
  )
}
