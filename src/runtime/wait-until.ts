import { property, staysAwake, workersModule } from './ambient.ts'

/** Keeps the runtime alive until the promise settles. */
export type WaitUntil = (promise: Promise<unknown>) => void

/** What is read of Hono's context: both may be missing, and `executionCtx` throws when it is. */
export interface Invocation {
  readonly executionCtx?: unknown
  readonly env?: unknown
}

/** Calls it as a method: unbound, Workers answer «Illegal invocation». */
const methodOf = (owner: unknown): WaitUntil | undefined => {
  const waitUntil = property(owner, 'waitUntil')
  if (typeof waitUntil !== 'function') return undefined
  return (promise) => Reflect.apply(waitUntil, owner, [promise])
}

/** The getter throws off Workers; an error costs microseconds for a stack that nobody reads. */
const executionContext = (invocation: Invocation): unknown => {
  const limit = property(Error, 'stackTraceLimit')
  Reflect.set(Error, 'stackTraceLimit', 0)
  try {
    return invocation.executionCtx
  } catch {
    // No execution context here: the next place is asked.
    return undefined
  } finally {
    Reflect.set(Error, 'stackTraceLimit', limit)
  }
}

const VERCEL = Symbol.for('@vercel/request-context')

/** The request context of Vercel, when this request has one. */
export const vercelContext = (): unknown => {
  const holder = property(globalThis, VERCEL)
  const get = property(holder, 'get')
  return typeof get === 'function' ? Reflect.apply(get, holder, []) : undefined
}

/**
 * Where this invocation can be kept alive, or undefined: `c.executionCtx`, Netlify's context,
 * Vercel's request context, `cloudflare:workers`, `EdgeRuntime` (Supabase).
 */
export const findWaitUntil = (invocation: Invocation | undefined): WaitUntil | undefined => {
  try {
    return search(invocation)
  } catch {
    // A platform that breaks while it is asked: the caller waits itself, as where there is none.
    return undefined
  }
}

const search = (invocation: Invocation | undefined): WaitUntil | undefined =>
  (invocation === undefined
    ? undefined
    : (methodOf(executionContext(invocation)) ?? methodOf(property(invocation.env, 'context')))) ??
  methodOf(vercelContext()) ??
  methodOf(workersModule()) ??
  methodOf(property(globalThis, 'EdgeRuntime'))

/** Invocations in a row without one, after which a process that stays awake is no longer asked. */
const MISSES = 64

/**
 * Remembers what it found out about a process that stays awake anyway: there a lookup costs a
 * microsecond in every request, and all that depends on it is who waits for what goes on regardless.
 */
export const waitUntilFinder = (): typeof findWaitUntil => {
  const awake = staysAwake()
  let misses = 0
  return (invocation) => {
    if (misses === MISSES) return undefined
    const found = findWaitUntil(invocation)
    misses = found === undefined && awake ? misses + 1 : 0
    return found
  }
}
