/** The one spelling of an action: trimmed, lower case, runs of spaces as `_`. */
export const normaliseAction = (action: string): string =>
  action.trim().toLowerCase().replaceAll(/\s+/g, '_')

/** Apps have a few dozen actions; what is remembered is bounded all the same, by count and by length. */
const REMEMBERED = 500
const REMEMBERED_LENGTH = 256

/** A normaliser that is asked once for each spelling. */
export const remembering = (
  normalise: (action: string) => string,
): ((action: string) => string) => {
  const known = new Map<string, string>()
  return (action) => {
    const found = known.get(action)
    if (found !== undefined) return found
    const name = normalise(action)
    if (action.length > REMEMBERED_LENGTH) return name
    if (known.size >= REMEMBERED) known.clear()
    known.set(action, name)
    return name
  }
}
