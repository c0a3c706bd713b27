import type { Random } from '../event/id.ts'

// The only folder of src/ that looks at globals. Everything here detects a capability, never a name,
// and does nothing at module scope: Workers forbid time, randomness and timers there.

/** Time and randomness, handed to all who need them. */
export interface Ambient {
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number
  /** Milliseconds of a clock that never goes back. On deployed Workers it stands still during CPU work. */
  readonly elapsed: () => number
  readonly random: Random
}

export const ambient: Ambient = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  random: (bytes) => crypto.getRandomValues(bytes),
}

/** Reads a property of anything, or undefined. */
export const property = (value: unknown, name: PropertyKey): unknown =>
  // An index access is several times as fast as Reflect.get, and this runs in every request.
  (typeof value === 'object' && value !== null) || typeof value === 'function'
    ? (value as { readonly [name: PropertyKey]: unknown })[name]
    : undefined

/** The same of what may refuse to be read, such as a Proxy of the app's. */
export const peek = (value: unknown, name: PropertyKey): unknown => {
  try {
    return property(value, name)
  } catch {
    // What cannot be read is not there.
    return undefined
  }
}

/** A built-in module, without an import that would break a bundle. */
export const builtin = (id: string): unknown => {
  const process = property(globalThis, 'process')
  const load = property(process, 'getBuiltinModule')
  return typeof load === 'function' ? Reflect.apply(load, process, [id]) : undefined
}

/** What is used of AsyncLocalStorage: `run` alone. `enterWith` throws on Workers. */
export interface AsyncContext<Value> {
  run<Result>(value: Value, fn: () => Result): Result
  getStore(): Value | undefined
}

/** The platform's class, or undefined. */
export const asyncStorage = (): unknown =>
  property(globalThis, 'AsyncLocalStorage') ??
  property(builtin('node:async_hooks'), 'AsyncLocalStorage')

/**
 * Finds AsyncLocalStorage without an import that would break a bundle: the global (Vercel's edge),
 * then the built-in module (Node >=20.16, Deno, Bun, workerd with nodejs_compat). No polyfill: one
 * would show a request the scope of another.
 */
export const findAsyncContext = <Value>(
  given: AsyncContext<unknown> | undefined,
): AsyncContext<Value> | undefined => {
  // The app's own instance holds nothing but what is put in here.
  if (given !== undefined) return given as AsyncContext<Value>
  const found = asyncStorage()
  if (typeof found !== 'function') return undefined
  // The platform's class, known only by its standard shape.
  return Reflect.construct(found, []) as AsyncContext<Value>
}

const isWorkerd = (): boolean => property(globalThis, 'WebSocketPair') !== undefined

/** Environment variables by which hosts that freeze after the response make themselves known. */
const FREEZERS = ['AWS_LAMBDA_FUNCTION_NAME', 'LAMBDA_TASK_ROOT', 'K_SERVICE', 'VERCEL', 'NETLIFY']

/**
 * Whether a promise of one request may be awaited by another: not on Workers («Cannot perform I/O on
 * behalf of a different request»), and not where nothing is known.
 */
export const sharesIo = (): boolean => {
  if (isWorkerd()) return false
  if (property(globalThis, 'Deno') !== undefined || property(globalThis, 'Bun') !== undefined)
    return true
  return property(property(property(globalThis, 'process'), 'release'), 'name') === 'node'
}

/** Whether work goes on after the response although nobody was told of it. */
export const staysAwake = (): boolean => {
  if (!sharesIo()) return false
  const env = property(property(globalThis, 'process'), 'env')
  return !FREEZERS.some((name) => property(env, name))
}

let workers: unknown

/** The module `cloudflare:workers`, with the `waitUntil` and `env` of the current request. */
export const workersModule = (): unknown =>
  (workers ??= isWorkerd() ? builtin('cloudflare:workers') : undefined)

/** Runs a function once the current turn's I/O is through: after the response was handed over. */
export const soon = (fn: () => void): void => {
  const immediate = property(globalThis, 'setImmediate')
  if (typeof immediate === 'function') Reflect.apply(immediate, globalThis, [fn])
  else setTimeout(fn, 0)
}
