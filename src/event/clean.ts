import { clamp } from './clamp.ts'
import type { Truncation } from './limits.ts'
import { REDACTED } from './mask.ts'
import { remembering } from './remembering.ts'
import type { Secrets } from './secrets.ts'
import { sound } from './text.ts'
import { quote } from './write-text.ts'

export type Cut = Omit<Truncation, 'id'>

/** A text that may be stored, and the same as JSON. */
export interface Clean {
  readonly text: string
  readonly json: string
  readonly cut: boolean
}

/** Masks, clamps and quotes the text of one field. */
export type Cleaner = (text: string, cuts: Cut[]) => Clean

/** Ids and paths, in which only this little can be a secret: no quoting, one byte each. */
const BARE = /^[\w/.-]*$/
const LOUD = /eyJ|----|(?:\d-?){12}\d/

/**
 * Hosts, user agents, routes, roles say the same thing over and over, and what is clean once is clean
 * the next time; ids and paths are `fresh`.
 */
export const createCleaner = (
  secrets: Secrets,
  field: string,
  limit: number,
  fresh: boolean,
): Cleaner => {
  // Path rules of fixed fields are looked up once, not at each event.
  const masker = secrets.byPath?.(field)
  const clean = (text: string): Clean => {
    if (masker !== undefined) return cleanOf(sound(masker(text) ?? REDACTED), false)
    if (text.length <= limit && BARE.test(text) && !LOUD.test(text))
      return { text, json: `"${text}"`, cut: false }
    const { kept, cut } = clamp(secrets, text, limit)
    return cleanOf(kept, cut)
  }
  const ask = fresh ? clean : remembering(clean, 500, 256)
  return (text, cuts) => {
    const made = ask(text)
    if (made.cut) cuts.push({ field, limit, length: text.length })
    return made
  }
}

const cleanOf = (text: string, cut: boolean): Clean => ({ text, json: quote(text), cut })
