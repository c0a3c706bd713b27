// Archives some events, in the time zone in which it is run, and says where they lie; run by
// clock.test.ts. They lie around days that a zone skipped, or on which its clocks were changed.
import { writeSync } from 'node:fs'
import { desk } from './desk.ts'

const hour = 3_600_000
const { write, keep, entries } = desk()
const days = ['2011-12-30', '2024-02-29', '2025-03-09', '2025-11-02'].map((date) =>
  Date.parse(date),
)
await write(
  days.flatMap((at) =>
    [-14, -10, -5, -1, 0, 1, 5, 10, 13, 23].map((hours) => ({ occurredAt: at + hours * hour })),
  ),
)
const { moved, segments } = await keep({ archiveAfter: '6mo', deleteAfter: '50y' })
writeSync(1, `${moved} ${segments}\n`)
for (const { place, firstAt, lastAt, count, id } of await entries())
  writeSync(1, `${place.replace(id, '')} ${firstAt} ${lastAt} ${count}\n`)
