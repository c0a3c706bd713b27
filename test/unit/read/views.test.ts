import { describe, expect, it } from 'vitest'
import { memory } from '../../../adapters/store/memory.ts'
import type { AuditEvent } from '../../../src/event/schema.ts'
import { exportView, issueView, processView, type ViewOptions } from '../../../src/read/views.ts'
import { rowOf } from '../../conformance/rows.ts'
import { eventsOf, t0 } from './fold/events.ts'

const rowsOf = (events: readonly AuditEvent[]) =>
  events.map((event) =>
    rowOf({
      id: event.id,
      tenant: event.tenant,
      occurredAt: event.occurredAt,
      kind: event.kind,
      action: event.action,
      outcome: event.outcome,
      targetType: event.targets[0]?.type ?? null,
      targetId: event.targets[0]?.id ?? null,
      record: JSON.stringify(event),
    }),
  )

const auditOf = async (...events: readonly (readonly AuditEvent[])[]) => {
  const store = memory()
  await store.append(rowsOf(events.flat()))
  return { store: () => store }
}

const process = (tenant: string | null, ...all: readonly Partial<AuditEvent>[]) =>
  eventsOf(
    { tenant, kind: 'process', action: 'import', targets: [{ type: 'process', id: 'p1' }] },
    all,
  )

const issue = (tenant: string | null, count: number) =>
  eventsOf(
    { tenant, kind: 'system', action: 'system.error', targets: [{ type: 'issue', id: 'i1' }] },
    Array.from({ length: count }, () => ({})),
  )

const success = { outcome: 'success', data: { phase: 'registered', step: 's' } } as const
const failure = { outcome: 'failure', data: { phase: 'registered', step: 's' } } as const

const readers = [
  ['process', processView],
  ['issue', issueView],
  ['export', exportView],
] as const

describe('a view', () => {
  it('shows a process, an issue and an export by their ids', async () => {
    const exported = eventsOf({ kind: 'export', targets: [{ type: 'export', id: 'e1' }] }, [
      { action: 'export' },
      { action: 'export.download', outcome: 'success' },
    ])
    const audit = await auditOf(process(null, success), issue(null, 2), exported)
    expect(await processView(audit, 'p1')).toMatchObject({ id: 'p1', state: 'succeeded' })
    expect(await issueView(audit, 'i1')).toMatchObject({ id: 'i1', state: 'open', count: 2 })
    expect(await exportView(audit, 'e1')).toMatchObject({ id: 'e1', downloads: 1 })
  })

  it.each(readers)('of a %s is not there when nothing of that id is', async (_, view) => {
    const audit = await auditOf(process(null, success), issue(null, 1))
    expect(await view(audit, 'x')).toBeUndefined()
    expect(await view(audit, 'p1', { tenant: 'acme' })).toBeUndefined()
  })

  it('keeps to the tenant that it is asked for', async () => {
    const audit = await auditOf(process('acme', success), process(null, failure))
    expect((await processView(audit, 'p1', { tenant: 'acme' }))?.state).toBe('succeeded')
    expect((await processView(audit, 'p1', { tenant: null }))?.state).toBe('failed')
    expect((await processView(audit, 'p1'))?.steps[0]?.registrations).toHaveLength(2)
  })

  it('takes no event of another kind for one of its own', async () => {
    const forged = process(null, failure).map((event) => ({ ...event, kind: 'custom' as const }))
    const audit = await auditOf(process(null, success), forged)
    expect((await processView(audit, 'p1'))?.state).toBe('succeeded')
  })

  it('is made of all events, however many pages they fill', async () => {
    const view = await issueView(await auditOf(issue('acme', 2_001)), 'i1', { tenant: 'acme' })
    expect(view?.count).toBe(2_001)
    expect(view).not.toHaveProperty('partial')
  })

  it('says that it is partial when there are more than the limit, and shows the newest', async () => {
    const audit = await auditOf(issue(null, 1_500))
    expect(await issueView(audit, 'i1', { limit: 1_200 })).toMatchObject({
      count: 1_200,
      firstAt: t0 + 300 * 1_000,
      lastAt: t0 + 1_499 * 1_000,
      partial: true,
    })
    expect(await issueView(audit, 'i1', { limit: 1_500 })).not.toHaveProperty('partial')
  })

  it('reads ten thousand events unless it is told otherwise', async () => {
    const view = await issueView(await auditOf(issue(null, 10_001)), 'i1')
    expect(view).toMatchObject({ count: 10_000, partial: true })
  }, 30_000)

  it('shows what can be read when a record cannot', async () => {
    const store = memory()
    const rows = rowsOf(process(null, success, success))
    await store.append(
      rows.map((row, index) => (index === 0 ? { ...row, record: 'no json' } : row)),
    )
    const view = await processView({ store: () => store }, 'p1')
    expect(view).toMatchObject({ id: 'p1', state: 'succeeded', lastAt: t0 + 1_000 })
    expect(view?.steps[0]?.registrations).toHaveLength(1)
  })

  it('asks for the store of the bindings that it was given', async () => {
    const asked: unknown[] = []
    const store = memory()
    const audit = { store: (env?: unknown) => (asked.push(env), store) }
    for (const [, view] of readers) await view(audit, 'x', {}, 'a binding')
    expect(asked).toEqual(['a binding', 'a binding', 'a binding'])
  })

  it.each([
    ['id', undefined, {}],
    ['id', null, {}],
    ['id', 'a\0', {}],
    ['tenant', 'p1', { tenant: 7 }],
    ['limit', 'p1', { limit: 0 }],
    ['limit', 'p1', { limit: 100_001 }],
    ['every parameter', 'p1', { tenants: 'acme' }],
    ['the query', 'p1', null],
  ])('refuses a wrong %s: %j %j', async (parameter, id, options) => {
    const audit = await auditOf(process(null, success))
    // As JavaScript may call it.
    const refused = processView(audit, id as string, options as ViewOptions)
    await expect(refused).rejects.toMatchObject({ code: 'AUDIT_QUERY_INVALID' })
    await expect(refused).rejects.toHaveProperty(
      'detail',
      expect.stringMatching(`^${parameter} must be `),
    )
  })
})
