import { describe, expect, it } from 'vitest'
import type { Policy } from '../../../src/keep/policy/policy.ts'
import { day, desk, NOW, type Written } from './desk.ts'
import { idsOf } from '../../conformance/rows.ts'

const aged = (days: number, more: Written): Written => ({ occurredAt: NOW - days * day, ...more })

/** Which of the names are live afterwards, and which archived. */
const kept = async (policies: readonly Policy[], events: Readonly<Record<string, Written>>) => {
  const { write, keep, live, archived } = desk()
  const written = await write(Object.values(events))
  await keep({ policies })
  const namesOf = (rows: readonly { readonly id: string }[]): readonly string[] =>
    Object.keys(events).filter((_, place) => idsOf(rows).includes(written[place]?.id ?? ''))
  return { live: namesOf(await live()), archived: namesOf(await archived()) }
}

const members = [
  ['tenant', { tenant: 'a' }, { tenant: 'b' }],
  ['no tenant', { tenant: null }, { tenant: 'null' }],
  ['kind', { kind: 'auth' }, { kind: 'request' }],
  ['action', { action: 'invoice.refund' }, { action: 'invoice.refunded' }],
  ['outcome', { outcome: 'denied' }, { outcome: 'success' }],
] as const

describe('a policy', () => {
  it.each(members)('of a %s says of it alone when it may be archived', async (_, of, other) => {
    const events = { due: aged(40, of), young: aged(20, of), other: aged(40, other) }
    const found = await kept([{ ...of, archiveAfter: '30d' }], events)
    expect(found).toEqual({ live: ['young', 'other'], archived: ['due'] })
  })

  it.each(members)('of a %s says of it alone when it may be deleted', async (_, of, other) => {
    const events = { due: aged(40, of), young: aged(20, of), other: aged(40, other) }
    const found = await kept([{ ...of, deleteAfter: '30d' }], events)
    expect(found).toEqual({ live: ['young', 'other'], archived: [] })
  })

  it('of an action with * applies to all that begin so', async () => {
    const events = {
      refund: aged(40, { action: 'invoice.refund' }),
      other: aged(40, { action: 'invoices.refund' }),
    }
    const found = await kept([{ action: 'invoice.*', deleteAfter: '30d' }], events)
    expect(found.live).toEqual(['other'])
  })

  it('gives way to a longer one that applies to the same event', async () => {
    const policies: readonly Policy[] = [
      { archiveAfter: '10d', deleteAfter: '30d' },
      { tenant: 'a', archiveAfter: '100d', deleteAfter: '200d' },
      { tenant: 'a', kind: 'auth', deleteAfter: 'never' },
    ]
    const events = {
      deleted: aged(40, {}),
      archived: aged(20, {}),
      live: aged(40, { tenant: 'a' }),
      moved: aged(150, { tenant: 'a' }),
      gone: aged(250, { tenant: 'a' }),
      forever: aged(250, { tenant: 'a', kind: 'auth' }),
    }
    const found = await kept(policies, events)
    expect(found).toEqual({ live: ['live'], archived: ['archived', 'moved', 'forever'] })
  })

  it('that deletes needs no archive', async () => {
    const { aged, keep, live } = desk()
    const [, young] = await aged([40, 20])
    expect(await keep({ deleteAfter: '30d', to: undefined })).toMatchObject({ deleted: 1, left: 0 })
    expect(idsOf(await live())).toEqual([young?.id])
  })

  it('is honoured as it is now: a longer one keeps what was not deleted yet', async () => {
    const { aged, pass, keep, live } = desk()
    await aged([29])
    await keep({ deleteAfter: '30d' })
    pass(10 * day)
    expect(await keep({ deleteAfter: '60d' })).toMatchObject({ deleted: 0, left: 0 })
    expect(await live()).toHaveLength(1)
    expect(await keep({ deleteAfter: '30d' })).toMatchObject({ deleted: 1 })
  })
})

describe('live events that are deleted', () => {
  it('are deleted in portions, all of them and no other', async () => {
    const { write, keep, live } = desk()
    const rows = Array.from({ length: 700 }, (_, at) => aged(40, { tenant: `t${at % 3}` }))
    await write(rows)
    const [young] = await write([aged(20, {})])
    expect(await keep({ deleteAfter: '30d' })).toMatchObject({ deleted: 700, state: 'done' })
    expect(await live()).toEqual([young])
  })

  it('were never put into the archive before', async () => {
    const { aged, keep, objects } = desk()
    await aged([40])
    await keep({ archiveAfter: '10d', deleteAfter: '30d' })
    expect(objects.objects.size).toBe(0)
  })
})
