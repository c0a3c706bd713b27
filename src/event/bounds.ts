import type { Condition } from './condition.ts'

/** All of which each must be true. */
export const conjuncts = (condition: Condition): readonly Condition[] =>
  'and' in condition ? condition.and.flatMap(conjuncts) : [condition]

/** The tenants that a question does not go beyond; undefined for all of them. */
export const tenantsIn = ({
  tenant,
  where,
}: {
  readonly tenant?: string | null | undefined
  readonly where?: Condition | undefined
}): readonly (string | null)[] | undefined => {
  const named = (where === undefined ? [] : conjuncts(where)).flatMap((one) =>
    'column' in one && one.column === 'tenant' && 'in' in one ? [one.in] : [],
  )
  const [first, ...more] = tenant === undefined ? named : [[tenant], ...named]
  return first
    ?.filter((value) => more.every((list) => list.includes(value)))
    .filter((value) => typeof value !== 'number')
}
