import { describe, expect, it } from 'vitest'
import { hold, release, restore } from '../../../src/keep/keep.ts'
import type { AuditStore } from '../../../src/ports/store.ts'
import { day, desk, NOW } from './desk.ts'

const who = { reason: 'a case', by: 'counsel' }

/** Notes which of its events the audit had told of when something was deleted for the first time. */
const noting = (name: 'remove' | 'expire') => {
  const seen: string[][] = []
  const store = (inner: AuditStore): AuditStore => ({
    ...inner,
    ledger: async () => {
      const ledger = await inner.ledger()
      const note = async (...given: readonly unknown[]): Promise<unknown> => {
        const { rows } = await inner.page({ limit: 1_000 })
        seen.push(rows.map(({ action }) => action).filter((action) => action === 'audit.delete'))
        return Reflect.apply(ledger[name] as () => unknown, ledger, given)
      }
      return { ...ledger, [name]: note }
    },
  })
  return { seen, store }
}

describe('keep', () => {
  it('records what it did, in numbers', async () => {
    const { audit, aged, keep, told } = desk()
    await aged([100, 100, 200], { tenant: 'a' })
    await aged([120], { tenant: 'held' })
    await aged([40], { tenant: 'b' })
    await hold(audit, { tenant: 'held', ...who })
    const outcome = await keep({
      policies: [{ archiveAfter: '90d' }, { tenant: 'b', deleteAfter: '30d' }],
    })
    const [event] = await told('audit.keep')
    const numbers = { moved: 3, segments: 2, deleted: 1, expired: 0, held: 1, left: 0, lagMs: 0 }
    expect(outcome).toEqual({ state: 'done', more: false, ...numbers })
    expect(event?.data).toEqual({ state: 'done', more: false, now: NOW, ...numbers })
    expect(event).toMatchObject({ kind: 'system', outcome: 'success', tenant: null })
    expect(event?.actor).toMatchObject({ type: 'system', id: 'system', via: 'keep' })
  })

  it('records that it deletes live events before it does', async () => {
    const { seen, store } = noting('remove')
    const { aged, keep, told } = desk({ store })
    await aged([40, 41])
    await keep({ deleteAfter: '30d' })
    expect(seen[0]).toHaveLength(1)
    const [event, more] = await told('audit.delete')
    expect(event).toMatchObject({ tenant: null, data: { phase: 'started' } })
    expect(more).toBeUndefined()
  })

  it('records that it deletes from the archive before it does', async () => {
    const { seen, store } = noting('expire')
    const { aged, keep, told } = desk({ store })
    await aged([200, 201])
    const policies = [{ archiveAfter: '90d' }, { deleteAfter: '150d' }] as const
    await keep()
    await keep({ policies })
    expect(seen).toHaveLength(2)
    expect(seen[0]).toHaveLength(1)
    expect((await told('audit.delete')).map(({ data }) => data)).toEqual([
      { phase: 'started', archived: true },
    ])
  })

  it('records no deletion when there is nothing to delete', async () => {
    const { audit, aged, keep, told } = desk()
    await aged([40])
    await aged([10])
    await hold(audit, { everything: true, ...who })
    await keep({ deleteAfter: '30d' })
    expect(await told('audit.delete')).toEqual([])
  })
})

describe('a hold', () => {
  it('is recorded with who placed it, why, and what it covers', async () => {
    const { audit, told } = desk()
    const target = { type: 'invoice', id: '7' }
    const id = await hold(audit, { tenant: 'a', target, from: 5, to: new Date(6), ...who })
    const [event] = await told('audit.hold')
    expect(event).toMatchObject({
      kind: 'system',
      tenant: 'a',
      reason: 'a case',
      targets: [{ type: 'hold', id }],
      data: { tenant: 'a', target, from: 5, to: 6 },
    })
    expect(event?.actor.id).toBe('counsel')
  })

  it.each([
    ['of no tenant', { tenant: null }, null],
    ['of any tenant', { actor: 'u1' }, 'any'],
  ] as const)('%s is recorded of no tenant, and says which', async (_, scope, tenant) => {
    const { audit, told } = desk()
    await hold(audit, { ...scope, ...who })
    expect(await told('audit.hold')).toMatchObject([{ tenant: null, data: { tenant } }])
  })

  it('that is released is recorded with who released it, and why', async () => {
    const { audit, told } = desk()
    const id = await hold(audit, { tenant: 'a', ...who })
    await release(audit, id, { reason: 'closed', by: 'judge' })
    const [event, more] = await told('audit.release')
    expect(event).toMatchObject({ reason: 'closed', targets: [{ type: 'hold', id }] })
    expect(event?.tenant).toBe('a')
    expect(event?.actor.id).toBe('judge')
    expect(more).toBeUndefined()
  })

  it('that is not there leaves no record of its release', async () => {
    const { audit, told } = desk()
    await release(audit, 'none', who)
    expect(await told()).toEqual([])
  })
})

describe('a restore', () => {
  it('is recorded with who asked for it, why, and how much came back', async () => {
    const { audit, aged, keep, told, objects } = desk()
    await aged([100, 101, 102], { tenant: 'a' })
    await keep()
    const [from, to] = [NOW - 101 * day, NOW]
    const options = { from, to, tenant: 'a', archive: objects, into: 'live', ...who } as const
    const outcome = await restore(audit, options)
    const [event] = await told('audit.restore')
    expect(outcome).toMatchObject({ events: 2, segments: 2 })
    expect(event).toMatchObject({ tenant: 'a', reason: 'a case', data: { from, to, ...outcome } })
    expect(event?.actor.id).toBe('counsel')
  })
})
