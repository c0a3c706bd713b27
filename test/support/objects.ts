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

/** The manifests that lie beside the objects, each once, in the order of their numbers. */
export const manifestsIn = (objects: MemoryObjects['objects']): readonly string[] => {
  const texts = [...objects.entries()]
    .filter(([path]) => path.startsWith('manifests/'))
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([, bytes]) => new TextDecoder().decode(bytes).trimEnd().split('\n'))
  return [...new Set(texts)]
}
