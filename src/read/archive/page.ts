import { byTime, type Position } from '../../event/order.ts'
import type { StoredRow } from '../../event/row.ts'
import type { Entry } from '../../ports/ledger.ts'
import type { Page, PageQuery, ReadingStore, ScanQuery } from '../../ports/store.ts'
import { isOfLasts, lastOnes, latestOfEach } from './last.ts'
import { scanBoth } from './scan.ts'
import { selects } from './selects.ts'
import { entriesFor, type Shelf } from './shelf.ts'

/** Objects that a page or a count opens, besides those that reach over the place where a page begins. */
export const MOST = 1_000

export const SCAN = 100_000

/** Sorts before the id of any event. */
const BEFORE_ALL = ' '

const isNewest = ({ order = 'newest' }: PageQuery): boolean => order === 'newest'

/** A place before all events of an entry, in the order of the query. */
const startOf = (entry: Entry, query: PageQuery): Position => ({
  occurredAt: isNewest(query) ? entry.lastAt + 1 : entry.firstAt,
  id: BEFORE_ALL,
})

const times = (...all: readonly (number | null | undefined)[]): readonly number[] =>
  all.filter((time) => typeof time === 'number')

/** The same question, no further than a page reaches. */
const within = (query: PageQuery, reach: Position | null): PageQuery => {
  const { from, to, after } = query
  const [least, most] = isNewest(query) ? [reach, after] : [after, reach]
  const latest = Math.max(...times(from, least?.occurredAt))
  const earliest = Math.min(...times(to, most && most.occurredAt + 1))
  return {
    ...query,
    from: latest === -Infinity ? undefined : latest,
    to: earliest === Infinity ? undefined : earliest,
  }
}

interface Found {
  /** In order; one more than the page takes, if there are. */
  readonly rows: readonly StoredRow[]
  /** Where the search ended before it had looked at everything. */
  readonly stop: Position | undefined
}

/** Rows that are looked at before those that no page needs are let go. */
const MANY = 10_000

/** What was found so far. */
const collected = (query: PageQuery, inOrder: (one: Position, other: Position) => number) => {
  const isLast = isOfLasts(query)
  let rows: readonly StoredRow[] = []
  let fresh: StoredRow[] = []
  const ordered = (): readonly StoredRow[] => {
    if (fresh.length > 0) {
      const all = latestOfEach(query, [...rows, ...fresh]).toSorted(inOrder)
      // The last event of a thing may come later and move it behind others: of those none is let go.
      rows = isLast ? all : all.slice(0, query.limit + 1)
      fresh = []
    }
    return rows
  }
  return {
    ordered,
    add: (some: readonly StoredRow[]): void => {
      // One by one: an object may hold more rows than a call takes arguments.
      for (const row of some) fresh.push(row)
      if (fresh.length >= MANY + rows.length) ordered()
    },
    /** Whether a page is full before a place; more may have been found than that. */
    isFullBefore: (place: Position): boolean => {
      const { limit } = query
      // Counted before they are put in order, which takes longer than the count and is seldom needed.
      let before = 0
      for (const some of [rows, fresh])
        for (const row of some) if (inOrder(row, place) < 0) before += 1
      const last = before > limit ? ordered()[limit] : undefined
      return last !== undefined && inOrder(place, last) > 0
    },
  }
}

const search = async (shelf: Shelf, query: PageQuery, reach: Position | null): Promise<Found> => {
  const { after, scan = SCAN } = query
  const sign = isNewest(query) ? -1 : 1
  const inOrder = (one: Position, other: Position): number => sign * byTime(one, other)
  const isAsked = selects(query)
  const entries = entriesFor(shelf, within(query, reach), isNewest(query) ? 'newest' : 'oldest')
  const found = collected(query, inOrder)
  let [looked, opened] = [0, 0]
  for await (const entry of entries) {
    const start = startOf(entry, query)
    // A page ends behind its beginning, or the next one would be the same: what reaches over that is read
    // whatever it takes.
    const isFurther = after === undefined || inOrder(after, start) < 0
    if (isFurther && found.isFullBefore(start)) break
    if (isFurther && (looked >= scan || opened >= MOST))
      return { rows: found.ordered(), stop: start }
    for await (const some of shelf.rows(entry)) {
      if (isFurther) looked += some.length
      found.add(
        some.filter((row) => (after === undefined || inOrder(after, row) < 0) && isAsked(row)),
      )
    }
    if (isFurther) opened += 1
  }
  return { rows: found.ordered(), stop: undefined }
}

/** Of an event that is live and archived, for a hold came in between, one is enough. */
const united = (
  live: readonly StoredRow[],
  archived: readonly StoredRow[],
): readonly StoredRow[] => {
  const ids = new Set(live.map(({ id }) => id))
  return [...live, ...archived.filter(({ id }) => !ids.has(id))]
}

const merged = async (
  live: Pick<ReadingStore, 'page'>,
  shelf: Shelf,
  query: PageQuery,
): Promise<Page> => {
  // What is archived is among what is read: nobody need be told of it.
  const page = await live.page({ ...query, archived: undefined })
  const { rows, stop } = await search(shelf, query, page.next)
  const sign = isNewest(query) ? -1 : 1
  const inOrder = (one: Position, other: Position): number => sign * byTime(one, other)
  // Behind the nearer of the two ends nothing is known of one of both.
  const ends = [page.next, stop].filter((end) => end !== null && end !== undefined)
  const [end] = ends.toSorted(inOrder)
  const all = united(page.rows, rows)
    .filter((row) => end === undefined || inOrder(row, end) <= 0)
    .toSorted(inOrder)
  const shown = all.slice(0, query.limit)
  const last = shown.at(-1)
  if (all.length > shown.length && last !== undefined)
    return { rows: shown, next: { occurredAt: last.occurredAt, id: last.id } }
  return { rows: shown, next: end ?? null }
}

/**
 * A page of what is live and of what is archived, in one order, with one place to go on from. Of things
 * whose last event is asked for it may hold fewer than there is room for.
 */
export const pageOfBoth = async (
  live: Pick<ReadingStore, 'page'>,
  shelf: Shelf,
  query: PageQuery,
): Promise<Page> => {
  const page = await merged(live, shelf, query)
  const scan = (asked: ScanQuery) => scanBoth(live, shelf, asked)
  return { ...page, rows: await lastOnes(scan, query, page.rows) }
}
