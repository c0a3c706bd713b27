import process from 'node:process'
import { closeWithin, flushWhenEmpty, warn } from './shutdown.ts'
import type { Closable, ShutdownOutcome } from './shutdown.ts'

export { fileDeadLetter } from '../dead-letter/file.ts'
export type { Closable, ShutdownOutcome } from './shutdown.ts'

export type ShutdownSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGQUIT' | 'SIGUSR2' | 'SIGBREAK'

export interface ShutdownOptions {
  /** @default ['SIGTERM', 'SIGINT'] */
  readonly signals?: readonly ShutdownSignal[] | undefined
  /** Longest wait for `close()`, in ms. Stay below the grace of your platform. @default 10000 */
  readonly timeout?: number | undefined
  /** Told once, before the process goes on to end. */
  readonly onClosed?: ((outcome: ShutdownOutcome) => void) | undefined
}

/** The listeners of all calls: they do not count as the app's own. */
const ours = new WeakSet<object>()

/**
 * Closes the audit when the process is asked to end, so that what waits is still stored, and flushes it
 * once when the event loop runs empty. Then the process ends as it would have without this: a signal
 * that only we listened to is raised again, and ends the process; where the app has a listener of its
 * own, that one decides, and should await `audit.close()` before it calls `process.exit()`.
 *
 * Events that come after the audit was closed are refused: stop the server first, in a listener of your
 * own, if requests may still be under way. As process 1 of a container a signal that nobody listens to
 * does nothing (a rule of the kernel): run an init (`docker run --init`), or listen.
 *
 * It throws nothing. An error of `onClosed` or of `flush()` becomes a process warning.
 * @returns what takes the listeners off again.
 * @see https://nodejs.org/api/process.html#signal-events
 * @example
 * import { closeOnShutdown } from 'edge-audit/node'
 * closeOnShutdown(audit, { timeout: 5_000 })
 */
export const closeOnShutdown = (
  audit: Closable,
  { signals = ['SIGTERM', 'SIGINT'], timeout = 10_000, onClosed }: ShutdownOptions = {},
): (() => void) => {
  let closing = false
  const listeners = signals.map((signal) => [signal, (): void => onSignal(signal)] as const)

  const onSignal = (signal: ShutdownSignal): void => {
    // Pressing Ctrl-C twice does not close twice.
    if (closing) return
    closing = true
    // Asked now and not at the end: a listener of `process.once` is gone as soon as it was called,
    // and we stand before it.
    const appListens = process.listeners(signal).some((listener) => !ours.has(listener))
    const end = (outcome: ShutdownOutcome): void => {
      stop()
      try {
        onClosed?.(outcome)
      } finally {
        // While another audit is closing its listener is still there: it will raise the signal.
        if (!appListens && process.listenerCount(signal) === 0) process.kill(process.pid, signal)
      }
    }
    closeWithin(audit, timeout).then(end).catch(warn)
  }

  const stopFlushing = flushWhenEmpty(audit)
  const stop = (): void => {
    for (const [signal, listener] of listeners) process.removeListener(signal, listener)
    stopFlushing()
  }

  for (const [signal, listener] of listeners) {
    ours.add(listener)
    process.prependListener(signal, listener)
  }
  return stop
}
