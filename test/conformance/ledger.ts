import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type HoldScope, isHeld } from '../../src/event/hold.ts'
import type { ArchivedRow } from '../../src/ports/archive.ts'
import type { Ledger, NewEntry, NewHold } from '../../src/ports/ledger.ts'
import type { Condition } from '../../src/event/condition.ts'
import type { AuditStore, PageQuery } from '../../src/ports/store.ts'
import { different, readAll, t0 } from './reading.ts'
import { appended, idAt, idsOf, rowOf, rowsOf, unique } from './rows.ts'

const minute = 60_000

const holdOf = (scope: HoldScope): NewHold => ({
  id: idAt(t0),
  reason: 'a case',
  by: 'counsel',
  ...scope,
})

/** Holds a store's ledger to the contract in `src/ports/ledger.ts`. */
export const ledgerConformance = (storeNow: () => AuditStore): void => {
  const ledgerNow = (): Promise<Ledger> => storeNow().ledger()

  const leased = async (): Promise<{ ledger: Ledger; holder: string }> => {
    const ledger = await ledgerNow()
    const holder = unique('holder')
    expect(await ledger.lease(holder, minute)).toBe(true)
    return { ledger, holder }
  }

  const nextEntry = async (ledger: Ledger, more: Partial<NewEntry> = {}): Promise<NewEntry> => {
    const [last] = await ledger.entries({ order: 'descending', limit: 1 })
    const number = (last?.number ?? 0) + 1
    const id = idAt(t0)
    const manifest = JSON.stringify({ id, number, text: `'é"` })
    const span = { firstAt: t0, lastAt: t0 + 10 }
    return { id, number, place: `p/${id}`, tenant: null, ...span, count: 2, manifest, ...more }
  }

  const committed = async (ledger: Ledger, holder: string, more: Partial<NewEntry> = {}) => {
    const entry = await nextEntry(ledger, more)
    expect(await ledger.commit([entry], holder)).toBe(true)
    return entry
  }

  describe('the ledger', () => {
    it('tells the time of the database', async () => {
      const now = await (await ledgerNow()).now()
      expect(Number.isInteger(now)).toBe(true)
      expect(Math.abs(now - Date.now())).toBeLessThan(60_000)
    })

    it('gives the lease to one at a time, and to the next when it is left', async () => {
      const { ledger, holder } = await leased()
      expect(await ledger.lease('somebody else', minute)).toBe(false)
      expect(await ledger.lease(holder, minute)).toBe(true)
      await ledger.leave('somebody else')
      expect(await ledger.lease('somebody else', minute)).toBe(false)
      await ledger.leave(holder)
      expect(await ledger.lease('somebody else', minute)).toBe(true)
      await ledger.leave('somebody else')
    })

    it('gives a lease that ran out to the next, whose it then is', async () => {
      const { ledger, holder } = await leased()
      expect(await ledger.lease(holder, -1)).toBe(false)
      expect(await ledger.lease('the next', minute)).toBe(true)
      expect(await ledger.lease(holder, minute)).toBe(false)
      expect(await ledger.commit([await nextEntry(ledger)], holder)).toBe(false)
      await ledger.leave('the next')
    })

    it('renews a lease that is held, and none that ran out or was taken', async () => {
      const { ledger, holder } = await leased()
      expect(await ledger.renew('somebody else', minute)).toBe(false)
      expect(await ledger.renew(holder, minute)).toBe(true)
      expect(await ledger.lease('somebody else', minute)).toBe(false)
      expect(await ledger.renew(holder, -1)).toBe(false)
      expect(await ledger.renew(holder, minute)).toBe(false)
      expect(await ledger.lease('somebody else', minute)).toBe(true)
      expect(await ledger.renew(holder, minute)).toBe(false)
      await ledger.leave('somebody else')
      expect(await ledger.renew('somebody else', minute)).toBe(false)
    })

    it('gives the lease to one of many who ask at once', async () => {
      const ledger = await ledgerNow()
      const names = Array.from({ length: 6 }, (_, place) => `many ${place}`)
      const got = await Promise.all(names.map((name) => ledger.lease(name, minute)))
      expect(got.filter(Boolean)).toHaveLength(1)
      for (const name of names) await ledger.leave(name)
    })

    it('remembers a place that is written to until it is committed or forgotten', async () => {
      const { ledger, holder } = await leased()
      const entry = await nextEntry(ledger)
      const lost = { id: idAt(t0), place: 'lost', holder }
      await ledger.intend([{ id: entry.id, place: entry.place, holder }, lost])
      await ledger.intend([lost])
      const mine = async () => (await ledger.intents()).filter((intent) => intent.holder === holder)
      expect((await mine()).map(({ place }) => place)).toEqual([entry.place, 'lost'])
      expect(Math.abs(((await mine())[0]?.openedAt ?? 0) - Date.now())).toBeLessThan(60_000)
      await ledger.commit([entry], holder)
      expect((await mine()).map(({ place }) => place)).toEqual(['lost'])
      await ledger.forget(lost.id)
      expect(await mine()).toEqual([])
      await ledger.leave(holder)
    })

    it('makes a manifest the next of the chain, and gives it back as it was', async () => {
      const { ledger, holder } = await leased()
      const entry = await committed(ledger, holder, { tenant: `ü '"`, place: `a/ü=1/'"` })
      const unsettled = { emptiedAt: null, expiredAt: null, removedAt: null, memo: null }
      const [last] = await ledger.entries({ order: 'descending', limit: 1 })
      expect(last).toEqual({ ...entry, ...unsettled })
      expect(await ledger.commit([entry], holder)).toBe(true)
      await ledger.leave(holder)
    })

    it('tells with a page that some of its time and tenants is archived, or leaves that to be asked', async () => {
      const store = storeNow()
      const { ledger, holder } = await leased()
      const tenant = unique(`of 'a'`)
      const rows = await appended(store, [rowOf({ tenant, occurredAt: t0 + 5 })])
      const told = async (query: Omit<PageQuery, 'limit'>) => {
        const page = await store.page({ ...query, limit: 1, archived: true })
        const known = await store.isArchived(query)
        expect(page.archived ?? known).toBe(known)
        return known
      }
      const both: Condition = { column: 'tenant', in: [tenant, `not ${tenant}`] }
      expect(await told({ tenant })).toBe(false)
      await committed(ledger, holder, { tenant })
      expect(await told({ tenant })).toBe(true)
      expect(await told({ where: both })).toBe(true)
      expect(await told({ where: both, tenant: null })).toBe(false)
      expect(await told({ tenant, from: t0 + 10, to: t0 + 11 })).toBe(true)
      expect(await told({ tenant, from: t0 + 11 })).toBe(false)
      expect(await told({ tenant, to: t0 })).toBe(false)
      const { rows: found, archived } = await store.page({ tenant, limit: 1 })
      expect(archived).toBeUndefined()
      const asked = await store.page({ tenant, limit: 1, archived: true })
      expect(asked.rows).toStrictEqual(found)
      expect(found.map(({ id }) => id)).toEqual(idsOf(rows))
      await ledger.leave(holder)
    })

    it('commits for who holds the lease alone, and no number twice or with a gap', async () => {
      const { ledger, holder } = await leased()
      const entry = await nextEntry(ledger)
      expect(await ledger.commit([entry], 'somebody else')).toBe(false)
      expect(await ledger.commit([{ ...entry, number: entry.number + 1 }], holder)).toBe(false)
      await committed(ledger, holder)
      expect(await ledger.commit([entry], holder)).toBe(false)
      const again = await nextEntry(ledger)
      const rivals = [again, { ...again, id: idAt(t0) }, { ...again, id: idAt(t0) }]
      const done = await Promise.all(rivals.map((one) => ledger.commit([one], holder)))
      expect(done.filter(Boolean)).toHaveLength(1)
      await ledger.leave(holder)
    })

    it('commits many at once, all or none', async () => {
      const { ledger, holder } = await leased()
      const first = await nextEntry(ledger)
      const more = [1, 2].map((by) => ({ ...first, id: idAt(t0), number: first.number + by }))
      const all = [first, ...more]
      const after = first.number - 1
      expect(await ledger.commit([], holder)).toBe(true)
      expect(await ledger.commit(all, 'somebody else')).toBe(false)
      expect(await ledger.commit(more, holder)).toBe(false)
      expect(await ledger.entries({ after, limit: 10 })).toEqual([])
      const rivals = [all, all.map((entry) => ({ ...entry, id: idAt(t0) }))]
      const done = await Promise.all(rivals.map((some) => ledger.commit(some, holder)))
      expect(done.filter(Boolean)).toHaveLength(1)
      const there = idsOf(await ledger.entries({ after, limit: 10 }))
      expect(there).toEqual(idsOf(rivals[done.indexOf(true)] ?? []))
      await ledger.emptied(there, true)
      expect(await ledger.entries({ state: 'filled', after, limit: 10 })).toEqual([])
      await ledger.leave(holder)
    })

    it('names the tenants that have events of a span', async () => {
      const ledger = await ledgerNow()
      const [one, other] = [unique('named'), unique('named')]
      const at = t0 + 90_000_000_000
      const rows = [
        { tenant: one, occurredAt: at },
        { tenant: one, occurredAt: at + 1 },
        { tenant: null, occurredAt: at + 2 },
        { tenant: other, occurredAt: at + 3, action: 'post.view' },
        { tenant: unique('late'), occurredAt: at + 4 },
      ]
      await storeNow().append(rows.map(rowOf))
      const where = { and: [] }
      const all = await ledger.tenants({ where, from: at, to: at + 4 })
      expect(all.toSorted()).toEqual([one, other, null].toSorted())
      const column = { column: 'action', in: ['post.view'] } as const
      expect(await ledger.tenants({ where: column, from: at, to: at + 4 })).toEqual([other])
    })

    it('finds entries by time, tenant, state and number', async () => {
      const { ledger, holder } = await leased()
      const [tenant, other] = [unique('found'), unique('other')]
      const spans = [0, 100, 200].map((at) => ({ firstAt: t0 + at, lastAt: t0 + at + 50 }))
      const first = await committed(ledger, holder, { tenant, ...spans[0] })
      const second = await committed(ledger, holder, { tenant, ...spans[1] })
      const third = await committed(ledger, holder, { tenant: other, ...spans[2] })
      const found = async (query: Partial<Parameters<Ledger['entries']>[0]>) =>
        idsOf(await ledger.entries({ tenants: [tenant, other], limit: 10, ...query }))
      expect(await found({})).toEqual(idsOf([first, second, third]))
      expect(await found({ from: t0 + 51, to: t0 + 200 })).toEqual([second.id])
      expect(await found({ from: t0 + 150, to: t0 + 201 })).toEqual([second.id, third.id])
      expect(await found({ tenants: [other] })).toEqual([third.id])
      expect(await found({ tenants: [] })).toEqual([])
      expect(await found({ after: first.number, limit: 1 })).toEqual([second.id])
      expect(await found({ order: 'newest' })).toEqual(idsOf([third, second, first]))
      expect(await found({ order: 'oldest', limit: 2 })).toEqual(idsOf([first, second]))
      expect(await found({ order: 'newest', behind: third })).toEqual(idsOf([second, first]))
      expect(await found({ order: 'oldest', behind: first, limit: 1 })).toEqual([second.id])
      const twin = await committed(ledger, holder, { tenant, ...spans[1] })
      expect(await found({ order: 'oldest', behind: second })).toEqual(idsOf([twin, third]))
      expect(await found({ order: 'newest', behind: twin })).toEqual(idsOf([second, first]))
      await ledger.emptied([first.id, twin.id], true)
      expect(await found({ state: 'filled' })).toEqual([second.id, third.id])
      await ledger.emptied([first.id], false)
      expect(await found({ state: 'filled' })).toContain(first.id)
      await ledger.memo(second.id, 'a note')
      expect((await ledger.entries({ after: first.number, limit: 1 }))[0]?.memo).toBe('a note')
      await ledger.leave(holder)
    })

    it('lets an object go for who holds the lease, if no hold came in between', async () => {
      const { ledger, holder } = await leased()
      const entry = await committed(ledger, holder)
      const state = async () =>
        (await ledger.entries({ after: entry.number - 1, limit: 1 }))[0]?.expiredAt ?? null
      const seen = await ledger.holdsSeen()
      const hold = holdOf({ tenant: unique('none') })
      await ledger.place(hold)
      expect(await ledger.expire(entry.id, holder, seen)).toBe(false)
      await ledger.release(hold.id, 'counsel')
      expect(await ledger.expire(entry.id, holder, seen)).toBe(false)
      expect(await ledger.expire(entry.id, 'somebody else', seen + 1)).toBe(false)
      expect(await state()).toBeNull()
      expect(await ledger.expire(entry.id, holder, seen + 1)).toBe(true)
      expect(await state()).not.toBeNull()
      const expired = { state: 'expired', after: entry.number - 1, limit: 1 } as const
      expect(idsOf(await ledger.entries(expired))).toEqual([entry.id])
      await ledger.removed(entry.id)
      expect(await ledger.entries(expired)).toEqual([])
      await ledger.leave(holder)
    })

    it('keeps holds as they were placed, until they are released', async () => {
      const ledger = await ledgerNow()
      const full = holdOf({
        tenant: `t '"`,
        actor: 'ada',
        target: { type: 'order', id: '7' },
        from: t0,
        to: t0 + 5,
      })
      const bare = holdOf({ tenant: null, target: { type: unique('kind') } })
      for (const hold of [full, bare, full]) await ledger.place(hold)
      const mine = async (all: boolean) =>
        (await ledger.holds({ all })).filter(({ id }) => id === full.id || id === bare.id)
      const placedAt: unknown = expect.any(Number)
      expect(await mine(false)).toEqual([
        { ...full, placedAt, released: undefined },
        {
          ...bare,
          actor: undefined,
          from: undefined,
          to: undefined,
          target: { type: bare.target?.type, id: undefined },
          placedAt,
          released: undefined,
        },
      ])
      expect(await ledger.release(full.id, 'judge')).toBe(true)
      expect(await ledger.release(full.id, 'judge')).toBe(false)
      expect(await ledger.release('none', 'judge')).toBe(false)
      expect(idsOf(await mine(false))).toEqual([bare.id])
      expect((await mine(true))[0]?.released?.by).toBe('judge')
      expect(await ledger.holds({ all: true, after: bare.id })).not.toContainEqual(
        expect.objectContaining({ id: bare.id }),
      )
      await ledger.release(bare.id, 'judge')
    })

    it('deletes live events for an entry that stands, or for who holds the lease', async () => {
      const { ledger, holder } = await leased()
      const tenant = unique('gone')
      const rows = await appended(
        storeNow(),
        rowsOf(6, () => ({ tenant })),
      )
      const ids = idsOf(rows)
      const left = async () => idsOf(await readAll(storeNow(), { tenant, limit: 100 })).toSorted()
      expect(await ledger.remove(ids, { entries: ['none'] })).toHaveLength(6)
      expect(await ledger.remove(ids, { holder: 'somebody else' })).toHaveLength(6)
      expect(await left()).toEqual(ids.toSorted())
      const entry = await committed(ledger, holder)
      expect(await ledger.remove(ids.slice(0, 2), { entries: [entry.id] })).toEqual([])
      expect(await ledger.remove(ids.slice(0, 2), { entries: [entry.id] })).toEqual([])
      expect(await ledger.remove([], { holder })).toEqual([])
      expect(await ledger.remove(ids.slice(2, 4), { holder })).toEqual([])
      expect(await left()).toEqual(ids.slice(4).toSorted())
      await ledger.expire(entry.id, holder, await ledger.holdsSeen())
      expect(await ledger.remove(ids.slice(4), { entries: [entry.id] })).toHaveLength(2)
      await ledger.leave(holder)
    })

    it('deletes no event that a hold covers, and all others', async () => {
      const { ledger, holder } = await leased()
      const tenant = unique('held')
      const text = fc.constantFrom('a', 'b', 'A', `a'`)
      const target = fc.record({ id: text, type: text })
      const arbitraryRow = fc.record({
        tenant: fc.constantFrom(tenant, null),
        actorId: text,
        occurredAt: fc.integer({ min: t0, max: t0 + 4 }),
        targets: fc.array(target, { maxLength: 3 }),
      })
      const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined })
      const arbitraryHold = fc.record({
        tenant: maybe(fc.constantFrom(tenant, null, 'nobody')),
        actor: maybe(text),
        target: maybe(fc.record({ type: text, id: maybe(text) })),
        from: maybe(fc.integer({ min: t0, max: t0 + 4 })),
        to: maybe(fc.integer({ min: t0, max: t0 + 5 })),
      })
      await fc.assert(
        fc.asyncProperty(
          fc.array(arbitraryRow, { minLength: 1, maxLength: 8 }),
          fc.array(arbitraryHold, { minLength: 1, maxLength: 3 }),
          async (wanted, scopes) => {
            const made = wanted.map(({ targets, ...columns }) => {
              const target = {
                targetType: targets[0]?.type ?? null,
                targetId: targets[0]?.id ?? null,
              }
              return rowOf({ ...columns, ...target, record: JSON.stringify({ targets }) })
            })
            const rows = await appended(storeNow(), made)
            const holds = scopes.map(holdOf)
            for (const hold of holds) await ledger.place(hold)
            const left = await ledger.remove(idsOf(rows), { holder })
            expect(left.toSorted()).toEqual(
              idsOf(rows.filter((row) => isHeld(row, scopes))).toSorted(),
            )
            for (const { id } of holds) await ledger.release(id, 'test')
            expect(await ledger.remove(left, { holder })).toEqual([])
          },
        ),
        { numRuns: 40 },
      )
      await ledger.leave(holder)
    })

    const full: ArchivedRow = {
      ...rowOf({ ...different, occurredAt: t0 + 1, tenant: 'ü 👍' }),
      recordedAt: t0 + 2,
      archivedAt: t0 + 3,
      record: ` {"a":"\\u0000 '\\" é 👩‍👩‍👧‍👦 \u2028\u007f","n":1e+21} `,
    }
    const bare: ArchivedRow = { ...rowOf({ occurredAt: -5 }), recordedAt: -4, archivedAt: -3 }
    const fresh = (row: ArchivedRow): ArchivedRow => ({ ...row, id: idAt(t0) })

    it('puts events back as they were, once', async () => {
      const ledger = await ledgerNow()
      const rows = [fresh(full), fresh(bare)]
      await ledger.restore(rows)
      await ledger.restore(rows.map((row) => ({ ...row, action: 'other' })))
      for (const { archivedAt: _, ...row } of rows)
        expect(await storeNow().get(row.id)).toEqual({ ...row })
    })

    it('gives the rows of the second table back byte for byte, in the order of time', async () => {
      const { table } = await ledgerNow()
      const [segment, other] = [unique('segment'), unique('segment')]
      const rows = [fresh(full), fresh(bare)]
      await table.write(segment, rows)
      await table.write(
        segment,
        rows.map((row) => ({ ...row, action: 'other' })),
      )
      await table.write(other, rows)
      const expected = rows.toReversed().map((row) => ({ ...row }))
      expect(await table.read(segment)).toEqual(expected)
      expect(await table.read(segment, expected[0])).toEqual(expected.slice(1))
      await table.remove(segment)
      await table.remove(segment)
      expect(await table.read(segment)).toEqual([])
      expect(await table.read(other)).toHaveLength(2)
      await table.remove(other)
    })

    it('takes 1,500 rows and large records into the second table', async () => {
      const { table } = await ledgerNow()
      const segment = unique('segment')
      const record = JSON.stringify('é'.repeat(300_000))
      const rows = rowsOf(1_500, (place) => ({ occurredAt: t0 + place })).map((row, place) => ({
        ...row,
        ...(place % 500 === 0 && { record }),
        recordedAt: t0,
        archivedAt: t0,
      }))
      await table.write(segment, rows)
      const first = await table.read(segment)
      const rest = await table.read(segment, first.at(-1))
      expect([...first, ...rest].map(({ id }) => id)).toEqual(idsOf(rows))
      expect(first[0]?.record).toBe(record)
      await table.remove(segment)
    })
  })
}
