import { expect, it } from 'vitest'
import type { EventRow } from '../../src/event/row.ts'
import type { AuditStore } from '../../src/ports/store.ts'
import { counterOf, day } from './counting.ts'
import { t0 } from './reading.ts'
import { rowOf, unique } from './rows.ts'

const phases = (
  tenant: string,
  id: string,
  all: readonly (readonly [object, EventRow['outcome']?])[],
) =>
  all.map(
    ([data, outcome = 'unknown']) =>
      ({
        tenant,
        kind: 'process',
        action: 'product.create',
        outcome,
        targetType: 'process',
        targetId: id,
        record: JSON.stringify({ data }),
      }) as const,
  )

/** The part of the contract that is about states of processes and issues; `summaryConformance` calls it. */
export const statesConformance = (storeNow: () => AuditStore): void => {
  const { totals, append } = counterOf(storeNow)

  it('tells the state of a process that began before the span, as it was at its end', async () => {
    const tenant = unique('process')
    await append(
      phases(tenant, 'p', [
        [{ phase: 'started', steps: [{ name: 's', expects: 2 }] }],
        [{ phase: 'registered', step: 's' }, 'failure'],
        [{ phase: 'registered', step: 's' }, 'success'],
        [{ phase: 'registered', step: 's' }, 'success'],
        [{ phase: 'registered', step: 'other', name: 'x' }, 'failure'],
      ]),
    )
    const at = (from: number, to: number) =>
      totals('process', { tenant, from: t0 + from, to: t0 + to })
    expect(await at(0, 1)).toEqual({ pending: 1 })
    expect(await at(1, 2)).toEqual({ failed: 1 })
    expect(await at(2, 3)).toEqual({ pending: 1 })
    expect(await at(3, 4)).toEqual({ succeeded: 1 })
    expect(await at(4, 5)).toEqual({ failed: 1 })
    expect(await at(5, 9)).toEqual({})
  })

  it('takes the first declaration of a step, and from later ones only new steps', async () => {
    const tenant = unique('declared')
    const once = [{ phase: 'started', steps: [{ name: 's' }] }] as const
    const twice = [{ phase: 'started', steps: [{ name: 't' }, { name: 's', expects: 2 }] }] as const
    const s = [{ phase: 'registered', step: 's' }, 'success'] as const
    const t = [{ phase: 'registered', step: 't' }, 'success'] as const
    await append([
      ...phases(tenant, 'more', [twice, s, t, once]),
      ...phases(tenant, 'less', [once, s, t, twice]),
      ...phases(tenant, 'new', [once, s, twice]),
    ])
    expect(await totals('process', { tenant })).toEqual({ pending: 2, succeeded: 1 })
  })

  it('calls no process a success in which nothing ran', async () => {
    const tenant = unique('idle')
    await append([
      ...phases(tenant, 'bare', [[{ phase: 'started', steps: [] }]]),
      ...phases(tenant, 'over', [[{ phase: 'started' }], [{ phase: 'ended' }]]),
      ...phases(tenant, 'undecided', [[{ phase: 'registered', step: 's' }, 'unknown']]),
      ...phases(tenant, 'short', [
        [{ phase: 'started', steps: [{ name: 's' }, { name: 't' }] }],
        [{ phase: 'registered', step: 's' }, 'success'],
        [{ phase: 'ended' }],
      ]),
      ...phases(tenant, 'none expected', [
        [{ phase: 'started', steps: [{ name: 's', expects: 0 }] }],
      ]),
      ...phases(tenant, 'undeclared', [[{ phase: 'registered', step: 's' }, 'success']]),
    ])
    expect(await totals('process', { tenant })).toEqual({ pending: 3, incomplete: 2, succeeded: 1 })
  })

  it('lets a failure stand until the same step succeeds under the same name', async () => {
    const tenant = unique('retries')
    const tried = (outcome: EventRow['outcome'], step: unknown, name?: unknown) =>
      [{ phase: 'registered', step, name }, outcome] as const
    const failed = tried('failure', 's', 'a')
    await append([
      ...phases(tenant, 'same', [failed, tried('success', 's', 'a')]),
      ...phases(tenant, 'no step', [tried('failure', 7), tried('success', '')]),
      ...phases(tenant, 'no text', [tried('failure', 's', 7), tried('success', 's')]),
      ...phases(tenant, 'other name', [failed, tried('success', 's', 'b')]),
      ...phases(tenant, 'no name', [failed, tried('success', 's')]),
      ...phases(tenant, 'other step', [failed, tried('success', 't', 'a')]),
      ...phases(tenant, 'again', [failed, tried('success', 's', 'a'), failed]),
    ])
    expect(await totals('process', { tenant })).toEqual({ succeeded: 3, failed: 4 })
  })

  it('takes of what happened at once the later id for the later event', async () => {
    const tenant = unique('at once')
    const at = (targetId: string, ...outcomes: readonly EventRow['outcome'][]) =>
      phases(
        tenant,
        targetId,
        outcomes.map((outcome) => [{ phase: 'registered', step: 's' }, outcome]),
      ).map((columns) => ({ ...columns, occurredAt: t0 }))
    const rows = [
      ...at('p', 'success', 'failure'),
      ...at('q', 'failure', 'success'),
      ...at('r', 'failure', 'success'),
    ]
    await storeNow().append(rows.map(rowOf).toReversed())
    expect(await totals('process', { tenant })).toEqual({ failed: 1, succeeded: 2 })
  })

  it('takes for a process and an issue only events of their kind about them', async () => {
    const tenant = unique('kinds')
    const [failure] = phases(tenant, 'p', [[{ phase: 'registered', step: 's' }, 'failure']])
    const issue = { tenant, kind: 'system', action: 'system.error', targetType: 'issue' } as const
    await append([
      ...phases(tenant, 'p', [[{ phase: 'registered', step: 's' }, 'success']]),
      { ...failure, kind: 'custom' },
      { ...failure, targetType: 'order' },
      { ...failure, targetId: null },
      { ...issue, targetId: 'i', kind: 'custom' },
      { ...issue, targetId: 'i', targetType: 'order' },
      { ...issue, targetId: null },
    ])
    expect(await totals('process', { tenant })).toEqual({ succeeded: 1 })
    expect(await totals('issue', { tenant })).toEqual({ open: 0 })
  })

  it('counts the issues that are open at the end, however long ago they occurred', async () => {
    const tenant = unique('issues')
    const done = (targetId: string, action: string, outcome: EventRow['outcome'] = 'success') =>
      ({ tenant, kind: 'system', action, outcome, targetType: 'issue', targetId }) as const
    await append([
      done('a', 'system.error', 'failure'),
      done('b', 'system.warning'),
      done('c', 'system.info'),
      done('a', 'system.resolve', 'denied'),
      done('a', 'system.resolve'),
      done('a', 'system.info'),
      done('a', 'system.error', 'failure'),
      done('b', 'system.resolve'),
      done('b', 'system.reopen'),
    ])
    const open = (to: number) => totals('issue', { tenant, from: t0 - day, to: t0 + to })
    expect(await open(3)).toEqual({ open: 2 })
    expect(await open(4)).toEqual({ open: 2 })
    expect(await open(6)).toEqual({ open: 1 })
    expect(await open(7)).toEqual({ open: 2 })
    expect(await open(8)).toEqual({ open: 1 })
    expect(await totals('issue', { tenant, from: t0 + 8, to: t0 + day })).toEqual({ open: 2 })
    expect(await totals('issue', { tenant, from: t0 + day, to: t0 + 2 * day })).toEqual({ open: 2 })
  })

  it('keeps the processes and issues of tenants apart that have one id', async () => {
    const [one, other] = [unique('one'), unique('other')]
    const [process, issue] = [unique('p'), unique('i')]
    const opened = {
      kind: 'system',
      action: 'system.error',
      targetType: 'issue',
      targetId: issue,
    } as const
    const before = { ...(await totals('issue', {})), ...(await totals('process', {})) }
    await append([
      ...phases(one, process, [[{ phase: 'registered', step: 's' }, 'failure']]),
      ...phases(other, process, [[{ phase: 'registered', step: 's' }, 'success']]),
      { ...opened, tenant: one },
      { ...opened, tenant: null },
      { ...opened, tenant: other },
      { ...opened, tenant: other, action: 'system.resolve' },
    ])
    expect(await totals('process', { tenant: one })).toEqual({ failed: 1 })
    expect(await totals('process', { tenant: other })).toEqual({ succeeded: 1 })
    expect(await totals('issue', { tenant: one })).toEqual({ open: 1 })
    expect(await totals('issue', { tenant: other })).toEqual({ open: 0 })
    const after = { ...(await totals('issue', {})), ...(await totals('process', {})) }
    const more = (name: string): number => (after[name] ?? 0) - (before[name] ?? 0)
    expect([more('open'), more('failed'), more('succeeded')]).toEqual([2, 1, 1])
  })
}
