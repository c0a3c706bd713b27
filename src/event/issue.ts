import type { Condition } from './condition.ts'
import type { Outcome } from './schema.ts'

/** What asks to be resolved. `system.info` and `system.maintenance` are noted, and ask nothing. */
export const OCCURRENCES = [
  'system.error',
  'system.warning',
  'system.security',
  'system.performance',
] as const

/** What a person did about an issue; only counts when it succeeded. */
export const RESOLVE = 'system.resolve'
export const REOPEN = 'system.reopen'

const occurrences: ReadonlySet<string> = new Set(OCCURRENCES)

/** Whether the event decides if its issue is open: the last one that does has the word. */
export const decides = ({
  action,
  outcome,
}: {
  readonly action: string
  readonly outcome: Outcome
}): boolean =>
  occurrences.has(action) || ((action === RESOLVE || action === REOPEN) && outcome === 'success')

/** The same as a condition. */
export const decisive: Condition = {
  or: [
    { column: 'action', in: OCCURRENCES },
    {
      and: [
        { column: 'action', in: [RESOLVE, REOPEN] },
        { column: 'outcome', in: ['success'] },
      ],
    },
  ],
}
