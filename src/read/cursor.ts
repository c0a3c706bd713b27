import { hmacSha256 } from '../event/sha256.ts'
import type { Position } from '../ports/store.ts'
import { refuse } from './parameters.ts'
import { farthest } from '../event/time.ts'
import type { Reading } from './reading.ts'

// A cursor is a place in the order of events, and a signature of that place, the question and the
// reader: it continues the very list that it came from. It opens nothing by itself, for whoever shows
// it is asked again who he is, and the fence is put around the question again.

/** Characters of the signature: 128 bits, as hexadecimal digits. */
const SIGNED = 32

const signature = (place: string, question: string, { secret, view = '' }: Reading): string =>
  hmacSha256(secret ?? 'edge-audit')(JSON.stringify([place, question, view])).slice(0, SIGNED)

/** In characters that a URL takes as they are. */
const written = (text: string): string =>
  btoa(encodeURIComponent(text)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

const readable = (text: string): string | undefined => {
  try {
    return decodeURIComponent(atob(text.replaceAll('-', '+').replaceAll('_', '/')))
  } catch {
    // It is none of ours, which is what is asked here.
    return undefined
  }
}

export const cursorOf = (
  { occurredAt, id }: Position,
  question: string,
  reading: Reading,
): string => {
  const place = written(`${occurredAt}.${id}`)
  return `${place}.${signature(place, question, reading)}`
}

const shape = /^([\w-]{1,2000})\.([\da-f]{32})$/
const inside = /^(0|-?[1-9]\d{0,15})\.(.+)$/s

/** The place of a cursor; undefined for one that was made for another question or reader, or by nobody. */
const placeOf = (cursor: unknown, question: string, reading: Reading): Position | undefined => {
  const [, place, signed] = (typeof cursor === 'string' && shape.exec(cursor)) || []
  // What a stranger learns from how long this takes is a signature of a place he knows.
  if (place === undefined || signed !== signature(place, question, reading)) return undefined
  const [, at, id] = inside.exec(readable(place) ?? '') ?? []
  if (at === undefined || id === undefined || Math.abs(Number(at)) > farthest) return undefined
  return { occurredAt: Number(at), id }
}

/**
 * Where a page goes on; undefined for the first.
 * @throws {AuditError} AUDIT_QUERY_INVALID for a cursor of another question or reader.
 */
export const afterOf = (next: unknown, question: string, reading: Reading): Position | undefined =>
  next === undefined || next === null
    ? undefined
    : (placeOf(next, question, reading) ??
      refuse('next', 'what the page before gave, for the same query and reader'))
