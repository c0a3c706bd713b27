import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { summary } from '../../../../src/read/summary.ts'
import { anySummary, anyThings, bothOf } from './things.ts'
import { day, now } from './twins.ts'

describe('a summary over live and archived events', () => {
  it('counts states that began before its span, as if nothing had been archived', async () => {
    await fc.assert(
      fc.asyncProperty(anyThings, anySummary, async (events, query) => {
        fc.pre(Number(query.from) < Number(query.to))
        const [all, archived] = await bothOf(events)
        expect(await summary(archived, query)).toEqual(await summary(all, query))
      }),
      { numRuns: 200 },
    )
  }, 60_000)

  it('knows an issue that is open for long, and a process that began long ago', async () => {
    const moment = { ms: 0, tenant: 'a', outcome: 'success', actorId: 'u1', targetId: '1' } as const
    const [, archived] = await bothOf([
      { ...moment, about: ['process', 'issue'], age: 150, phase: 'ended', issue: 'system.error' },
      { ...moment, about: ['process'], age: 1, phase: 'registered', issue: 'system.error' },
    ])
    const counted = await summary(archived, { tenant: 'a', from: now - 30 * day, to: now })
    expect(counted).toMatchObject({
      actions: { total: 1 },
      unresolved: 1,
      processes: { succeeded: 1, failed: 0, incomplete: 0, pending: 0 },
    })
  })

  it('counts what is live and archived once', async () => {
    const moment = { ms: 0, tenant: 'a', outcome: 'success', actorId: 'u1', targetId: '1' } as const
    const issue = 'system.info'
    const [, archived] = await bothOf([
      { ...moment, about: ['process'], age: 125, phase: 'started', issue },
      { ...moment, about: ['process'], age: 110, phase: 'registered', issue },
      { ...moment, about: ['process'], age: 1, phase: 'ended', issue },
    ])
    const counted = await summary(archived, { tenant: 'a', from: now - 30 * day, to: now })
    expect(counted.processes).toEqual({ succeeded: 0, failed: 0, incomplete: 1, pending: 0 })
  })
})
