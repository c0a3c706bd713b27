import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byTime } from '../../../src/event/order.ts'
import type { EventRow } from '../../../src/event/row.ts'
import type { AuditEvent } from '../../../src/event/schema.ts'
import { history, type HistoryOptions, type HistoryView } from '../../../src/read/views.ts'
import { auditOf, type Entry, eventsOf, rowsOf, storedOf, t0, trail } from '../../support/trail.ts'

const invoice = { type: 'invoice', id: 'v1' } as const

const entriesOf = (...all: readonly Partial<AuditEvent>[]): readonly Entry[] =>
  all.map((one, index) => ({
    broken: false,
    event: {
      v: 1,
      tenant: 'a',
      occurredAt: t0 + index,
      kind: 'change',
      action: 'invoice.update',
      outcome: 'success',
      actor: { id: `u${index}`, type: 'user' },
      targets: [invoice],
      ...one,
    },
  }))

const set = (fields: Readonly<Record<string, unknown>>) => ({
  changes: Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, { new: value }]),
  ),
})

/** The values of the fields after these events, as by writing one after the other. */
const valuesAfter = (events: readonly AuditEvent[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    events
      .filter(({ outcome, targets }) => outcome === 'success' && targets[0]?.id === invoice.id)
      .flatMap(({ changes = {} }) =>
        Object.entries(changes).map(([name, change]) => [
          name,
          (change as { readonly new?: unknown }).new,
        ]),
      ),
  )

const valuesOf = ({ fields }: HistoryView): Readonly<Record<string, unknown>> =>
  Object.fromEntries(fields.map(({ name, value }) => [name, value]))

const isAbout = (row: EventRow): boolean =>
  row.targetType === 'invoice' && (row.targetId === 'v1' || row.record.includes('"id":"v1"'))

describe('the history of a thing', () => {
  it('is every event about it, once, and each page shows what they had made of it by then', async () => {
    await fc.assert(
      fc.asyncProperty(
        trail,
        trail,
        fc.constantFrom('a', 'b', null),
        fc.constantFrom('newest' as const, 'oldest' as const, undefined),
        fc.integer({ min: 1, max: 4 }),
        fc.record({ from: fc.nat(9).map((ms) => t0 + ms) }, { requiredKeys: [] }),
        async (entries, later, tenant, order, limit, span) => {
          const rows = rowsOf(entries)
          const audit = await auditOf(rows)
          const own = rows.filter((row) => row.tenant === tenant && isAbout(row)).toSorted(byTime)
          const asked = own.filter(({ occurredAt }) => occurredAt >= (span.from ?? 0))
          const wanted = (order === 'newest' ? asked.toReversed() : asked).map(({ id }) => id)
          const found: string[] = []
          let next: string | null | undefined
          do {
            const options: HistoryOptions = { tenant, order, limit, next, to: t0 + 50, ...span }
            const page = await history(audit, invoice, options)
            expect(page.events.length).toBeLessThanOrEqual(limit)
            const latest = page.events.toSorted(byTime).at(-1)
            const past = own.filter((row) => latest === undefined || byTime(row, latest) <= 0)
            expect(valuesOf(page)).toEqual(valuesAfter(eventsOf(past.map(storedOf))))
            found.push(...page.events.map(({ id }) => id))
            next = page.next
            const after = later.map(({ event, broken }) => ({
              broken,
              event: { ...event, occurredAt: event.occurredAt + 50 },
            }))
            await audit.store().append(rowsOf(after))
          } while (next !== null)
          expect(found).toEqual(wanted)
        },
      ),
      { numRuns: 150 },
    )
  }, 60_000)

  it('tells of each field its last value, who set it, when, and how often it changed', async () => {
    const rows = rowsOf(
      entriesOf(
        { action: 'invoice.create', ...set({ total: 5, status: 'draft' }) },
        { ...set({ status: 'sent' }) },
        { kind: 'access', action: 'view' },
        { ...set({ status: 'paid', note: null }) },
      ),
    )
    const view = await history(await auditOf(rows), invoice, { tenant: 'a' })
    const by = (place: number) => ({
      by: { id: `u${place}`, type: 'user' },
      at: t0 + place,
      event: rows[place]?.id,
    })
    expect(view).toEqual({
      ...invoice,
      events: expect.any(Array),
      next: null,
      created: by(0),
      deleted: undefined,
      fields: [
        { name: 'note', value: null, changes: 1, ...by(3) },
        { name: 'status', value: 'paid', changes: 3, ...by(3) },
        { name: 'total', value: 5, changes: 1, ...by(0) },
      ],
    })
    expect(view.events.map(({ id }) => id)).toEqual(rows.map(({ id }) => id))
  })

  it('shows a page, and the thing as it was at the end of it', async () => {
    const events = entriesOf(set({ n: 1 }), set({ n: 2 }), set({ n: 3 }), set({ n: 4 }))
    const audit = await auditOf(rowsOf(events))
    const first = await history(audit, invoice, { tenant: 'a', limit: 2 })
    expect([first.events.length, first.fields[0]?.value]).toEqual([2, 2])
    const second = await history(audit, invoice, { tenant: 'a', limit: 2, next: first.next })
    expect([second.events.length, second.fields[0]]).toMatchObject([2, { value: 4, changes: 4 }])
    const newest = await history(audit, invoice, { tenant: 'a', limit: 1, order: 'newest' })
    expect(newest.fields[0]).toMatchObject({ value: 4, changes: 4 })
    const from = await history(audit, invoice, { tenant: 'a', from: t0 + 2, to: t0 + 3 })
    expect([from.events.length, from.fields[0]]).toMatchObject([1, { value: 3, changes: 3 }])
    const quiet = await history(audit, invoice, { tenant: 'a', from: t0 + 9, to: t0 + 10 })
    expect([quiet.events, quiet.fields[0]?.value]).toEqual([[], 4])
    const before = await history(audit, invoice, { tenant: 'a', to: t0 })
    expect([before.events, before.fields]).toEqual([[], []])
  })

  it('lists events of which it is not the first target, whose changes are those of the first', async () => {
    const both = { targets: [{ type: 'customer', id: 'c1' }, invoice] }
    const audit = await auditOf(rowsOf(entriesOf(set({ n: 1 }), { ...both, ...set({ n: 2 }) })))
    const view = await history(audit, invoice, { tenant: 'a' })
    expect([view.events.length, view.fields[0]?.value]).toEqual([2, 1])
    const customer = await history(audit, { type: 'customer', id: 'c1' }, { tenant: 'a' })
    expect([customer.events.length, customer.fields[0]?.value]).toEqual([1, 2])
  })

  it('takes what failed, or was denied, for no change', async () => {
    const audit = await auditOf(
      rowsOf(
        entriesOf(
          set({ n: 1 }),
          { outcome: 'failure', ...set({ n: 2 }) },
          { outcome: 'denied', action: 'invoice.delete' },
        ),
      ),
    )
    const view = await history(audit, invoice, { tenant: 'a' })
    expect(view).toMatchObject({ fields: [{ value: 1, changes: 1 }], deleted: undefined })
    expect(view.events).toHaveLength(3)
  })

  it('tells who created and deleted it, by the last time', async () => {
    const made = { action: 'invoice.create' }
    const gone = { action: 'delete', changes: { n: { old: 1 } } }
    const after = async (...all: readonly Partial<AuditEvent>[]) => {
      const { created, deleted, fields } = await history(
        await auditOf(rowsOf(entriesOf(...all))),
        invoice,
      )
      return [created?.at, deleted?.at, fields[0]?.value]
    }
    expect(await after(made, gone)).toEqual([t0, t0 + 1, undefined])
    expect(await after(made, gone, made)).toEqual([t0 + 2, undefined, undefined])
    expect(await after({ kind: 'custom', ...made })).toEqual([t0, undefined, undefined])
    expect(await after({ kind: 'custom', action: 'comment.create' })).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(await after({ kind: 'access', ...made }, { action: 'recreate' })).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  it('takes what is no change of a field for one to nothing, and what is no list for none', async () => {
    const odd = [{ n: 7 }, { n: null }, ['n'], 'n', { n: { old: 1 } }] as readonly unknown[]
    const audit = await auditOf(
      rowsOf(entriesOf(...odd.map((changes) => ({ changes }) as Partial<AuditEvent>))),
    )
    const { fields } = await history(audit, invoice)
    expect(fields).toMatchObject([{ name: 'n', value: undefined, changes: 3 }])
  })

  it('keeps to its tenant', async () => {
    const audit = await auditOf(
      rowsOf(entriesOf(set({ n: 1 }), { tenant: 'b', ...set({ n: 2 }) }, { tenant: null })),
    )
    expect(await history(audit, invoice, { tenant: 'a' })).toMatchObject({ fields: [{ value: 1 }] })
    expect(await history(audit, invoice, { tenant: 'b' })).toMatchObject({ fields: [{ value: 2 }] })
    expect(await history(audit, invoice, { tenant: null })).toMatchObject({ fields: [] })
    expect((await history(audit, invoice)).events).toHaveLength(3)
  })

  it('is partial when there are more events than are read, and made of the newest', async () => {
    const many = Array.from({ length: 2_500 }, (_, index) => set({ n: index }))
    const audit = await auditOf(rowsOf(entriesOf({ action: 'invoice.create' }, ...many)))
    const asked = { tenant: 'a', order: 'newest', limit: 1 } as const
    const view = await history(audit, invoice, { ...asked, most: 1_200 })
    expect(view).toMatchObject({ fields: [{ value: 2_499, changes: 1_201 }], partial: true })
    expect(view.created).toBeUndefined()
    const whole = await history(audit, invoice, { ...asked, most: 2_500 })
    expect(whole).toMatchObject({ fields: [{ changes: 2_500 }], created: { at: t0 } })
    expect(whole).not.toHaveProperty('partial')
  }, 30_000)

  it('shows events whose record cannot be read, and what can be read of the others', async () => {
    const [first, second] = entriesOf(set({ n: 1 }), { action: 'invoice.delete', ...set({ n: 2 }) })
    const audit = await auditOf(
      rowsOf([first, second && { ...second, broken: true }].flatMap((one) => one ?? [])),
    )
    const view = await history(audit, invoice, { tenant: 'a' })
    expect(view.events[1]).toHaveProperty('unreadable', true)
    expect(view).toMatchObject({ fields: [{ value: 1 }], deleted: { at: t0 + 1 } })
  })

  it('goes on by its own cursor alone', async () => {
    const audit = await auditOf(rowsOf(entriesOf({}, {}, {})))
    const { next } = await history(audit, invoice, { tenant: 'a', limit: 1 })
    expect(encodeURIComponent(next ?? '')).toBe(next)
    const others: readonly (() => Promise<unknown>)[] = [
      () => history(audit, { type: 'invoice', id: 'v2' }, { tenant: 'a', next }),
      () => history(audit, { type: 'order', id: 'v1' }, { tenant: 'a', next }),
      () => history(audit, invoice, { next }),
      () => history(audit, invoice, { tenant: 'a', order: 'newest', next }),
    ]
    for (const other of others)
      await expect(other()).rejects.toMatchObject({ code: 'AUDIT_QUERY_INVALID' })
  })

  it.each([
    ['type', {}, {}],
    ['type', { id: 'v1' }, {}],
    ['id', { type: 'invoice' }, {}],
    ['id', { type: 'invoice', id: 7 }, {}],
    ['every parameter', { ...invoice, name: 'x' }, {}],
    ['the query', null, {}],
    ['the query', invoice, null],
    ['limit', invoice, { limit: 1_001 }],
    ['most', invoice, { most: 100_001 }],
    ['order', invoice, { order: 'up' }],
    ['from', invoice, { from: 'x' }],
    ['tenant', invoice, { tenant: ['a'] }],
    ['next', invoice, { next: 'x' }],
    ['every parameter', invoice, { kind: 'change' }],
  ])('refuses a wrong %s: %j %j', async (parameter, target, options) => {
    // As JavaScript may call it.
    const refused = history(await auditOf([]), target as typeof invoice, options as HistoryOptions)
    await expect(refused).rejects.toMatchObject({
      code: 'AUDIT_QUERY_INVALID',
      detail: expect.stringMatching(`^${parameter} must be `),
    })
  })
})
