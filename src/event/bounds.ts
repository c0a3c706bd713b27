import type { Condition } from './condition.ts'

/** All of which each must be true. */
export const conjuncts = (condition: Condition): readonly Condition[] =>
  'and' in condition ? condition.and.flatMap(conjuncts) : [condition]

interface Asked {
  readonly tenant?: string | null | undefined
  readonly kind?: string | undefined
  readonly kinds?: readonly string[] | undefined
  readonly where?: Condition | undefined
}

/** The values of a column that a question does not go beyond; undefined for all of them. */
const valuesIn = (
  column: 'tenant' | 'kind',
  { [column]: only, where }: Asked,
): readonly (string | null)[] | undefined => {
  const named = (where === undefined ? [] : conjuncts(where)).flatMap((one) =>
    'column' in one && one.column === column && 'in' in one ? [one.in] : [],
  )
  const [first, ...more] = only === undefined ? named : [[only], ...named]
  return first
    ?.filter((value) => more.every((list) => list.includes(value)))
    .filter((value) => typeof value !== 'number')
}

/** The tenants that a question does not go beyond; undefined for all of them. */
export const tenantsIn = (asked: Asked): readonly (string | null)[] | undefined =>
  valuesIn('tenant', asked)

/** The kinds that a question does not go beyond; undefined for all of them. */
export const kindsIn = (asked: Asked): readonly (string | null)[] | undefined => {
  const named = valuesIn('kind', asked)
  return named?.filter((kind) => asked.kinds?.includes(String(kind)) ?? true) ?? asked.kinds
}
