/**
 * A function that is asked once for each text. Texts are attacker's input: what is remembered is
 * bounded by count and by their length.
 */
export const remembering = <Value>(
  ask: (text: string) => Value,
  most: number,
  longest: number,
): ((text: string) => Value) => {
  const known = new Map<string, Value>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined || known.has(text)) return found as Value
    const value = ask(text)
    if (text.length > longest) return value
    if (known.size >= most) known.clear()
    known.set(text, value)
    return value
  }
}
