/** Lays what was given over the defaults; what was given as undefined covers nothing. */
export const fill = <Values extends object>(
  under: Values,
  over: { readonly [Name in keyof Values]?: Values[Name] | undefined } | undefined,
): Values => {
  const filled = { ...under }
  for (const name in over) {
    const value = over[name]
    if (value !== undefined) filled[name] = value
  }
  return filled
}
