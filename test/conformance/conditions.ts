import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { EventRow } from '../../src/event/row.ts'
import type { Condition } from '../../src/event/condition.ts'
import type { AuditStore, PageQuery } from '../../src/ports/store.ts'
import { event, question } from './asked.ts'
import { judged } from './judged.ts'
import { inOrder, readAll, t0 } from './reading.ts'
import { idAt, idsOf, rowOf, unique } from './rows.ts'

const day = 86_400_000

type Asked = Omit<PageQuery, 'limit' | 'after'>

/** What is asked for, among all of the rows. */
const expected = (rows: readonly EventRow[], { from, to, where, order, ...columns }: Asked) => {
  const found = rows.filter(
    (row) =>
      row.occurredAt >= (from ?? -Infinity) &&
      row.occurredAt < (to ?? Infinity) &&
      (columns.tenant === undefined || row.tenant === columns.tenant) &&
      (columns.action === undefined || row.action === columns.action) &&
      (where === undefined || judged(where, row, rows)),
  )
  return order === 'oldest' ? inOrder(found) : inOrder(found).toReversed()
}

/** As many conditions as a reader may ask with, each of the sort that a database takes most words for. */
const many: Condition = {
  and: [
    { column: 'tenant', in: ['a', 'b', null] },
    { some: 'targets', type: 'invoice', ids: ['1', '2'] },
    ...Array.from({ length: 18 }, (_, place): Condition => ({
      not: { member: ['metadata', `k${place}`], in: ['x', 1, true] },
    })),
  ],
}

/** The part of the contract that is about conditions; `storeConformance` calls it. */
export const conditionsConformance = (storeNow: () => AuditStore, histories = 30): void => {
  it('takes as many conditions as a reader may ask with', async () => {
    const requestId = unique('long')
    const target = { requestId, targetType: 'invoice', targetId: '1' }
    const wanted = rowOf({ ...target, record: '{"metadata":{"k0":"y"}}' })
    await storeNow().append([wanted, rowOf({ ...target, record: '{"metadata":{"k17":true}}' })])
    const asked = { where: many, route: null, method: null, ip: null, status: null } as const
    const { rows } = await storeNow().page({ ...asked, from: t0, to: t0 + 1, limit: 1_000 })
    const ofThese = rows.filter((row) => row.requestId === requestId)
    expect(idsOf(ofThese)).toEqual([wanted.id])
    const counted = await storeNow().count({ where: many, requestId, limit: 1_000 })
    expect(counted).toEqual({ count: 1, more: false })
  })

  it('holds many actions to how they must begin as well', async () => {
    const tenant = unique('many')
    const rows = ['post.view', 'post.edit', 'user.view'].map((action) => rowOf({ tenant, action }))
    await storeNow().append(rows)
    const actions = Array.from({ length: 100 }, (_, place) => `action.${place}`)
    const where: Condition = {
      and: [
        { column: 'action', in: [...actions, 'post.view', 'user.view'] },
        { column: 'action', prefix: 'post.' },
      ],
    }
    const { rows: found } = await storeNow().page({ tenant, where, limit: 10 })
    expect(found.map(({ action }) => action)).toEqual(['post.view'])
  })

  it('finds what is asked for, page by page and counted, of any events and any question', async () => {
    let start = t0 + 50_000 * day
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 1, maxLength: 24 }),
        fc.array(question, { minLength: 3, maxLength: 3 }),
        async (columns, questions) => {
          // A store keeps everything: each time has a mark, and tenants, of its own.
          start += day
          const route = unique('/asked')
          const named = (tenant: string | null | undefined) => tenant && `${tenant} ${route}`
          const rows = columns.map((each) => {
            const occurredAt = start + (each.occurredAt ?? 0)
            const id = idAt(occurredAt)
            return rowOf({ ...each, occurredAt, id, route, tenant: named(each.tenant) ?? null })
          })
          await storeNow().append(rows)
          const moved = (text: string): string =>
            text.replaceAll(
              /("column":"tenant","in":\[)([^\]]*)/g,
              (_, head: string, list: string) =>
                head + list.replaceAll(/"([ab])"/g, `"$1 ${route}"`),
            )
          for (const { limit, where, from, to, tenant, ...more } of questions) {
            const asked: Asked = {
              ...more,
              ...(tenant !== undefined && { tenant: named(tenant) ?? null }),
              ...(from !== undefined && { from: start + from }),
              ...(to !== undefined && { to: start + to }),
              where: {
                and: [
                  { column: 'route', in: [route] },
                  ...(where === undefined ? [] : [JSON.parse(moved(JSON.stringify(where)))]),
                ],
              },
            }
            const wanted = expected(rows, asked)
            expect(idsOf(await readAll(storeNow(), { ...asked, limit }))).toEqual(wanted)
            const { order: _, scan: __, ...selection } = asked
            const counted = await storeNow().count({ ...selection, limit })
            expect(counted).toEqual({
              count: Math.min(limit, wanted.length),
              more: wanted.length > limit,
            })
          }
        },
      ),
      { numRuns: histories, endOnFailure: true },
    )
  }, 120_000)
}
