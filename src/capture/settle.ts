import { property } from '../runtime/ambient.ts'

/**
 * Runs a function and tells how it ended: at once, or when its promise does. What comes back is what
 * it gave, and what it throws is thrown on.
 */
export const settle = <Result>(
  fn: () => Result,
  end: (failed: boolean, value: unknown) => void,
): Result => {
  let result: Result
  try {
    result = fn()
  } catch (error) {
    end(true, error)
    throw error
  }
  const then = property(result, 'then')
  if (typeof then !== 'function') {
    end(false, result)
    return result
  }
  // Asked once: a query of Drizzle runs again each time. A promise of what it resolves to stands for it.
  const ended: unknown = new Promise((resolve, reject) => {
    Reflect.apply(then, result, [resolve, reject])
  }).then(
    (value: unknown) => {
      end(false, value)
      return value
    },
    (error: unknown) => {
      end(true, error)
      throw error
    },
  )
  return ended as Result
}
