import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Condition } from '../../../../src/event/condition.ts'
import { withArchive } from '../../../../src/archive.ts'
import type { EventSelection } from '../../../../src/ports/store.ts'
import { readAll } from '../../../conformance/reading.ts'
import { idAt, rowOf } from '../../../conformance/rows.ts'
import { anyMoment, anySpan, archiveMost, day, now, twins } from './twins.ts'

const anyEvent = fc.record({
  ...anyMoment,
  kind: fc.constantFrom('request', 'custom', 'auth'),
  action: fc.constantFrom('post.view', 'post.edit', 'user.view'),
  durationMs: fc.integer({ min: 0, max: 100 }),
})

const anySelection: fc.Arbitrary<EventSelection> = fc.record(
  {
    tenant: fc.constantFrom('a', 'b', null),
    kind: fc.constantFrom('request', 'auth'),
    action: fc.constantFrom('post.view', 'none'),
    ...anySpan,
    where: fc.constantFrom<Condition>(
      { column: 'tenant', in: ['a', null] },
      { column: 'action', prefix: 'post.' },
      { column: 'kind', in: ['custom', 'auth'] },
      { not: { column: 'kind', in: ['request'] } },
      {
        or: [
          { column: 'kind', in: ['auth'] },
          { column: 'tenant', in: ['b'] },
        ],
      },
      { and: [{ column: 'tenant', in: ['b'] }, { not: { column: 'outcome', in: ['failure'] } }] },
    ),
  },
  { requiredKeys: [] },
)

/** Two of the same events: one store keeps them all, the other archives and holds some. */
const both = async (
  events: readonly (typeof anyEvent extends fc.Arbitrary<infer Event> ? Event : never)[],
) => {
  const rows = events.map(({ age, ms, durationMs, ...columns }) => {
    const occurredAt = now - age * day - ms
    const id = idAt(occurredAt)
    const record = JSON.stringify({ id, data: { durationMs } })
    return rowOf({ ...columns, id, occurredAt, record })
  })
  const made = await twins(rows)
  await archiveMost(made, { archiveAfter: '90d', segmentRows: 3 })
  const { all, live, audit, objects } = made
  return { all, live, source: withArchive(audit, { archive: objects }).store() }
}

describe('the archive, read with what is live', () => {
  it('is read as if nothing had been archived, whatever is asked, in either order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyEvent, { minLength: 1, maxLength: 30 }),
        anySelection,
        fc.constantFrom('newest' as const, 'oldest' as const),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(1, 4, undefined),
        async (events, selection, order, limit, scan) => {
          const { all, live, source } = await both(events)
          const query = { ...selection, order, limit }
          const expected = await readAll(all, query)
          expect(await readAll(source, { ...query, scan })).toEqual(expected)
          const { count: inLive } = await live.count({ ...selection, limit: 1_000 })
          for (const most of [1_000, limit, Math.max(1, inLive)])
            expect(await source.count({ ...selection, limit: most })).toEqual({
              count: Math.min(most, expected.length),
              more: expected.length > most,
            })
          for (const row of expected) expect(await source.get(row.id)).toEqual(row)
        },
      ),
      { numRuns: 300 },
    )
  }, 60_000)

  it('is counted as if nothing had been archived', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyEvent, { minLength: 1, maxLength: 30 }), async (events) => {
        const { all, source } = await both(events)
        const query = { from: now - 250 * day, to: now + 1, top: 10 }
        for (const tenant of ['a', null, undefined]) {
          const counted = await source.summary({ ...query, tenant })
          expect(counted).toEqual(
            expect.arrayContaining([...(await all.summary({ ...query, tenant }))]),
          )
        }
      }),
      { numRuns: 50 },
    )
  }, 60_000)
})
