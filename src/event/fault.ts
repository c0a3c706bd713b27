import { countLimits, fieldLimits } from './limits.ts'
import type { Fault } from './schema.ts'

/** Long messages are cut by the redactor; this only bounds the work. */
const CHARS = fieldLimits.message * 4

/** Reads of what may be a hostile object: a getter that throws, a Proxy that will not be asked. */
const quietly = <Value>(read: () => Value, otherwise: Value): Value => {
  try {
    return read()
  } catch {
    // What cannot be read is not told; the event is kept without it.
    return otherwise
  }
}

const text = (error: object, name: 'name' | 'message' | 'stack'): string =>
  quietly(() => {
    const value: unknown = Reflect.get(error, name)
    return typeof value === 'string' ? value.slice(0, CHARS * 4) : ''
  }, '')

const nameOf = (error: object): string => {
  const name = text(error, 'name')
  if (name !== '' && name !== 'Error') return name
  return quietly(() => {
    // Subclasses that leave `name` alone are still told apart by their constructor.
    const own: unknown = Object.getPrototypeOf(error)?.constructor?.name
    return (typeof own === 'string' && own.slice(0, CHARS)) || 'Error'
  }, 'Error')
}

/** Also of another realm, whose Error is not ours. */
const isError = (thrown: unknown): thrown is object =>
  quietly(
    () => thrown instanceof Error || Object.prototype.toString.call(thrown) === '[object Error]',
    false,
  )

/** As much of an object as a message can hold; a replacer that gives up ends the walk of a huge one. */
const json = (thrown: object): string => {
  let left = CHARS
  return (
    JSON.stringify(thrown, (key, value: unknown) => {
      left -= key.length + (typeof value === 'string' ? value.length : 4)
      if (left < 0) return undefined
      return typeof value === 'bigint' ? String(value) : value
    }) ?? ''
  )
}

const describe = (thrown: unknown): { readonly type: string; readonly message: string } => {
  if (isError(thrown)) return { type: nameOf(thrown), message: text(thrown, 'message') }
  const type = thrown === null ? 'null' : typeof thrown
  const tell = (): string =>
    typeof thrown === 'object' && thrown !== null ? json(thrown) : String(thrown)
  return { type, message: quietly(tell, '').slice(0, CHARS) }
}

/**
 * Describes anything that was thrown: Errors with their chain of causes, and what is no Error.
 * @example
 * faultOf(new Error('no funds', { cause: new TypeError('amount') }))
 * // { type: 'Error', message: 'no funds', causes: [{ type: 'TypeError', message: 'amount' }], … }
 */
export const faultOf = (thrown: unknown, keepStack: boolean): Fault => {
  const causes: { type: string; message: string }[] = []
  const seen = new Set<unknown>([thrown])
  let cause = causeOf(thrown)
  while (
    cause !== undefined &&
    cause !== null &&
    causes.length < countLimits.causes &&
    !seen.has(cause)
  ) {
    seen.add(cause)
    const { type, message } = describe(cause)
    causes.push({ message, type })
    cause = causeOf(cause)
  }
  const { type, message } = describe(thrown)
  const stack = keepStack && isError(thrown) ? text(thrown, 'stack') : ''
  return {
    causes: causes.length === 0 ? undefined : causes,
    message,
    stack: stack === '' ? undefined : stack,
    type,
  }
}

const causeOf = (thrown: unknown): unknown =>
  quietly(
    () =>
      typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, 'cause') : undefined,
    undefined,
  )
