import type { ReadingStore } from '../../ports/store.ts'
import type { Reading } from '../reading.ts'

type Take = (records: readonly string[]) => void

/** A reading, and who is handed the records of what is read through it. */
export interface Tapped {
  readonly reading: Reading
  readonly onRecords: (take: Take) => void
  /** From now on nobody comes who wants what was read before. */
  readonly begin: () => void
}

/**
 * Hands out the records that a report is made of as they are read, and keeps those that were read before it
 * is drawn. Lists of things are no part of it, but the events that things are folded from.
 */
export const tapped = (audit: Reading, isOfThings: boolean): Tapped => {
  let early: string[] | undefined = []
  let taker: Take | undefined
  const watched = (store: ReadingStore): ReadingStore => ({
    page: async (query) => {
      const page = await store.page(query)
      if (!isOfThings || query.targetId !== undefined) {
        const records = page.rows.map(({ record }) => record)
        if (taker === undefined) early?.push(...records)
        else taker(records)
      }
      return page
    },
    count: (query) => store.count(query),
    get: (id) => store.get(id),
    summary: (query) => store.summary(query),
    isArchived: (query) => store.isArchived(query),
  })
  return {
    reading: { ...audit, store: (env) => watched(audit.store(env)) },
    onRecords: (take) => {
      taker = take
      if (early !== undefined && early.length > 0) take(early)
      early = undefined
    },
    begin: () => {
      early = undefined
    },
  }
}
