const digestOf = async (text: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))

/**
 * Whether two texts are the same, in a time that tells nothing of where they differ, nor of how long
 * the expected one is: 32 bytes are compared, all of them.
 */
export const isSame = async (given: string, expected: string): Promise<boolean> => {
  const [one, other] = await Promise.all([digestOf(given), digestOf(expected)])
  let difference = 0
  for (const [at, byte] of one.entries()) difference |= byte ^ (other[at] ?? 0)
  return difference === 0
}

/** A header carries printable ASCII; a space or a line feed at the end would be cut off on the way. */
const written = /^[\x21-\x7e]{16,}$/

/** Whether a secret is there, and one that a header can carry and nobody guesses. */
export const isSecret = (value: unknown): value is string =>
  typeof value === 'string' && written.test(value)
