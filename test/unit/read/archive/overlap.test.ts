import { describe, expect, it } from 'vitest'
import { withArchive } from '../../../../src/archive.ts'
import { keep } from '../../../../src/keep/keep.ts'
import { summary } from '../../../../src/read/summary.ts'
import { processes } from '../../../../src/read/views.ts'
import { readAll } from '../../../conformance/reading.ts'
import { idAt, idsOf, rowOf } from '../../../conformance/rows.ts'
import { ambient, day, now, twins } from './twins.ts'

describe('objects that reach over the same time', () => {
  it('are read to their end, though they are more than a page opens', async () => {
    const rows = Array.from({ length: 1_100 }, (_, place) =>
      [0, 3_600_000].map((ms) =>
        rowOf({ tenant: `t${place}`, occurredAt: now - 100 * day + ms + place }),
      ),
    ).flat()
    const { all, objects, audit } = await twins(rows)
    await keep(audit, { archiveAfter: '90d', to: objects, ambient })
    const archive = withArchive(audit, { archive: objects })
    const query = { limit: 1_000, order: 'newest' } as const
    const read = idsOf(await readAll(archive.store(), query))
    expect(read).toEqual(idsOf(await readAll(all, query)))
    const counted = await summary(archive, { from: now - 101 * day, to: now })
    expect(counted.actions.total).toBe(2_200)
  }, 60_000)

  it('show a thing at its last event, whichever of them has that', async () => {
    const at = now - 100 * day
    const eventOf = (targetId: string, ms: number, outcome: 'success' | 'failure') => {
      const id = idAt(at + ms)
      const target = { type: 'process', id: targetId }
      const columns = { id, occurredAt: at + ms, kind: 'process', action: 'p', outcome } as const
      const record = JSON.stringify({
        v: 1,
        ...columns,
        tenant: null,
        actor: { type: 'user', id: 'u1' },
        targets: [target],
        data: { phase: 'registered', step: 'one' },
      })
      return rowOf({ ...columns, targetType: 'process', targetId, record })
    }
    // Two policies make two objects of the day.
    const { kept, objects, audit } = await twins([
      ...['a', 'b', 'c'].map((id, place) => eventOf(id, 10 * (place + 1), 'success')),
      eventOf('a', 15, 'failure'),
      eventOf('a', 50, 'failure'),
      eventOf('b', 60, 'failure'),
    ])
    const early = { policies: [{ outcome: 'success', archiveAfter: '90d' }] } as const
    await keep(audit, { ...early, to: objects, ambient })
    await keep(audit, { archiveAfter: '90d', to: objects, ambient })
    const names = async (source: typeof kept) => {
      const ids: string[] = []
      for (let next: string | null | undefined; next !== null;) {
        const page = await processes(source, { order: 'oldest', limit: 1, to: now, next })
        ids.push(...page.processes.map(({ id }) => id))
        next = page.next
      }
      return ids
    }
    expect(await names(kept)).toEqual(['c', 'a', 'b'])
    expect(await names(withArchive(audit, { archive: objects }) as typeof kept)).toEqual([
      'c',
      'a',
      'b',
    ])
  })
})
