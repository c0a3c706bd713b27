import { suspicious } from './detect.ts'
import { isPlain } from './write-text.ts'

/** In place, and at once where they stand in order already, as what capture writes does. */
export const sorted = (names: string[]): string[] => {
  for (let index = 1; index < names.length; index++) {
    if ((names[index - 1] ?? '') > (names[index] ?? '')) return names.sort()
  }
  return names
}

/** A name that is its own JSON, and too short or too plain to hold a secret. */
export const isHarmless = (key: string): boolean =>
  key.length < 64 && isPlain(key) && (key.length < 11 || !suspicious(key))
