import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AuditEvent } from '../../../../src/event/schema.ts'
import { processOf } from '../../../../src/read/fold/process.ts'
import { eventsOf, inTwoOrders, t0 } from './events.ts'

const common: Partial<AuditEvent> = {
  kind: 'process',
  action: 'product.create',
  targets: [{ type: 'process', id: 'p1', name: 'Create a product' }],
}

const process = (...all: readonly Partial<AuditEvent>[]) => eventsOf(common, all)

const started = (...steps: readonly unknown[]): Partial<AuditEvent> => ({
  data: { phase: 'started', steps, description: 'a chair', parent: 'p0' },
})

const registered = (
  outcome: AuditEvent['outcome'],
  step: string,
  more: object = {},
): Partial<AuditEvent> => ({ outcome, data: { phase: 'registered', step, ...more } })

const ended: Partial<AuditEvent> = { data: { phase: 'ended' } }

const stateOf = (...all: readonly Partial<AuditEvent>[]) => processOf(process(...all))?.state

const stepsOf = (...all: readonly Partial<AuditEvent>[]) =>
  processOf(process(...all))?.steps.map(({ name, state }) => [name, state])

describe('a process', () => {
  it('is not there without events', () => {
    expect(processOf([])).toBeUndefined()
  })

  it('tells all that is known of it', () => {
    const error = { type: 'Error', message: 'no room' }
    const ada = { type: 'user', id: 'u1', name: 'Ada' } as const
    const robot = { type: 'service', id: 'u1' } as const
    const [start, failure, success, end] = process(
      { ...started({ name: 'stock', expects: 1, description: 'Put it there' }), actor: ada },
      {
        ...registered('failure', 'stock', { name: 'shelf', durationMs: 1.5 }),
        error,
        actor: robot,
      },
      {
        ...registered('success', 'stock', { name: 'shelf', description: 'upper', durationMs: 2 }),
        actor: { ...ada, name: 'Ada L.' },
        request: { id: 'r1' },
      },
      { ...ended, actor: ada, request: { id: 'r1' } },
    )
    const events = [start, failure, success, end].filter((event) => event !== undefined)
    expect(processOf(events)).toEqual({
      id: 'p1',
      name: 'Create a product',
      tenant: null,
      description: 'a chair',
      parent: 'p0',
      state: 'succeeded',
      steps: [
        {
          name: 'stock',
          description: 'Put it there',
          expects: 1,
          declared: true,
          state: 'succeeded',
          successes: 1,
          durationMs: 3.5,
          registrations: [
            {
              id: failure?.id,
              at: t0 + 1_000,
              outcome: 'failure',
              name: 'shelf',
              description: undefined,
              durationMs: 1.5,
              error,
              actor: robot,
              requestId: undefined,
            },
            {
              id: success?.id,
              at: t0 + 2_000,
              outcome: 'success',
              name: 'shelf',
              description: 'upper',
              durationMs: 2,
              error: undefined,
              actor: { ...ada, name: 'Ada L.' },
              requestId: 'r1',
            },
          ],
        },
      ],
      startedAt: t0,
      endedAt: t0 + 3_000,
      lastAt: t0 + 3_000,
      durationMs: 3_000,
      actors: [ada, robot],
      requestIds: ['r1'],
    })
  })

  it('is never a success when nothing ran', () => {
    expect(stateOf(started())).toBe('pending')
    expect(stateOf(started(), ended)).toBe('incomplete')
    expect(stateOf(registered('unknown', 's'))).toBe('pending')
    expect(stateOf(started({ name: 's' }))).toBe('pending')
  })

  it('waits for every declared step, and is incomplete when it ends before', () => {
    const steps = started({ name: 's' }, { name: 't' })
    const one = registered('success', 's')
    expect(stateOf(steps, one)).toBe('pending')
    expect(stateOf(steps, one, ended)).toBe('incomplete')
    expect(stateOf(steps, one, registered('success', 't'))).toBe('succeeded')
  })

  it('wants as many successes as a step expects, of whatever names', () => {
    const step = started({ name: 's', expects: 2 })
    const one = registered('success', 's', { name: 'a' })
    expect(stepsOf(step, one)).toEqual([['s', 'pending']])
    expect(stepsOf(step, one, registered('success', 's'))).toEqual([['s', 'succeeded']])
  })

  it('forgives a failure only when the same name succeeds later', () => {
    const failed = registered('failure', 's', { name: 'a' })
    const step = started({ name: 's' })
    const after = (...more: readonly Partial<AuditEvent>[]) => stateOf(step, failed, ...more)
    expect(after()).toBe('failed')
    expect(after(registered('success', 's', { name: 'b' }))).toBe('failed')
    expect(after(registered('success', 's'))).toBe('failed')
    expect(after(registered('success', 't', { name: 'a' }))).toBe('failed')
    expect(after(registered('success', 's', { name: 'a' }))).toBe('succeeded')
    expect(after(registered('success', 's', { name: 'a' }), failed)).toBe('failed')
    expect(stateOf(registered('failure', 's'), registered('success', 's'))).toBe('succeeded')
  })

  it('fails by a step that nobody declared, and keeps that step', () => {
    const steps = [started({ name: 's' }), registered('success', 's')]
    expect(stateOf(...steps, registered('failure', 'other'))).toBe('failed')
    const view = processOf(process(...steps, registered('success', 'other')))
    expect(view?.state).toBe('succeeded')
    expect(view?.steps[1]).toMatchObject({ name: 'other', declared: false, expects: 0 })
  })

  it('keeps the registrations beyond those that are expected', () => {
    const more = Array.from({ length: 3 }, () => registered('success', 's'))
    const view = processOf(process(started({ name: 's' }), ...more))
    expect(view?.steps[0]).toMatchObject({ expects: 1, successes: 3, state: 'succeeded' })
    expect(view?.steps[0]?.registrations).toHaveLength(3)
  })

  it('adds the steps that only a later declaration names, and changes none', () => {
    const view = processOf(
      process(
        started({ name: 's', expects: 2 }),
        started({ name: 's' }, { name: 't', expects: 3 }),
      ),
    )
    expect(view?.steps.map(({ name, expects }) => [name, expects])).toEqual([
      ['s', 2],
      ['t', 3],
    ])
    expect(view?.startedAt).toBe(t0)
  })

  it('does without an event that it started', () => {
    const view = processOf(process(registered('success', 's'), ended))
    expect(view).toMatchObject({ state: 'succeeded', startedAt: undefined, endedAt: t0 + 1_000 })
  })

  it('takes what is no step, no name and no number as not said', () => {
    const odd = [
      's',
      null,
      {},
      { name: 7 },
      { name: 's', expects: '2' },
      { name: 't', expects: -1 },
    ]
    const view = processOf(
      process(started(...odd), { outcome: 'failure', data: { phase: 'registered', step: ['s'] } }),
    )
    expect(view?.steps.map(({ name, expects, state }) => [name, expects, state])).toEqual([
      ['s', 1, 'pending'],
      ['t', 1, 'pending'],
      ['', 0, 'failed'],
    ])
  })

  it('comes out the same in whatever order its events come', () => {
    const any = fc.oneof(
      fc.constantFrom(started({ name: 's', expects: 2 }), started({ name: 't' }), ended),
      fc
        .tuple(
          fc.constantFrom<AuditEvent['outcome'][]>('success', 'failure', 'unknown'),
          fc.constantFrom('s', 't'),
          fc.constantFrom({}, { name: 'a' }),
        )
        .map(([outcome, step, more]) => registered(outcome, step, more)),
    )
    fc.assert(
      fc.property(inTwoOrders(common, any), ([events, others]) => {
        expect(processOf(others)).toEqual(processOf(events))
      }),
    )
  })
})
