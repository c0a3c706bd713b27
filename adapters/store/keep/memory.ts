import { byTime } from '../../../src/event/order.ts'
import { meets } from '../../../src/event/meets.ts'
import { isHeld } from '../../../src/event/hold.ts'
import type { StoredRow } from '../../../src/event/row.ts'
import type { ArchivedRow } from '../../../src/ports/archive.ts'
import type { Entry, EntryQuery, Hold, Intent, Ledger } from '../../../src/ports/ledger.ts'

const MOST = 1_000

const isKept = ({ expiredAt }: Entry): boolean => expiredAt === null

const inState: Readonly<Record<NonNullable<EntryQuery['state']>, (entry: Entry) => boolean>> = {
  kept: isKept,
  filled: (entry) => isKept(entry) && entry.emptiedAt === null,
  expired: (entry) => !isKept(entry) && entry.removedAt === null,
}

type Order = (one: Entry, other: Entry) => number

const orders: Readonly<Record<NonNullable<EntryQuery['order']>, Order>> = {
  ascending: (one, other) => one.number - other.number,
  descending: (one, other) => other.number - one.number,
  oldest: (one, other) => one.firstAt - other.firstAt || one.number - other.number,
  newest: (one, other) => other.lastAt - one.lastAt || other.number - one.number,
}

const isAsked = (
  entry: Entry,
  { from, to, tenants, state, after, behind, order = 'ascending' }: EntryQuery,
): boolean =>
  (behind === undefined || orders[order](entry, { ...entry, ...behind }) > 0) &&
  (from === undefined || entry.lastAt >= from) &&
  (to === undefined || entry.firstAt < to) &&
  (tenants?.includes(entry.tenant) ?? true) &&
  (state === undefined || inState[state](entry)) &&
  (after === undefined || entry.number > after)

const inOrder = <Value extends { readonly id: string }>(values: Iterable<Value>): Value[] =>
  [...values].toSorted((one, other) => (one.id < other.id ? -1 : 1))

/** The same books as those of the databases, over the rows of the store in memory. */
export const memoryLedger = (live: Map<string, StoredRow>, now: () => number): Ledger => {
  const entries = new Map<string, Entry>()
  const intents = new Map<string, Intent>()
  const holds = new Map<string, Hold>()
  const segments = new Map<string, ArchivedRow[]>()
  let lease = { holder: '', until: -Infinity }

  const isHolder = (holder: string): boolean => lease.holder === holder && lease.until > now()
  const inForce = (): readonly Hold[] =>
    [...holds.values()].filter(({ released }) => released === undefined)
  const change = (id: string, changes: Partial<Entry>): void => {
    const entry = entries.get(id)
    if (entry !== undefined) entries.set(id, { ...entry, ...changes })
  }
  return {
    now: async () => now(),
    lease: async (holder, ms) => {
      if (lease.holder === holder || lease.until <= now()) lease = { holder, until: now() + ms }
      return isHolder(holder)
    },
    renew: async (holder, ms) => {
      if (isHolder(holder)) lease = { holder, until: now() + ms }
      return isHolder(holder)
    },
    leave: async (holder) => {
      if (isHolder(holder)) lease = { holder, until: now() }
    },
    intend: async (wanted) => {
      for (const intent of wanted)
        if (!intents.has(intent.id)) intents.set(intent.id, { ...intent, openedAt: now() })
    },
    intents: async () =>
      inOrder(intents.values())
        .toSorted((one, other) => one.openedAt - other.openedAt)
        .slice(0, MOST),
    forget: async (id) => {
      intents.delete(id)
    },
    commit: async (wanted, holder) => {
      const all = (): boolean => wanted.every(({ id }) => entries.has(id))
      if (isHolder(holder) && wanted[0]?.number === entries.size + 1) {
        const unsettled = { emptiedAt: null, expiredAt: null, removedAt: null, memo: null }
        for (const entry of wanted) entries.set(entry.id, { ...entry, ...unsettled })
      }
      if (all()) for (const { id } of wanted) intents.delete(id)
      return all()
    },
    entries: async (query) => {
      return [...entries.values()]
        .filter((entry) => isAsked(entry, query))
        .toSorted(orders[query.order ?? 'ascending'])
        .slice(0, query.limit)
    },
    emptied: async (ids, yes) => {
      for (const id of ids) change(id, { emptiedAt: yes ? now() : null })
    },
    expire: async (id, holder, holdsSeen) => {
      const entry = entries.get(id)
      if (entry?.expiredAt === null && isHolder(holder) && holds.size === holdsSeen)
        change(id, { expiredAt: now() })
      return entries.get(id)?.expiredAt !== null
    },
    removed: async (id) => change(id, { removedAt: now() }),
    memo: async (id, memo) => change(id, { memo }),
    place: async (hold) => {
      if (!holds.has(hold.id)) holds.set(hold.id, { ...hold, placedAt: now() })
    },
    release: async (id, by) => {
      const hold = holds.get(id)
      if (hold === undefined || hold.released !== undefined) return false
      holds.set(id, { ...hold, released: { by, at: now() } })
      return true
    },
    holds: async ({ all = false, after } = {}) =>
      inOrder(all ? holds.values() : inForce())
        .filter(({ id }) => after === undefined || id > after)
        .slice(0, MOST),
    holdsSeen: async () => holds.size,
    oneWriter: false,
    remove: async (ids, because) => {
      const stands = (id: string): boolean => {
        const entry = entries.get(id)
        return entry !== undefined && isKept(entry)
      }
      const may = 'entries' in because ? because.entries.every(stands) : isHolder(because.holder)
      const held = inForce()
      for (const id of may ? ids : []) {
        const row = live.get(id)
        if (row !== undefined && !isHeld(row, held)) live.delete(id)
      }
      return ids.filter((id) => live.has(id))
    },
    tenants: async ({ where, from, to }) => {
      const rows = [...live.values()].filter(
        (row) => row.occurredAt >= from && row.occurredAt < to && meets(row, where),
      )
      return [...new Set(rows.map(({ tenant }) => tenant))]
    },
    restore: async (rows) => {
      for (const { archivedAt: _, ...row } of rows) if (!live.has(row.id)) live.set(row.id, row)
    },
    table: {
      write: async (segment, rows) => {
        const before = segments.get(segment) ?? []
        const known = new Set(before.map(({ id }) => id))
        segments.set(segment, [...before, ...rows.filter(({ id }) => !known.has(id))])
      },
      read: async (segment, after) =>
        (segments.get(segment) ?? [])
          .filter((row) => after === undefined || byTime(row, after) > 0)
          .toSorted(byTime)
          .slice(0, MOST),
      remove: async (segment) => {
        segments.delete(segment)
      },
    },
  }
}
