/** What lies at a path of something that others made; undefined where there is nothing. Never throws. */
export const at = (value: unknown, ...path: readonly string[]): unknown => {
  let found = value
  for (const name of path) {
    if ((typeof found !== 'object' && typeof found !== 'function') || found === null)
      return undefined
    try {
      found = Reflect.get(found, name)
    } catch {
      // A getter that throws: there is nothing that could be told of it.
      return undefined
    }
  }
  return found
}

/** The same as text; undefined for what is neither a text nor a number. */
export const textAt = (value: unknown, ...path: readonly string[]): string | undefined => {
  const found = at(value, ...path)
  if (typeof found === 'number') return String(found)
  return typeof found === 'string' && found !== '' ? found : undefined
}
