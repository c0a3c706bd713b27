import { peek } from '../runtime/ambient.ts'

/**
 * Runs a function and tells how it ended: at once, or when its promise does. What comes back is what
 * it gave, and what it throws is thrown on.
 */
export const settle = <Result>(
  fn: () => Result,
  succeeded: (value: Awaited<Result>) => void,
  failed: (thrown: unknown) => void,
): Result => {
  let result: Result
  try {
    result = fn()
  } catch (error) {
    failed(error)
    throw error
  }
  const then = peek(result, 'then')
  if (typeof then !== 'function') {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what has no `then` is what awaiting it gives
    succeeded(result as Awaited<Result>)
    return result
  }
  // Asked once: a query of Drizzle runs again each time. A promise of what it resolves to stands for it.
  const asked = new Promise<Awaited<Result>>((resolve, reject) => {
    Reflect.apply(then, result, [resolve, reject])
  })
  const ended: unknown = asked.then(
    (value) => {
      succeeded(value)
      return value
    },
    (error: unknown) => {
      failed(error)
      throw error
    },
  )
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a promise of the same value
  return ended as Result
}
