import process from 'node:process'

/** What is used of an audit. */
export interface Closable {
  flush(): Promise<void>
  close(): Promise<void>
}

/** How closing went. After `timeout` the rest was not waited for. */
export type ShutdownOutcome =
  | { readonly kind: 'closed' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'failed'; readonly cause: unknown }

/** Closes, and waits for it no longer than that; never rejects. */
export const closeWithin = async (audit: Closable, timeout: number): Promise<ShutdownOutcome> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<ShutdownOutcome>((resolve) => {
    timer = setTimeout(resolve, timeout, { kind: 'timeout' })
  })
  try {
    return await Promise.race([closed(audit), late])
  } finally {
    clearTimeout(timer)
  }
}

const closed = async (audit: Closable): Promise<ShutdownOutcome> => {
  try {
    await audit.close()
    return { kind: 'closed' }
  } catch (cause) {
    return { kind: 'failed', cause }
  }
}

/**
 * Flushes when the event loop runs empty, and gives what takes that back. Once only: what a flush does
 * starts the loop again, so it would go round for ever.
 */
export const flushWhenEmpty = (audit: Closable): (() => void) => {
  const onEmpty = (): void => {
    audit.flush().catch(warn)
  }
  process.once('beforeExit', onEmpty)
  return () => process.removeListener('beforeExit', onEmpty)
}

/** What no caller is left to be given. */
export const warn = (error: unknown): void =>
  process.emitWarning(error instanceof Error ? error : String(error))
