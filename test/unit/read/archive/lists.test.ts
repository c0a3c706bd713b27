import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Fence, reader } from '../../../../src/read/page.ts'
import type { Reading } from '../../../../src/read/reading.ts'
import { issues, type ListOptions, processes } from '../../../../src/read/views.ts'
import { anyThings, bothOf } from './things.ts'
import { anySpan, now } from './twins.ts'

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

/** Perhaps not for everybody. */
const anyFence = fc.constantFrom<Fence>(
  { tenants: 'all' },
  { tenant: 'a' },
  { tenants: ['a', null], actors: ['u1'] },
  { tenants: 'all', actors: ['u2'] },
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
      fc.asyncProperty(anyThings, anyOptions, anyFence, async (events, asked, fence) => {
        const to = asked.to ?? now + 1
        const [all, archived] = await bothOf(events)
        const listed = (audit: Reading) =>
          everyOne(
            (next) => processes(reader(audit, fence), { ...asked, to, next }),
            (page) => page.processes,
          )
        expect(await listed(archived)).toEqual(await listed(all))
      }),
      { numRuns: 150 },
    )
  })

  it('shows each issue once, by the state it has, as if nothing had been archived', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyThings,
        anyOptions,
        fc.constantFrom('open' as const, 'resolved' as const, 'noted' as const, undefined),
        anyFence,
        async (events, asked, state, fence) => {
          const to = asked.to ?? now + 1
          const [all, archived] = await bothOf(events)
          const listed = (audit: Reading) =>
            everyOne(
              (next) => issues(reader(audit, fence), { ...asked, state, to, next }),
              (page) => page.issues,
            )
          expect(await listed(archived)).toEqual(await listed(all))
        },
      ),
      { numRuns: 150 },
    )
  })

  it('shows more things at once than a database is asked for at a time', async () => {
    const ids = Array.from({ length: 130 }, (_, place) => `${place}`)
    const moment = { ms: 0, tenant: 'a', outcome: 'success', actorId: 'u1' } as const
    const about = { about: ['process'] as 'process'[], issue: 'system.error' } as const
    const [all, archived] = await bothOf(
      ids.flatMap((targetId) => [
        { ...moment, ...about, targetId, age: 100, phase: 'started' as const },
        { ...moment, ...about, targetId, age: 1, phase: 'registered' as const },
      ]),
    )
    const asked = { tenant: 'a', limit: 100, to: now }
    const { processes: shown } = await processes(archived, asked)
    expect(shown).toHaveLength(100)
    expect(shown.every(({ steps }) => steps[0]?.expects === 2)).toBe(true)
    expect(shown).toEqual((await processes(all, asked)).processes)
  })
})
