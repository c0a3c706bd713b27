// JSON has no words for some numbers. They are texts then, which `Number` knows.

/** A number as JSON can say it: `NaN`, `Infinity`, `-Infinity` and `-0` are texts. */
export const numberText = (value: number): number | string => {
  if (Object.is(value, -0)) return '-0'
  return Number.isFinite(value) ? value : String(value)
}

const unsayable = new Map(
  ['NaN', 'Infinity', '-Infinity', '-0'].map((text) => [text, Number(text)] as const),
)

/** The number that {@link numberText} gave; undefined for anything else. */
export const numberOf = (value: unknown): number | undefined => {
  if (typeof value === 'string') return unsayable.get(value)
  return typeof value === 'number' ? value : undefined
}
