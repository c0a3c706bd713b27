import { compileSecrets } from '../event/secrets.ts'

/**
 * Names as they are looked up, each with whether it is always masked: no option of the redactor can
 * make a credential's header readable.
 */
export const keptHeaderNames = (
  names: readonly string[],
): readonly (readonly [name: string, masked: boolean])[] => {
  const { byKey } = compileSecrets({})
  return [...new Set(names.map((name) => name.toLowerCase()))].map(
    // The certificate of a client is a credential by a name that the list does not know.
    (name) => [name, byKey(name) !== undefined || name === 'x-forwarded-client-cert'] as const,
  )
}
