import type { CheckedPolicy } from './policy.ts'

/**
 * A text that stays the same as long as the same rules say what may be deleted: whatever their order,
 * how often they are said, and where they stand. Of policies that delete nothing it is `[]`.
 */
export const fingerprint = (policies: readonly CheckedPolicy[]): string => {
  const rules = policies.flatMap(({ match, deleteAfter }) =>
    deleteAfter === undefined ? [] : [JSON.stringify([match, deleteAfter])],
  )
  return `[${[...new Set(rules)].toSorted().join(',')}]`
}
