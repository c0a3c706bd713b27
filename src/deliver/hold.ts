import type { WaitUntil } from '../runtime/wait-until.ts'

/**
 * Asks the runtime to stay until the release is called. Registered before the handler runs: on
 * workerd a client that hangs up ends what nothing waits for. Undefined when nobody would listen.
 */
export const hold = (waitUntil: WaitUntil | undefined): (() => void) | undefined => {
  if (waitUntil === undefined) return undefined
  let release: (() => void) | undefined
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  try {
    // A function of the app's may be async all the same; when it rejects, nothing holds the runtime.
    const told: unknown = waitUntil(held)
    if (told instanceof Promise) told.catch(() => undefined)
    return release
  } catch {
    // It was there and would not: as if it had not been there, and the caller waits itself.
    return undefined
  }
}
