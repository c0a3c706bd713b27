/**
 * Bun has Node's `process` and `node:fs/promises`; that signals, listeners and the end of the process
 * behave alike is tested on Bun itself.
 * @module
 */
export { closeOnShutdown, fileDeadLetter } from './node.ts'
export type { Closable, ShutdownOptions, ShutdownOutcome, ShutdownSignal } from './node.ts'
