import type { EventRow } from '../../src/event/row.ts'
import { rowOf } from '../conformance/rows.ts'

const day = 86_400_000

/** The same events for the process that writes them and for the test that looks for them. */
export const batchOf = (batch: number, now: number): readonly EventRow[] =>
  Array.from({ length: 20 }, (_, place) => {
    const id = `${String(batch).padStart(8, '0')}-0000-7000-8000-${String(place).padStart(12, '0')}`
    return rowOf({
      id,
      // By turns old enough for the archive and not, of three tenants.
      occurredAt: now - (((batch + place) % 8) * 20 + 5) * day - place,
      tenant: ['a', 'b', null][place % 3] ?? null,
      record: JSON.stringify({ id, text: `é 👍 \u2028 ${batch} '"` }),
    })
  })
