import * as fc from 'fast-check'
import { withArchive } from '../../../../src/archive.ts'
import type { SpanQuery } from '../../../../src/read/summary.ts'
import type { Reading } from '../../../../src/read/reading.ts'
import { idAt, rowOf } from '../../../conformance/rows.ts'
import { anyMoment, anySpan, archiveMost, day, now, type Open, twins } from './twins.ts'

const anyEvent = fc.record({
  ...anyMoment,
  about: fc.subarray(['process', 'issue'] as const, { minLength: 1 }),
  actorId: fc.constantFrom('u1', 'u2'),
  targetId: fc.constantFrom<string>('1', '2', '3'),
  phase: fc.constantFrom('started', 'registered', 'ended'),
  issue: fc.constantFrom('system.error', 'system.info', 'system.resolve', 'system.reopen'),
})

const marks = {
  started: { steps: [{ name: 'one', expects: 2 }] },
  registered: { step: 'one' },
  ended: {},
}

export const anyThings = fc.array(anyEvent, { minLength: 1, maxLength: 20 })

type Event = typeof anyEvent extends fc.Arbitrary<infer One> ? One : never

/** Events of processes and of issues, in one store that keeps them, and in another that archives most. */
export const bothOf = async (
  events: readonly Event[],
  open?: Open,
): Promise<readonly [Reading, Reading]> => {
  const rows = events.flatMap(
    ({ about, age, ms, phase, issue, tenant, targetId, outcome, actorId }) =>
      about.map((targetType) => {
        const occurredAt = now - age * day - ms
        const id = idAt(occurredAt)
        const action = targetType === 'process' ? `process.${phase}` : issue
        const kind = targetType === 'process' ? 'process' : 'system'
        const data = targetType === 'process' ? { phase, ...marks[phase] } : { title: 'it' }
        const at = { id, occurredAt, kind, action, outcome, tenant } as const
        const actor = { type: 'user', id: actorId }
        const targets = [{ type: targetType, id: targetId }]
        const record = JSON.stringify({ v: 1, ...at, actor, targets, data })
        return rowOf({ ...at, actorId, targetType, targetId, record })
      }),
  )
  const made = await twins(rows, open)
  // One outcome stays longer, so that what is archived is not all older than what is live.
  const policies = [{ archiveAfter: '60d' }, { outcome: 'failure', archiveAfter: '120d' }] as const
  await archiveMost(made, { policies, segmentRows: 4 })
  return [made.kept, withArchive(made.audit, { archive: made.objects })]
}

export const anySummary: fc.Arbitrary<SpanQuery> = fc.record(
  {
    ...anySpan,
    tenant: fc.constantFrom('a', null),
    actor: fc.constantFrom({ id: 'u1' }, { id: 'u2', type: 'user' }),
  },
  { requiredKeys: ['from', 'to'] },
)
