import { expect, it } from 'vitest'
import { createAudit } from '../../../src/audit.ts'
import { byTime } from '../../../src/event/order.ts'
import type { EventRow, StoredRow } from '../../../src/event/row.ts'
import {
  type ArchiveTarget,
  hold,
  keep,
  release,
  restore,
  verifyArchive,
} from '../../../src/keep/keep.ts'
import type { Ledger } from '../../../src/ports/ledger.ts'
import type { AuditStore } from '../../../src/ports/store.ts'
import { rowOf } from '../../conformance/rows.ts'
import { archivedIn, liveIn, withoutTime } from '../../support/rows.ts'

export interface Parts {
  /** Empty, and migrated. */
  readonly store: AuditStore
  readonly to: ArchiveTarget
  close(): Promise<void>
}

const day = 86_400_000
const tenants = ['acme', `ü/ '"%`, null, '日本 👍'] as const
const who = { reason: 'a case', by: 'counsel' }

/** One after the other of so many days over 135, and of all tenants; two of three are to be archived. */
const eventAt = (place: number, days: number): EventRow => {
  const age = ((place * 7) % days) * (135 / days) + 0.5
  const occurredAt = Date.now() - age * day - place
  const text = `${place} é \u2028 👍 '"\\`
  const targets = [
    { id: '1', type: 'invoice' },
    ...(place % 5 === 0 ? [{ id: '7', type: 'order' }] : []),
  ]
  return rowOf({
    occurredAt,
    tenant: tenants[place % 4] ?? null,
    requestId: text,
    kind: 'request',
    status: place % 2 === 0 ? 200 : null,
    actorId: `u${place % 3}`,
    targetType: 'invoice',
    targetId: '1',
    record: JSON.stringify({ place, text, targets, more: 'x'.repeat((place * 37) % 700) }),
  })
}

const events = (from: number, count: number, days: number): readonly EventRow[] =>
  Array.from({ length: count }, (_, place) => eventAt(from + place, days))

/** The archived events, as they were live. */
const archivedRows = async ({ store, to }: Parts): Promise<readonly StoredRow[]> =>
  (await archivedIn(store, to)).map(withoutTime)

const inOrder = (rows: readonly StoredRow[]): readonly StoredRow[] => rows.toSorted(byTime)

/** A store in whose books something happens before the first manifest is committed. */
const beforeCommit = (store: AuditStore, happen: () => Promise<unknown>): AuditStore => {
  let happened: Promise<unknown> | undefined
  return {
    ...store,
    ledger: async () => {
      const ledger = await store.ledger()
      const commit: Ledger['commit'] = async (...given) => {
        await (happened ??= happen())
        return ledger.commit(...given)
      }
      return { ...ledger, commit }
    },
  }
}

const options = { archiveAfter: '45d', segmentRows: 50, budgetMs: 60_000 } as const

