/**
 * Members by name, laid over others. They are read when they are written: a getter is asked once, and
 * by the redactor, which outlives one that throws.
 */
export const membersOf = (
  from: object,
  names: readonly string[],
  under: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => {
  const members: Record<string, unknown> = { ...under }
  for (const name of names) {
    Object.defineProperty(members, name, {
      configurable: true,
      enumerable: true,
      get: (): unknown => Reflect.get(from, name),
    })
  }
  return members
}
