import { builtin, property } from './ambient.ts'

export type Native = (...given: readonly unknown[]) => unknown

const isNative = (value: unknown): value is Native => typeof value === 'function'

/** A function of the platform's `node:zlib`, where it has it. */
export const zlib = (name: string): Native | undefined => {
  const found = property(builtin('node:zlib'), name)
  return isNative(found) ? found : undefined
}
