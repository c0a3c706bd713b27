import { countLimits, fieldLimits } from './limits.ts'
import type { Fault } from './schema.ts'

/** Long messages are cut by the redactor; this only bounds the work. */
const CHARS = fieldLimits.message * 4

/** Reads a property of what may be a hostile object. */
const text = (error: object, name: 'name' | 'message' | 'stack'): string => {
  try {
    const value: unknown = Reflect.get(error, name)
    return typeof value === 'string' ? value.slice(0, CHARS * 4) : ''
  } catch {
    // A getter that throws: what is not readable is not told.
    return ''
  }
}

const nameOf = (error: object): string => {
  const name = text(error, 'name')
  // Subclasses that leave `name` alone are still told apart by their constructor.
  const own = name === 'Error' ? (Object.getPrototypeOf(error)?.constructor?.name ?? name) : name
  return typeof own === 'string' && own !== '' ? own : 'Error'
}

const describe = (thrown: unknown): { readonly type: string; readonly message: string } => {
  if (thrown instanceof Error) return { type: nameOf(thrown), message: text(thrown, 'message') }
  const type = thrown === null ? 'null' : typeof thrown
  try {
    const message = typeof thrown === 'object' ? JSON.stringify(thrown) : String(thrown)
    return { type, message: (message ?? '').slice(0, CHARS) }
  } catch {
    // An object that will not be told: its type is what is left.
    return { type, message: '' }
  }
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
  while (cause !== undefined && cause !== null && causes.length < countLimits.causes && !seen.has(cause)) {
    seen.add(cause)
    const { type, message } = describe(cause)
    causes.push({ message, type })
    cause = causeOf(cause)
  }
  const { type, message } = describe(thrown)
  const stack = keepStack && thrown instanceof Error ? text(thrown, 'stack') : ''
  return {
    causes: causes.length === 0 ? undefined : causes,
    message,
    stack: stack === '' ? undefined : stack,
    type,
  }
}

const causeOf = (thrown: unknown): unknown => {
  try {
    return typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, 'cause') : undefined
  } catch {
    // The chain ends where it cannot be read.
    return undefined
  }
}
