import { sound } from '../event/text.ts'
import { type Check, invalid, isRecord, that } from '../shape.ts'

/** A text that says something, and that every store can hold. */
export const isSaid = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.trim() !== '' && value.length <= most && sound(value) === value

export const said = (most: number): Check =>
  that(`a text of 1 to ${most} characters, without NUL and lone surrogates`, (value) =>
    isSaid(value, most),
  )

export const saidOrNull = (most: number): Check =>
  that(
    `a text of 1 to ${most} characters, without NUL and lone surrogates, or null for none`,
    (value) => value === null || isSaid(value, most),
  )

/**
 * An object that says what it names. A member that is undefined would widen what is deleted to all
 * that it was to narrow down, as when a variable of the environment is missing.
 */
export const outspoken =
  (check: Check): Check =>
  (value, path) => {
    check(value, path)
    if (!isRecord(value)) return
    for (const [name, member] of Object.entries(value))
      if (member === undefined) invalid(`${path}.${name} must be left out, or have a value`)
  }
