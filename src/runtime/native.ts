import { builtin, property } from './ambient.ts'

export type Native = (...given: readonly unknown[]) => unknown

const isNative = (value: unknown): value is Native => typeof value === 'function'

const found = new WeakMap<object, boolean>()

/**
 * Whether a part of the platform does what it should, which is tried once. A module by a known name that
 * cannot do it is as good as none.
 */
export const works = (part: object, tried: () => boolean): boolean => {
  const known = found.get(part)
  if (known !== undefined) return known
  let does = false
  try {
    does = tried()
  } catch {
    // It does not.
  }
  found.set(part, does)
  return does
}

/** A function of the platform's `node:zlib`, where it has it. */
export const zlib = (name: string): Native | undefined => {
  const named = property(builtin('node:zlib'), name)
  return isNative(named) ? named : undefined
}
