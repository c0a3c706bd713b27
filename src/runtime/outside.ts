import { asyncStorage, property } from './ambient.ts'

type Run = <Result>(fn: () => Result) => Result

const contextOfNow = (): Run => {
  const storage = asyncStorage()
  const snapshot = property(storage, 'snapshot')
  const run: unknown =
    typeof snapshot === 'function' ? Reflect.apply(snapshot, storage, []) : undefined
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the platform's, known by its standard shape
  return typeof run === 'function' ? (run as Run) : (fn) => fn()
}

/**
 * Runs a function outside of every request: in the async context in which this module was loaded. Whatever is
 * imported when it is needed is imported so: Deno 2.9 takes the context of an `import()` for that of all
 * that comes after it, and events of nobody would be those of a request that is long over.
 * @see https://github.com/denoland/deno_core/pull/888
 */
export const outside: Run = contextOfNow()
