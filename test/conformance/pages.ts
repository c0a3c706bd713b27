import { expect, it } from 'vitest'
import type { AuditStore, PageFilter, Position } from '../../src/ports/store.ts'
import { different, inOrder, readAll, rejection, t0 } from './reading.ts'
import { idAt, idsOf, rowOf, rowsOf, unique } from './rows.ts'

const nullable = [
  'tenant',
  'targetType',
  'targetId',
  'requestId',
  'method',
  'route',
  'status',
  'ip',
] as const satisfies readonly (keyof PageFilter)[]

/** The part of the contract that is about reading; `storeConformance` calls it. */
export const pagesConformance = (storeNow: () => AuditStore): void => {
  it.each(['newest', 'oldest'] as const)(
    'pages through 1,001 rows of few times, none twice and none missing, %s first',
    async (order) => {
      const tenant = unique('pages')
      const rows = rowsOf(1001, (index) => ({ tenant, occurredAt: t0 + (index % 7) }))
      await storeNow().append(rows)
      const found = idsOf(await readAll(storeNow(), { tenant, order, limit: 100 }))
      expect(order === 'oldest' ? found : found.toReversed()).toEqual(inOrder(rows))
    },
  )

  it('pages through all that was there while others append', async () => {
    const tenant = unique('busy')
    const rows = rowsOf(300, (index) => ({ tenant, occurredAt: t0 + (index % 3) }))
    await storeNow().append(rows)
    const seen: string[] = []
    let after: Position | undefined
    do {
      const [page] = await Promise.all([
        storeNow().page({ tenant, after, limit: 50 }),
        storeNow().append(rowsOf(20, (index) => ({ tenant, occurredAt: t0 + (index % 5) }))),
      ])
      seen.push(...idsOf(page.rows))
      after = page.next ?? undefined
    } while (after !== undefined)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toEqual(expect.arrayContaining([...idsOf(rows)]))
  }, 30_000)

  it('ends with the last page when that is full', async () => {
    const tenant = unique('full')
    await storeNow().append(rowsOf(4, () => ({ tenant })))
    const first = await storeNow().page({ tenant, limit: 2 })
    const second = await storeNow().page({ tenant, limit: 2, after: first.next ?? undefined })
    expect(first.next).toEqual({ occurredAt: t0, id: first.rows[1]?.id })
    expect(second.next).toBeNull()
    expect((await storeNow().page({ tenant: unique('none'), limit: 2 })).next).toBeNull()
  })

  it.each(Object.entries(different))('finds rows by %s', async (column, value) => {
    const route = unique('/by')
    const base = column === 'route' ? {} : { route }
    const other = rowOf({ ...base, tenant: unique('other') })
    const wanted = rowOf({ ...other, ...base, id: idAt(t0), [column]: value })
    await storeNow().append([other, wanted])
    const found = await readAll(storeNow(), { ...base, [column]: value, limit: 1000 })
    expect(idsOf(found)).toContain(wanted.id)
    expect(idsOf(found)).not.toContain(other.id)
  })

  it.each(nullable)('finds rows without %s', async (column) => {
    const actorId = unique('u')
    const bare = rowOf({ ...different, actorId, [column]: null })
    await storeNow().append([bare, rowOf({ ...different, actorId })])
    const found = await readAll(storeNow(), { actorId, [column]: null, limit: 10 })
    expect(idsOf(found)).toEqual([bare.id])
  })

  it('reads all tenants when none is named', async () => {
    const actorId = unique('u')
    const rows = [null, 'a', 'b'].map((tenant, index) =>
      rowOf({ actorId, tenant, occurredAt: t0 + index }),
    )
    await storeNow().append(rows)
    const found = await readAll(storeNow(), { actorId, order: 'oldest', limit: 2 })
    expect(idsOf(found)).toEqual(idsOf(rows))
  })

  it('finds the newest failed logins from an address, over all tenants, and no more than asked for', async () => {
    const ip = unique('ip')
    const failed = { kind: 'auth', action: 'login', outcome: 'failure', ip } as const
    const rows = rowsOf(6, (index) => ({ ...failed, tenant: `t${index}`, occurredAt: t0 + index }))
    const others = [
      rowOf({ ...failed, outcome: 'success' }),
      rowOf({ ...failed, action: 'mfa.verify' }),
      rowOf({ ...failed, kind: 'request' }),
      rowOf({ ...failed, ip: unique('ip') }),
    ]
    await storeNow().append([...others, ...rows])
    const query = { ...failed, from: t0 + 1, to: t0 + 10 }
    const newest = await storeNow().page({ ...query, limit: 3 })
    expect(idsOf(newest.rows)).toEqual(idsOf(rows.slice(3).toReversed()))
    expect(idsOf(await readAll(storeNow(), { ...query, limit: 2 }))).toHaveLength(5)
  })

  it('includes the time it reads from and leaves out the time it reads to', async () => {
    const tenant = unique('bounds')
    const rows = rowsOf(5, (index) => ({ tenant, occurredAt: t0 + index }))
    await storeNow().append(rows)
    const page = await storeNow().page({ tenant, from: t0 + 1, to: t0 + 3, limit: 10 })
    expect(page.rows.map(({ occurredAt }) => occurredAt)).toEqual([t0 + 2, t0 + 1])
  })

  it.each([
    ['limit', { limit: 0 }],
    ['limit', { limit: 1001 }],
    ['limit', { limit: 1.5 }],
    ['from', { limit: 1, from: 0.5 }],
    ['to', { limit: 1, to: Number.NaN }],
    ['after', { limit: 1, after: { occurredAt: Infinity, id: '' } }],
  ])('refuses a wrong %s: %j', async (parameter, query) => {
    const error = await rejection(storeNow().page(query))
    expect(error).toMatchObject({ name: 'AuditError', code: 'AUDIT_QUERY_INVALID' })
    expect(error).toHaveProperty('detail', expect.stringContaining(parameter))
  })
}
