import { clamp } from './clamp.ts'
import type { Truncation } from './limits.ts'
import { REDACTED } from './mask.ts'
import type { Secrets } from './secrets.ts'
import { sound } from './text.ts'
import { quote } from './write-text.ts'

export type Cut = Omit<Truncation, 'id'>

/** A text that may be stored, and the same as JSON. */
export interface Clean {
  readonly text: string
  readonly json: string
}

/** Masks, clamps and quotes the text of one field. */
export type Cleaner = (text: string, cuts: Cut[]) => Clean

/** Bounded by count and by length, for clients choose these texts. */
const CACHED = 500
const CACHED_LENGTH = 256

/** Ids and paths, in which only this little can be a secret: no quoting, one byte each. */
const BARE = /^[\w/.-]*$/
const LOUD = /eyJ|----|(?:\d-?){12}\d/

/** For texts that are new each time, such as ids and paths. */
export const createCleaner = (secrets: Secrets, field: string, limit: number): Cleaner => {
  // Path rules of fixed fields are looked up once, not at each event.
  const masker = secrets.byPath?.(field)
  if (masker !== undefined) return (text) => cleanOf(sound(masker(text) ?? REDACTED))
  return (text, cuts) => {
    if (text.length <= limit && BARE.test(text) && !LOUD.test(text))
      return { text, json: `"${text}"` }
    const { kept, cut } = clamp(secrets, text, limit)
    if (cut) cuts.push({ field, limit, length: text.length })
    return cleanOf(kept)
  }
}

/**
 * For hosts, user agents, routes, roles: they say the same thing over and over, and what is clean
 * once is clean the next time.
 */
export const createCachingCleaner = (secrets: Secrets, field: string, limit: number): Cleaner => {
  const clean = createCleaner(secrets, field, limit)
  const cache = new Map<string, Clean>()
  return (text, cuts) => {
    const known = cache.get(text)
    if (known !== undefined) return known
    const before = cuts.length
    const made = clean(text, cuts)
    // What was cut is cut again, so that the cut is noted again.
    if (text.length > CACHED_LENGTH || cuts.length > before) return made
    if (cache.size >= CACHED) cache.clear()
    cache.set(text, made)
    return made
  }
}

const cleanOf = (text: string): Clean => ({ text, json: quote(text) })
