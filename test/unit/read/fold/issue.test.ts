import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AuditEvent } from '../../../../src/event/schema.ts'
import { issueOf } from '../../../../src/read/fold/issue.ts'
import { eventsOf, inTwoOrders, t0 } from './events.ts'

const common: Partial<AuditEvent> = {
  kind: 'system',
  tenant: 'acme',
  targets: [{ type: 'issue', id: 'i1', name: 'Disk full' }],
}

const issue = (...all: readonly Partial<AuditEvent>[]) => eventsOf(common, all)

const failed = (more: object = {}): Partial<AuditEvent> => ({
  action: 'system.error',
  outcome: 'failure',
  data: more as AuditEvent['data'],
})
const grace = { type: 'user', id: 'u2', name: 'Grace' } as const
const resolve = (note?: string): Partial<AuditEvent> => ({
  action: 'system.resolve',
  outcome: 'success',
  actor: grace,
  data: { note },
})
const reopen: Partial<AuditEvent> = { action: 'system.reopen', outcome: 'success', actor: grace }

const stateOf = (...all: readonly Partial<AuditEvent>[]) => {
  const { state, regressed } = issueOf(issue(...all)) ?? {}
  return [state, regressed]
}

describe('an issue', () => {
  it('is not there without events', () => {
    expect(issueOf([])).toBeUndefined()
  })

  it('tells all that is known of it, as it last occurred', () => {
    const error = { type: 'Error', message: 'ENOSPC' }
    const events = issue(
      { ...failed({ title: 'Disk', severity: 'low', count: 3 }), request: { id: 'r1' } },
      {
        ...failed({
          title: 'Disk full',
          description: 'no room',
          severity: 'critical',
          code: 'ENOSPC',
          module: 'fs',
          function: 'write',
          line: 7,
          fingerprint: 'f',
        }),
        error,
      },
      resolve('a larger one'),
    )
    expect(issueOf(events)).toEqual({
      id: 'i1',
      tenant: 'acme',
      state: 'resolved',
      regressed: false,
      type: 'error',
      title: 'Disk full',
      description: 'no room',
      severity: 'critical',
      code: 'ENOSPC',
      module: 'fs',
      function: 'write',
      line: 7,
      fingerprint: 'f',
      error,
      count: 4,
      firstAt: t0,
      lastAt: t0 + 1_000,
      resolution: { by: grace, at: t0 + 2_000, note: 'a larger one' },
      reopening: undefined,
      requestIds: ['r1'],
    })
  })

  it.each(['error', 'warning', 'security', 'performance'])('is open after a %s', (type) => {
    expect(stateOf({ action: `system.${type}` })).toEqual(['open', false])
  })

  it.each(['info', 'maintenance'])('is noted after %s, and asks for nothing', (type) => {
    const note = { action: `system.${type}` }
    expect(stateOf(note)).toEqual(['noted', false])
    expect(stateOf(failed(), resolve(), note)).toEqual(['resolved', false])
    expect(issueOf(issue(note, note))?.count).toBe(2)
  })

  it('has regressed when it occurs after it was resolved', () => {
    expect(stateOf(failed(), resolve(), failed())).toEqual(['open', true])
    expect(stateOf(failed(), resolve(), failed(), resolve())).toEqual(['resolved', false])
    expect(issueOf(issue(failed(), resolve('done'), failed()))?.resolution?.note).toBe('done')
  })

  it('has not regressed when somebody opened it again', () => {
    expect(stateOf(failed(), resolve(), reopen)).toEqual(['open', false])
    expect(stateOf(failed(), resolve(), reopen, failed())).toEqual(['open', false])
    const view = issueOf(issue(failed(), resolve(), reopen))
    expect(view?.reopening).toEqual({ by: grace, at: t0 + 2_000, note: undefined })
  })

  it('is not resolved by an attempt that was denied', () => {
    expect(stateOf(failed(), { ...resolve(), outcome: 'denied' })).toEqual(['open', false])
    expect(stateOf(failed(), resolve(), { ...reopen, outcome: 'failure' })).toEqual([
      'resolved',
      false,
    ])
  })

  it.each([0, -1, '3', null, Number.NaN])('counts an occurrence once that says %j', (count) => {
    expect(issueOf(issue(failed({ count })))?.count).toBe(1)
  })

  it('comes out the same in whatever order its events come', () => {
    const any = fc.constantFrom(failed(), failed({ title: 'other', count: 2 }), resolve(), reopen, {
      action: 'system.info',
    })
    fc.assert(
      fc.property(inTwoOrders(common, any), ([events, others]) => {
        expect(issueOf(others)).toEqual(issueOf(events))
      }),
    )
  })
})
