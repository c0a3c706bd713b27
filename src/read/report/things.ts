import type { ReadingStore, Scan } from '../../ports/store.ts'
import type { Reading } from '../reading.ts'
import { type ListOptions, MOST } from '../views/list.ts'
import { keyOf } from '../views/thing.ts'
import { counted, tooLarge } from './events.ts'
import { type Asked, tenantOf } from './query.ts'

interface Listed<View> {
  readonly views: readonly View[]
  readonly next: string | null
}

/** What was read of things by their ids. */
interface Seen {
  events: number
  /** Those of each thing that several were looked for at once. */
  readonly things: Map<string, number>
}

export const nothingSeen = (): Seen => ({ events: 0, things: new Map() })

/** Of each thing as many are counted as it is made of, however often it is looked for. */
const counting = (scan: Scan, seen: Seen): Scan =>
  async function* (query) {
    const counts = new Map<string, number>()
    for await (const rows of scan(query)) {
      for (const row of rows) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1)
      yield rows
    }
    for (const [thing, count] of counts) {
      const made = Math.min(count, MOST)
      seen.events += made - (seen.things.get(thing) ?? 0)
      seen.things.set(thing, made)
    }
  }

/** The same reading, which tells how many events things were made of. */
export const watched = (audit: Reading, seen: Seen): Reading => ({
  view: audit.view,
  secret: audit.secret,
  shows: (path) => audit.shows?.(path) ?? true,
  store: (env) => {
    const store = audit.store(env)
    return {
      page: async (query) => {
        const page = await store.page(query)
        if (query.targetId !== undefined) seen.events += page.rows.length
        return page
      },
      scan: store.scan && counting(store.scan, seen),
      count: (query) => store.count(query),
      get: (id) => store.get(id),
      summary: (query) => store.summary(query),
      isArchived: (query) => store.isArchived(query),
    }
  },
})

/**
 * Things of a list, page by page.
 * @throws {AuditError} AUDIT_REPORT_TOO_LARGE when they are made of too many events; what the list refuses.
 */
export async function* thingsOf<View>(
  { from, to, order, filter, most }: Asked,
  list: (options: ListOptions) => Promise<Listed<View>>,
  seen: Seen,
): AsyncGenerator<View, void, undefined> {
  const options: ListOptions = { from, to, order, tenant: tenantOf(filter.tenant) }
  let next: string | null | undefined
  do {
    const page = await list({ ...options, next })
    if (seen.events > most) throw tooLarge(most)
    yield* page.views
    next = page.next
  } while (next !== null)
}

/**
 * Counts what things are made of in the period, before any is.
 * @throws {AuditError} AUDIT_REPORT_TOO_LARGE
 */
export const countThings = async (
  store: ReadingStore,
  { selection, most }: Asked,
  kind: 'process' | 'system',
): Promise<void> => {
  await counted(store, { ...selection, kind }, { most, limit: undefined })
}
