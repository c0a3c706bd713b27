import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Reading } from '../../../../src/read/reading.ts'
import { report } from '../../../../src/read/report/report.ts'
import { collected } from '../report/collected.ts'
import { anyThings, bothOf } from './things.ts'
import { day, now } from './twins.ts'

/** What a report shows, tells and hands out. */
const printed = async (audit: Reading, kind: 'process' | 'system', from: number) => {
  const made = await report(audit, kind, { now: now + 1, from })
  const records: string[] = []
  made.onRecords((some) => records.push(...some))
  const { text } = await collected(made)
  return { text, records, events: made.events() }
}

describe('a report over live and archived events', () => {
  it.each(['process', 'system'] as const)(
    'tells of a %s what it is made of, as if nothing had been archived',
    async (kind) => {
      await fc.assert(
        fc.asyncProperty(anyThings, fc.integer({ min: 1, max: 220 }), async (events, age) => {
          const [all, archived] = await bothOf(events)
          const from = now - age * day
          expect(await printed(archived, kind, from)).toEqual(await printed(all, kind, from))
        }),
        { numRuns: 50 },
      )
    },
    60_000,
  )
})
