import type { Position } from '../ports/store.ts'
import { farthest } from './parameters.ts'

/** A place in the order of events as a text that is safe in a URL. */
export const cursorOf = ({ occurredAt, id }: Position): string => `${occurredAt}.${id}`

const cursor = /^(0|-?[1-9]\d{0,15})\.([\w-]{1,100})$/

export const positionOf = (value: unknown): Position | undefined => {
  const [, at, id] = (typeof value === 'string' && cursor.exec(value)) || []
  if (at === undefined || id === undefined || Math.abs(Number(at)) > farthest) return undefined
  return { occurredAt: Number(at), id }
}
