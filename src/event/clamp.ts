import type { Secrets } from './secrets.ts'
import { head, sound } from './text.ts'

/** How far beyond the cut a text is looked at: a secret that is cut in two is still recognised. */
const LOOKAHEAD = 64

export interface Clamped {
  readonly kept: string
  readonly cut: boolean
}

/** Masks a text and cuts it to so many bytes of JSON. */
export const clamp = (secrets: Secrets, text: string, limit: number): Clamped => {
  const long = text.length > limit + LOOKAHEAD
  const masked = secrets.inText(sound(long ? text.slice(0, limit + LOOKAHEAD) : text))
  // Masking shortens: what was only looked at must not move up into what is kept.
  const safe = long ? masked.slice(0, -LOOKAHEAD) : masked
  const kept = sound(head(safe, limit))
  return { kept, cut: long || kept.length < masked.length }
}
