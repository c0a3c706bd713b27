import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withArchive } from '../../../../src/archive.ts'
import { keep } from '../../../../src/keep/keep.ts'
import type { Reading } from '../../../../src/read/reading.ts'
import { issues, type ListOptions, processes } from '../../../../src/read/views.ts'
import { idAt, rowOf } from '../../../conformance/rows.ts'
import { ambient, anyMoment, anySpan, day, now, twins } from './twins.ts'

const anyEvent = fc.record({
  ...anyMoment,
  targetId: fc.constantFrom('1', '2', '3'),
  phase: fc.constantFrom('start', 'step', 'end'),
  issue: fc.constantFrom('system.error', 'system.info', 'system.resolve', 'system.reopen'),
})

type Event = typeof anyEvent extends fc.Arbitrary<infer One> ? One : never

/** Events of processes and of issues, in one store that keeps them, and in another that archives most. */
const both = async (events: readonly Event[]): Promise<readonly [Reading, Reading]> => {
  const rows = events.flatMap(({ age, ms, phase, issue, tenant, targetId, outcome }) =>
    (['process', 'issue'] as const).map((targetType) => {
      const occurredAt = now - age * day - ms
      const id = idAt(occurredAt)
      const action = targetType === 'process' ? `process.${phase}` : issue
      const kind = targetType === 'process' ? 'process' : 'system'
      const data = targetType === 'process' ? { phase, step: 'one' } : { title: 'it' }
      const at = { id, occurredAt, kind, action, outcome, tenant } as const
      const actor = { type: 'user', id: 'u1' }
      const targets = [{ type: targetType, id: targetId }]
      const record = JSON.stringify({ v: 1, ...at, actor, targets, data })
      return rowOf({ ...at, targetType, targetId, record })
    }),
  )
  const { objects, kept, audit } = await twins(rows)
  // One outcome stays longer, so that what is archived is not all older than what is live.
  await keep(audit, {
    policies: [{ archiveAfter: '60d' }, { outcome: 'failure', archiveAfter: '120d' }],
    to: objects,
    segmentRows: 4,
    ambient,
  })
  return [kept, withArchive(audit, { archive: objects })]
}

const anyOptions: fc.Arbitrary<ListOptions> = fc.record(
  {
    tenant: fc.constantFrom('a', null),
    ...anySpan,
    order: fc.constantFrom('newest' as const, 'oldest' as const),
    limit: fc.integer({ min: 1, max: 5 }),
    most: fc.integer({ min: 1, max: 4 }),
  },
  { requiredKeys: [] },
)

/** All pages of a list. */
const everyOne = async <Page extends { readonly next: string | null }, View>(
  list: (next: string | null) => Promise<Page>,
  viewsOf: (page: Page) => readonly View[],
): Promise<readonly View[]> => {
  const views: View[] = []
  for (let next: string | null | undefined; next !== null;) {
    const page = await list(next ?? null)
    views.push(...viewsOf(page))
    next = page.next
  }
  return views
}

describe('a list of things over live and archived events', () => {
  it('shows each process once, as if nothing had been archived', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyEvent, { minLength: 1, maxLength: 20 }),
        anyOptions,
        async (events, asked) => {
          const to = asked.to ?? now + 1
          const [all, archived] = await both(events)
          const listed = (audit: Reading) =>
            everyOne(
              (next) => processes(audit, { ...asked, to, next }),
              (page) => page.processes,
            )
          expect(await listed(archived)).toEqual(await listed(all))
        },
      ),
      { numRuns: 150 },
    )
  })

  it('shows each issue once, by the state it has, as if nothing had been archived', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyEvent, { minLength: 1, maxLength: 20 }),
        anyOptions,
        fc.constantFrom('open' as const, 'resolved' as const, 'noted' as const, undefined),
        async (events, asked, state) => {
          const to = asked.to ?? now + 1
          const [all, archived] = await both(events)
          const listed = (audit: Reading) =>
            everyOne(
              (next) => issues(audit, { ...asked, state, to, next }),
              (page) => page.issues,
            )
          expect(await listed(archived)).toEqual(await listed(all))
        },
      ),
      { numRuns: 150 },
    )
  })
})
