/** A promise that the test settles. Faults and delays are placed by gates, never by a clock. */
export interface Gate<Value> {
  readonly passed: Promise<Value>
  open(value: Value): void
  fail(error: unknown): void
}

export const gate = <Value = void>(): Gate<Value> => {
  const { promise, resolve, reject } = Promise.withResolvers<Value>()
  // A gate that fails before anyone waits at it is no unhandled rejection.
  promise.catch(() => undefined)
  return { passed: promise, open: resolve, fail: reject }
}

/** One turn of the event loop: all microtasks, then what I/O has ready. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Turns the event loop until it is so; what never comes true is ended by the test's own time limit. */
export const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await turn()
}

/** Whether a promise is settled once everything that could run has run. */
export const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
  let settled = false
  const note = (): void => {
    settled = true
  }
  promise.then(note, note)
  for (let turns = 0; turns < 5; turns += 1) await turn()
  return settled
}
