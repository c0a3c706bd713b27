import { closeWithin, flushWhenEmpty, warn } from './shutdown.ts'
import type { Closable, ShutdownOutcome } from './shutdown.ts'

export { fileDeadLetter } from '../dead-letter/file.ts'
export { denoCron, type DenoCronOptions } from './deno-cron.ts'
export type { Closable, ShutdownOutcome } from './shutdown.ts'

export type ShutdownSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGQUIT' | 'SIGBREAK'

export interface ShutdownOptions {
  /** @default ['SIGTERM', 'SIGINT'] */
  readonly signals?: readonly ShutdownSignal[] | undefined
  /**
   * Longest wait for `close()`, in ms. Deno Deploy sends SIGINT and kills five seconds later.
   * @default 4000
   */
  readonly timeout?: number | undefined
  /**
   * Whether to raise the signal again after closing, which ends the process. Deno does not tell who
   * else listens: say `false` where the app has a listener of its own, and let that one end it.
   * @default true
   */
  readonly end?: boolean | undefined
  /** Told once, before the process goes on to end. */
  readonly onClosed?: ((outcome: ShutdownOutcome) => void) | undefined
}

/** What is used of Deno; its own types are no part of this package. */
declare const Deno: {
  readonly pid: number
  addSignalListener(signal: ShutdownSignal, listener: () => void): void
  removeSignalListener(signal: ShutdownSignal, listener: () => void): void
  kill(pid: number, signal: ShutdownSignal): void
}

/**
 * Closes the audit when the process is asked to end, so that what waits is still stored, and flushes it
 * once when the event loop runs empty. Then the signal is raised again, which ends the process, unless
 * `end` is false.
 *
 * Events that come after the audit was closed are refused: shut `Deno.serve` down first, in a listener
 * of your own and with `end: false`, if requests may still be under way. An error of
 * `onClosed` or of `flush()` becomes a process warning.
 * @returns what takes the listeners off again.
 * @see https://docs.deno.com/api/deno/~/Deno.addSignalListener
 * @see https://docs.deno.com/deploy/reference/runtime/
 * @example
 * import { closeOnShutdown } from 'edge-audit/deno'
 * closeOnShutdown(audit)
 */
export const closeOnShutdown = (
  audit: Closable,
  { signals = ['SIGTERM', 'SIGINT'], timeout = 4_000, end = true, onClosed }: ShutdownOptions = {},
): (() => void) => {
  let closing = false
  const listeners = signals.map((signal) => [signal, (): void => onSignal(signal)] as const)

  const onSignal = (signal: ShutdownSignal): void => {
    // Pressing Ctrl-C twice does not close twice.
    if (closing) return
    closing = true
    const settle = (outcome: ShutdownOutcome): void => {
      stop()
      try {
        onClosed?.(outcome)
      } finally {
        // Another audit that is still closing takes it, leaves it at that, and raises it when it is done.
        if (end) Deno.kill(Deno.pid, signal)
      }
    }
    closeWithin(audit, timeout).then(settle).catch(warn)
  }

  const stopFlushing = flushWhenEmpty(audit)
  const stop = (): void => {
    for (const [signal, listener] of listeners) Deno.removeSignalListener(signal, listener)
    stopFlushing()
  }

  for (const [signal, listener] of listeners) Deno.addSignalListener(signal, listener)
  return stop
}
