/**
 * The result of some work, or `aborted()` thrown as soon as the signal says so: the work itself may go
 * on, and what becomes of it is nobody's concern.
 */
export const unlessAborted = async <Result>(
  work: () => Promise<Result>,
  signal: AbortSignal | undefined,
  aborted: () => Error,
): Promise<Result> => {
  if (signal === undefined) return work()
  if (signal.aborted) throw aborted()
  let abort = (): void => {}
  const stopped = new Promise<never>((_, reject) => {
    abort = () => reject(aborted())
  })
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work(), stopped])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
