import type { ObjectStore } from '../../src/ports/archive.ts'

export interface MemoryObjects extends ObjectStore {
  readonly objects: ReadonlyMap<string, Uint8Array<ArrayBuffer>>
}

/** Objects in memory. */
export const memoryObjects = (): MemoryObjects => {
  const objects = new Map<string, Uint8Array<ArrayBuffer>>()
  return {
    objects,
    put: async (path, bytes) => {
      objects.set(path, bytes.slice())
    },
    get: async (path) => objects.get(path)?.slice(),
    remove: async (path) => {
      objects.delete(path)
    },
    list: async function* (prefix) {
      yield* [...objects.keys()].filter((path) => path.startsWith(prefix)).toSorted()
    },
  }
}
