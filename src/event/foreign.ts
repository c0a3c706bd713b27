/**
 * What stands for an object of the platform or of the app: the value itself when it is plain. May
 * throw what the app's own code throws.
 */
export const unwrap = (value: object): unknown => {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    if (value instanceof Date && Number.isNaN(value.getTime())) return 'Invalid Date'
    if (value instanceof Set) return [...value]
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
      return `[${value.byteLength} bytes]`
    if (value instanceof Error) return { message: value.message, type: value.name }
    if (value instanceof RegExp) return String(value)
    if (typeof Blob === 'function' && value instanceof Blob) return blobFacts(value)
    if (value instanceof Map) return Object.fromEntries(value)
    if (isMultiMap(value)) return multiMap(value)
  }
  // Also a Date and a URL.
  return 'toJSON' in value && typeof value.toJSON === 'function' ? value.toJSON() : value
}

/** What a file is called and how large it is, never what is in it. */
const blobFacts = (blob: Blob): object => ({
  size: blob.size,
  type: blob.type,
  name: 'name' in blob ? blob.name : undefined,
})

const isMultiMap = (value: object): value is Headers | URLSearchParams | FormData =>
  value instanceof URLSearchParams || value instanceof Headers || value instanceof FormData

const multiMap = (entries: Iterable<[string, unknown]>): object => {
  const map = new Map<string, unknown[]>()
  for (const [key, value] of entries) {
    const values = map.get(key)
    if (values === undefined) map.set(key, [value])
    else values.push(value)
  }
  return Object.fromEntries(map)
}
