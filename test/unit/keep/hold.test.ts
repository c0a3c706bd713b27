import { describe, expect, it } from 'vitest'
import { hold, type HoldTerms, holds, release } from '../../../src/keep/keep.ts'
import type { ObjectStore } from '../../../src/ports/archive.ts'
import { type Desk, day, desk, NOW, type Written } from './desk.ts'
import { idsOf } from '../../conformance/rows.ts'

const who = { reason: 'a case', by: 'counsel' }

const named = (...names: readonly string[]): string =>
  JSON.stringify({ targets: names.map((id) => ({ id, type: 'invoice' })) })

const old = (more: Written): Written => ({ occurredAt: NOW - 100 * day, ...more })

/** Each covers the first of the two events. */
const terms: readonly (readonly [string, Omit<HoldTerms, 'reason' | 'by'>, Written, Written])[] = [
  ['a tenant', { tenant: 'a' }, { tenant: 'a' }, { tenant: 'b' }],
  ['no tenant', { tenant: null }, { tenant: null }, { tenant: 'b' }],
  ['an actor', { actor: 'u1' }, { actorId: 'u1' }, { actorId: 'u2' }],
  [
    'a target',
    { target: { type: 'invoice', id: '7' } },
    { targetType: 'invoice', targetId: '7' },
    { targetType: 'invoice', targetId: '8' },
  ],
  [
    'a further target',
    { target: { type: 'invoice', id: '7' } },
    { targetType: 'invoice', targetId: '8', record: named('8', '7') },
    { targetType: 'invoice', targetId: '8', record: named('8', '9') },
  ],
  [
    'a time',
    { everything: true, from: NOW - 100 * day, to: NOW - 100 * day + 1 },
    {},
    { occurredAt: NOW - 100 * day + 1 },
  ],
]

const others = async ({ audit }: Desk, count: number): Promise<void> => {
  for (let at = 0; at < count; at += 1) await hold(audit, { actor: `nobody ${at}`, ...who })
}

// Beyond a hundred, a run looks at the events instead of asking the store.
describe.each([0, 150])('a hold beside %i others', (count) => {
  it.each(terms)('of %s keeps what it covers from the archive', async (_, scope, ...events) => {
    const made = desk()
    const [held, free] = await made.write(events.map(old))
    await others(made, count)
    await hold(made.audit, { ...scope, ...who })
    expect(await made.keep()).toMatchObject({ state: 'done', moved: 1, held: 1, left: 0, lagMs: 0 })
    expect(await made.live()).toEqual([held])
    expect(idsOf(await made.archived())).toEqual([free?.id])
  })

  it.each(terms)('of %s keeps what it covers from being deleted', async (_, scope, ...events) => {
    const made = desk()
    const [held] = await made.write(events.map(old))
    await others(made, count)
    await hold(made.audit, { ...scope, ...who })
    const outcome = await made.keep({ deleteAfter: '30d' })
    expect(outcome).toMatchObject({ state: 'done', deleted: 1, held: 1, left: 0 })
    expect(await made.live()).toEqual([held])
  })

  it('lets go what it covered when it is released', async () => {
    const made = desk()
    const written = await made.write([old({ tenant: 'a' }), old({ tenant: 'b' })])
    await others(made, count)
    const id = await hold(made.audit, { tenant: 'a', ...who })
    await made.keep()
    expect(await release(made.audit, id, who)).toBe(true)
    expect(await made.keep()).toMatchObject({ moved: 1, held: 0 })
    expect(idsOf(await made.archived()).toSorted()).toEqual(idsOf(written))
  })

  it('keeps live what was archived just before it was placed, and archives it once', async () => {
    const made = desk()
    const [held] = await made.write([old({ tenant: 'a' }), old({ tenant: 'b' })])
    await others(made, count)
    let placed: Promise<string> | undefined
    const objects: ObjectStore = {
      ...made.objects,
      put: async (path, bytes) => {
        await (placed ??= hold(made.audit, { tenant: 'a', ...who }))
        await made.objects.put(path, bytes)
      },
    }
    await made.keep({ to: objects })
    expect(await made.live()).toEqual([held])
    await made.keep()
    expect(await made.live()).toEqual([held])
    await release(made.audit, (await placed) ?? '', who)
    expect((await made.keep()).state).toBe('done')
    expect(await made.live()).toEqual([])
    expect(await made.archived()).toHaveLength(2)
  })
})

describe('holds', () => {
  it('are those in force', async () => {
    const { audit, clock } = desk()
    const first = await hold(audit, { tenant: 'a', ...who })
    const second = await hold(audit, { actor: 'u1', from: new Date(5), to: 6, ...who })
    await release(audit, first, who)
    const only = { ...who, id: second, actor: 'u1', from: 5, to: 6, placedAt: clock.database }
    expect(await holds(audit)).toMatchObject([only])
  })

  it('are released once, and only if there are any of that id', async () => {
    const { audit } = desk()
    const id = await hold(audit, { tenant: 'a', ...who })
    expect(await release(audit, id, who)).toBe(true)
    expect(await release(audit, id, who)).toBe(false)
    expect(await release(audit, 'none', who)).toBe(false)
  })

  it.each([
    ['reason', { reason: ' ', by: 'counsel' }],
    ['by', { reason: 'a case', by: '' }],
  ])('are not released without a %s', async (name, why) => {
    const { audit } = desk()
    const id = await hold(audit, { tenant: 'a', ...who })
    const code = 'AUDIT_OPTION_INVALID'
    await expect(release(audit, id, why)).rejects.toMatchObject({
      code,
      detail: expect.stringContaining(name),
    })
    expect(await holds(audit)).toHaveLength(1)
  })

  it('do not shut out those behind them when there are many and much is held', async () => {
    const made = desk()
    await made.write(Array.from({ length: 250 }, () => old({ tenant: 'a' })))
    const [free] = await made.write([{ occurredAt: NOW - 95 * day, tenant: 'b' }])
    await others(made, 150)
    await hold(made.audit, { tenant: 'a', ...who })
    expect(await made.keep()).toMatchObject({ state: 'done', moved: 1, held: 250, left: 0 })
    expect(idsOf(await made.archived())).toEqual([free?.id])
  })

  it('leave the oldest event to be told of that none of many covers', async () => {
    const made = desk()
    await made.aged([300], { tenant: 'a' })
    await made.aged([120, 110], { tenant: 'b' })
    await others(made, 150)
    await hold(made.audit, { tenant: 'a', ...who })
    expect(await made.keep({ budgetRows: 1 })).toMatchObject({
      state: 'stopped',
      held: 1,
      left: 1,
      lagMs: 20 * day,
    })
  })
})
