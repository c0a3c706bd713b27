import { suspicious } from './detect.ts'
import { remembering } from './remembering.ts'
import { isPlain, quote } from './write-text.ts'

/** In place, and at once where they stand in order already, as what capture writes does. */
export const sorted = (names: string[]): string[] => {
  for (let index = 1; index < names.length; index++) {
    if ((names[index - 1] ?? '') > (names[index] ?? '')) return names.sort()
  }
  return names
}

/** A name as JSON, with its colon. */
export interface Name {
  readonly json: string
  /** It is its own JSON, and too short or too plain to hold a secret. */
  readonly harmless: boolean
}

/** What is known of a name: apps use the same ones over and over. */
export const nameOf: (key: string) => Name = remembering(
  (key) => ({
    json: `${quote(key)}:`,
    harmless: key.length < 64 && isPlain(key) && (key.length < 11 || !suspicious(key)),
  }),
  2_000,
  64,
)

export const isHarmless = (key: string): boolean => nameOf(key).harmless
