import type { AnyContext } from '../../input.ts'
import { readingOf } from '../body/reading.ts'
import { bodyFields, type Field } from './facts.ts'

const TYPES = [
  'application/json',
  'application/*+json',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'text/plain',
]
/** Bytes of a body that are looked at. */
const LIMIT = 16_384

/**
 * Watches what the handler reads of a body, and gives it back once it has. What is parsed only later
 * (a Blob, a form that Hono makes of bytes) is left out: no response waits for it.
 */
export const watchBody = (c: AnyContext): (() => readonly Field[]) => {
  const reading = readingOf(c, { types: TYPES, limit: LIMIT })
  return () => {
    reading?.stop()
    const read = reading?.result(LIMIT)
    if (read === undefined || read instanceof Promise || read.kind === 'left-out') return []
    return bodyFields(read.value)
  }
}