/** Holds a database and an archive to what `keep` promises, on real parts. */
export const keepsWhole = (name: string, open: () => Promise<Parts>): void => {
  it(`${name} have every event once, as it was, though others write meanwhile`, async () => {
    const parts = await open()
    const { store, to } = parts
    const audit = createAudit({ store })
    const first = events(0, 2_000, 9)
    for (let at = 0; at < first.length; at += 500) await store.append(first.slice(at, at + 500))
    const written = [...(await liveIn(store))]
    expect(written).toHaveLength(2_000)
    const later: EventRow[] = []
    const writing = async (): Promise<void> => {
      for (let batch = 0; batch < 20; batch += 1) {
        const more = events(2_000 + batch * 20, 20, 9)
        await store.append(more)
        later.push(...more)
      }
    }
    const [outcome] = await Promise.all([keep(audit, { ...options, to }), writing()])
    expect(outcome.state).toBe('done')
    expect(outcome.moved).toBeGreaterThan(1_000)
    await keep(audit, { ...options, to })
    const { moved, left } = await keep(audit, { ...options, to })
    expect([moved, left]).toEqual([0, 0])

    const live = await liveIn(store)
    const found = [...live, ...(await archivedRows(parts))]
    const ids = new Set(written.map(({ id }) => id))
    expect(inOrder(found.filter(({ id }) => ids.has(id)))).toEqual(inOrder(written))
    const rest = found.filter(({ id }) => !ids.has(id))
    expect(inOrder(rest)).toEqual(
      inOrder(later.map((row) => ({ ...row, recordedAt: expect.any(Number) }))),
    )
    const old = Date.now() - 45 * day
    expect(live.filter(({ occurredAt }) => occurredAt <= old)).toEqual([])
    const { findings, events: read } = await verifyArchive(audit, { archive: to })
    expect(findings).toEqual([])
    expect(read).toBe(found.length - live.length)
    await parts.close()
  })

  it(`${name} keep live what a hold covers that came in the middle of a run`, async () => {
    const parts = await open()
    const { store, to } = parts
    await store.append(events(0, 60, 3))
    const written = await liveIn(store)
    let id = ''
    const audit = createAudit({
      store: beforeCommit(store, async () => {
        id = await hold(createAudit({ store }), { target: { type: 'order', id: '7' }, ...who })
      }),
    })
    await keep(audit, { ...options, to })
    const isHeld = ({ record }: StoredRow): boolean => record.includes('"order"')
    const held = written.filter(isHeld)
    expect((await liveIn(store)).filter(isHeld)).toEqual(held)
    await keep(audit, { ...options, to })
    expect((await liveIn(store)).filter(isHeld)).toEqual(held)
    await release(audit, id, who)
    await keep(audit, { ...options, to })
    const found = [...(await liveIn(store)), ...(await archivedRows(parts))]
    expect(inOrder(found)).toEqual(inOrder(written))
    await parts.close()
  })

  it(`${name} give events back as they were, and let them go again`, async () => {
    const parts = await open()
    const { store, to } = parts
    const audit = createAudit({ store })
    await store.append(events(0, 60, 3))
    const written = await liveIn(store)
    await keep(audit, { ...options, to })
    const [live, archived] = [await liveIn(store), await archivedRows(parts)]
    const asked = { from: 0, to: Date.now(), archive: to, into: 'live', ...who } as const
    const { hold: id = '' } = await restore(audit, asked)
    await restore(audit, { ...asked, hold: id })
    expect(await liveIn(store)).toEqual(written)
    await keep(audit, { ...options, to })
    expect(await liveIn(store)).toEqual(written)
    await release(audit, id, who)
    expect(await keep(audit, { ...options, to })).toMatchObject({ state: 'done', moved: 0 })
    expect(await liveIn(store)).toEqual(live)
    expect(await archivedRows(parts)).toEqual(archived)
    await parts.close()
  })

  it(`${name} delete what a policy lets go, live and archived, and nothing else`, async () => {
    const parts = await open()
    const { store, to } = parts
    const audit = createAudit({ store })
    await store.append(events(0, 60, 3))
    await keep(audit, { ...options, to, policies: [{ tenant: 'acme', archiveAfter: '999d' }] })
    const before = [...(await liveIn(store)), ...(await archivedRows(parts))]
    expect(before).toHaveLength(60)
    const policies = [{ tenant: ['acme', null], deleteAfter: '60d' }] as const
    await keep(audit, { to, policies })
    const old = Date.now() - 60 * day
    const isKept = ({ tenant, occurredAt }: StoredRow): boolean =>
      (tenant !== 'acme' && tenant !== null) || occurredAt > old
    const found = [...(await liveIn(store)), ...(await archivedRows(parts))]
    expect(inOrder(found)).toEqual(inOrder(before.filter(isKept)))
    expect((await verifyArchive(audit, { archive: to })).findings).toEqual([])
    await parts.close()
  })
}
