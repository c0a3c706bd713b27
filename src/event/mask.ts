/**
 * `full`: `***REDACTED***`. `partial`: the last four characters, of values of at least twelve.
 * `hash`: what the function under `redact.hash` says, so that equal values can be recognised.
 * `drop`: the value and its name are left out.
 */
export const masks = ['full', 'partial', 'hash', 'drop'] as const
export type Mask = (typeof masks)[number]

/** Applies a mask to the text of a secret; undefined leaves the value out. */
export type Masker = (text: string) => string | undefined

export const REDACTED = '***REDACTED***'

export const maskWith = (mask: Mask, hash: ((text: string) => string) | undefined): Masker => {
  if (mask === 'drop') return () => undefined
  if (mask === 'partial') return (text) => (text.length < 12 ? REDACTED : `***${text.slice(-4)}`)
  if (mask === 'full' || hash === undefined) return () => REDACTED
  return (text) => {
    try {
      return hash(text)
    } catch {
      // A function of the app's that throws: what it would not hash is masked in full.
      return REDACTED
    }
  }
}
